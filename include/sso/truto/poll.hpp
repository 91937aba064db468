// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/truto/domain.hpp>

#include <chrono>
#include <functional>
#include <utility>

namespace sso::truto {

/// Intervals and timeout of `wait_until_verified`. DNS changes take minutes to become visible; shorter
/// intervals gain nothing.
class poll {
public:
  /// A duration of the steady clock; accepts literals of any unit.
  using duration = std::chrono::steady_clock::duration;

  /// Upper bound of the wait after the first check; doubles with each check. The wait is random, from half of
  /// the bound to all of it. Greater than zero. Default: 5 s.
  poll& interval(duration d) {
    interval_ = d;
    return *this;
  }
  /// Maximum of that bound. At least `interval`. Default: 60 s.
  poll& max_interval(duration d) {
    max_interval_ = d;
    return *this;
  }
  /// Bounds the whole wait, including the checks. Greater than zero. Default: 15 minutes.
  poll& timeout(duration d) {
    timeout_ = d;
    return *this;
  }

  /// Called after each check that completed without passing, with its result and the wait before the next
  /// check. Runs on the executor of the awaiting coroutine. An exception ends the wait.
  poll& on_check(std::function<void(const domain_verification&, duration next)> f) {
    on_check_ = std::move(f);
    return *this;
  }

  /// The value set, or the default.
  [[nodiscard]] duration interval() const noexcept { return interval_; }
  /// The value set, or the default.
  [[nodiscard]] duration max_interval() const noexcept { return max_interval_; }
  /// The value set, or the default.
  [[nodiscard]] duration timeout() const noexcept { return timeout_; }

  /// The function set; may be empty.
  [[nodiscard]] const std::function<void(const domain_verification&, duration)>& on_check() const noexcept {
    return on_check_;
  }

private:
  std::function<void(const domain_verification&, duration)> on_check_;
  duration interval_ = std::chrono::seconds{5};
  duration max_interval_ = std::chrono::seconds{60};
  duration timeout_ = std::chrono::minutes{15};
};

}  // namespace sso::truto
