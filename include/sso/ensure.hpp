// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

/// @file
/// What the `ensure` of all vendors have in common.
namespace sso {

/// What `ensure` did, or would do.
enum class action : std::uint8_t {
  unchanged,  ///< everything was as it should be; nothing was written
  created,    ///< there was no connection
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

/// A member that differs from what is wanted.
struct member_change {
  std::string member;  ///< e.g. `config.issuer`
  std::string from;    ///< as JSON; empty: absent, or not known, as of a secret
  std::string to;      ///< as JSON; of a secret `(set)`

  friend bool operator==(const member_change&, const member_change&) = default;
};

/// What became of `ensure`.
template <class T>
struct ensured {
  sso::action action = sso::action::unchanged;  ///< what was done, or with `plan_only` would be
  std::vector<std::string> changed;             ///< names of the members written, e.g. `config.issuer`
  std::vector<member_change> changes;           ///< the same members with their old and new values
  T connection;  ///< as the server has it; with `plan_only` as it was before, and empty if there was none
};

/// How `ensure` works.
class ensure_options {
public:
  /// Whether only to say what would be done, and to write nothing; default: no.
  ensure_options& plan_only(bool only = true) {
    plan_only_ = only;
    return *this;
  }
  /// See above.
  [[nodiscard]] bool is_plan_only() const noexcept { return plan_only_; }

private:
  bool plan_only_ = false;
};

}  // namespace sso
