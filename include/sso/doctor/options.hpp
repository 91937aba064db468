// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/duration.hpp>
#include <sso/truto/domain.hpp>

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace sso::doctor {

/// How `examine` and `examine_issuer` work. Any value is legal.
class options {
public:
  options() = default;

  /// What all of it may take; default 15 s. Zero or less: nothing is fetched, and what needs that is undecided.
  template <class Rep, class Period>
  options& timeout(std::chrono::duration<Rep, Period> all_of_it) {
    timeout_ = sso::detail::clamp_duration(all_of_it);
    return *this;
  }
  /// The domains of a Truto connection, all of them; without, checks of domains are undecided.
  options& domains(std::vector<truto::domain> all) {
    domains_ = std::move(all);
    return *this;
  }
  /// Whether URLs may name addresses that are not public, for providers inside one's own network; default: they are
  /// reported. Where the transport connects is up to that.
  options& allow_private(bool allow = true) {
    allow_private_ = allow;
    return *this;
  }

  /// @cond what the setters set
  [[nodiscard]] std::chrono::steady_clock::duration timeout() const noexcept { return timeout_; }
  [[nodiscard]] const std::optional<std::vector<truto::domain>>& domains() const noexcept { return domains_; }
  [[nodiscard]] bool private_allowed() const noexcept { return allow_private_; }
  /// @endcond

private:
  std::chrono::steady_clock::duration timeout_ = std::chrono::seconds{15};
  std::optional<std::vector<truto::domain>> domains_;
  bool allow_private_ = false;
};

}  // namespace sso::doctor
