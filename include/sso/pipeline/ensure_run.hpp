// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/ensure.hpp>
#include <sso/error.hpp>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace sso::pipeline {

/// What one `ensure` has written, and whether it may look again after a write that failed.
class ensure_run {
public:
  /// Notes members that were written, or may have been.
  void note(action what, const std::vector<member_change>& changes) {
    if (action_ == action::unchanged) action_ = what;
    for (const auto& change : changes) {
      const auto same = [&](const member_change& other) { return other.member == change.member; };
      if (std::none_of(written_.begin(), written_.end(), same)) written_.push_back(change);
    }
  }

  /// Whether to look at what is there after a write failed: once where its outcome is not known, and once after a conflict
  /// that another caller may have caused.
  [[nodiscard]] bool looks_again(const error& failed, bool may_conflict) {
    if (may_conflict && failed.code() == errc::conflict && !conflicted_) return conflicted_ = true;
    if (failed.outcome() != outcome::maybe_executed || failed.code() == errc::cancelled || lost_)
      return false;
    lost_ = failed;
    return true;
  }

  /// The error that ends it: a write whose outcome is still not known stays in it.
  [[nodiscard]] error end(const error& failed) const {
    if (!lost_ || failed.outcome() == outcome::maybe_executed) return failed;
    return error{*lost_}.with_code(static_cast<errc>(failed.code().value()));
  }

  template <class Connection>
  [[nodiscard]] ensured<Connection> done(Connection connection) {
    ensured<Connection> out;
    out.action = action_;
    for (const auto& change : written_) out.changed.push_back(change.member);
    out.changes = std::move(written_);
    out.connection = std::move(connection);
    return out;
  }

private:
  action action_ = action::unchanged;
  std::vector<member_change> written_;
  std::optional<error> lost_;  // a write whose outcome is not known
  bool conflicted_ = false;
};

}  // namespace sso::pipeline
