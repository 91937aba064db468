// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/ensure.hpp>
#include <sso/error.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sso::pipeline {

/// Records the writes of one `ensure` and decides whether it continues after a failed write.
class ensure_run {
public:
  /// Records members that were or may have been written.
  void note(action what, const std::vector<member_change>& changes) {
    if (action_ == action::unchanged) action_ = what;
    for (const auto& change : changes) {
      const auto same = [&](const member_change& other) { return other.member == change.member; };
      if (std::none_of(written_.begin(), written_.end(), same)) written_.push_back(change);
    }
  }

  /// Whether to read the current state after a failed write: once after an unknown outcome, and once after a
  /// conflict with a concurrent caller.
  [[nodiscard]] bool reread_after(const error& failed, bool may_conflict) {
    if (may_conflict && failed.code() == errc::conflict && !conflicted_) return conflicted_ = true;
    if (failed.outcome() != outcome::maybe_executed || failed.code() == errc::cancelled || unsettled_)
      return false;
    unsettled_ = failed;
    return true;
  }

  /// The final error; it names the members that were sent. After a write with an unknown outcome, it is the
  /// error of that write with the code of `failed`.
  [[nodiscard]] error end(error failed) const {
    if (unsettled_ && failed.outcome() != outcome::maybe_executed) {
      failed = error{*unsettled_}.with_code(static_cast<errc>(failed.code().value()));
    }
    if (written_.empty()) return failed;
    auto what = failed.what() + (failed.what().empty() ? "" : "; ") + "already sent: ";
    for (const auto& change : written_)
      what.append(change.member).append(&change == &written_.back() ? "" : ", ");
    return failed.with_what(std::move(what));
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
  std::optional<error> unsettled_;  // error of a write with an unknown outcome
  bool conflicted_ = false;
};

}  // namespace sso::pipeline
