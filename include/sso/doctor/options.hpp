// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/duration.hpp>
#include <sso/truto/domain.hpp>

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace sso::doctor {

/// Options of `examine` and `examine_issuer`. Any value is valid.
class options {
public:
  options() = default;

  /// Bounds the whole examination. Default: 15 s. Zero or less: nothing is fetched, and checks that need a
  /// document are undecided.
  template <class Rep, class Period>
  options& timeout(std::chrono::duration<Rep, Period> all_of_it) {
    timeout_ = sso::detail::clamp_duration(all_of_it);
    return *this;
  }
  /// All domains of a Truto connection. Not set: the domain checks are undecided.
  options& domains(std::vector<truto::domain> all) {
    domains_ = std::move(all);
    return *this;
  }
  /// Whether URLs with addresses that are not public are accepted, for providers in a private network.
  /// Default: they are reported. Does not change the addresses that the transport connects to.
  options& allow_private(bool allow = true) {
    allow_private_ = allow;
    return *this;
  }

  /// @cond getters of the members set
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
