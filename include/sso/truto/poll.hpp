// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>

namespace sso::truto {

/// How `wait_until_verified` waits. DNS changes take minutes to be seen, so asking faster gains nothing.
class poll {
public:
  /// Of the steady clock, so that literals of any unit fit.
  using duration = std::chrono::steady_clock::duration;

  /// The wait after the first check; it doubles with each. More than zero. Default: 5 s.
  poll& interval(duration d) {
    interval_ = d;
    return *this;
  }
  /// What the wait grows to. At least `interval`. Default: 60 s.
  poll& max_interval(duration d) {
    max_interval_ = d;
    return *this;
  }
  /// The whole wait, checks included. More than zero. Default: 15 minutes.
  poll& timeout(duration d) {
    timeout_ = d;
    return *this;
  }

  /// What was set, or the default; so in the next two.
  [[nodiscard]] duration interval() const noexcept { return interval_; }
  /// See `interval()`.
  [[nodiscard]] duration max_interval() const noexcept { return max_interval_; }
  /// See `interval()`.
  [[nodiscard]] duration timeout() const noexcept { return timeout_; }

private:
  duration interval_ = std::chrono::seconds{5};
  duration max_interval_ = std::chrono::seconds{60};
  duration timeout_ = std::chrono::minutes{15};
};

}  // namespace sso::truto
