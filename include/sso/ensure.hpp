// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

/// @file
/// Types common to the `ensure` operations of all vendors.
namespace sso {

/// What `ensure` did, or would do with `plan_only`.
enum class action : std::uint8_t {
  unchanged,  ///< no difference was found; nothing was written
  created,    ///< the connection was created
  updated,    ///< members were written
};

/// `unchanged`, `created` or `updated`.
[[nodiscard]] constexpr std::string_view to_string(action a) noexcept {
  switch (a) {
  case action::unchanged: return "unchanged";
  case action::created: return "created";
  case action::updated: return "updated";
  }
  return "unchanged";
}

/// Writes `to_string(a)`.
inline std::ostream& operator<<(std::ostream& out, action a) {
  return out << to_string(a);
}

/// A member whose value differs from the specification.
struct member_change {
  std::string member;  ///< e.g. `config.issuer`
  std::string from;    ///< as JSON; empty: absent or not known, as for a secret
  std::string to;      ///< as JSON; `(set)` for a secret

  friend bool operator==(const member_change&, const member_change&) = default;
};

/// The result of `ensure`.
template <class T>
struct ensured {
  sso::action action = sso::action::unchanged;  ///< what was done, or would be done with `plan_only`
  std::vector<std::string> changed;             ///< names of the members written, e.g. `config.issuer`
  std::vector<member_change> changes;           ///< the same members with their old and new values
  T connection;  ///< current state on the server; with `plan_only` the state found, empty if there was none
};

/// Options of `ensure`.
class ensure_options {
public:
  /// Whether only to report the changes without writing them. Default: false.
  ensure_options& plan_only(bool only = true) {
    plan_only_ = only;
    return *this;
  }
  /// The value set by `plan_only`.
  [[nodiscard]] bool is_plan_only() const noexcept { return plan_only_; }

private:
  bool plan_only_ = false;
};

}  // namespace sso
