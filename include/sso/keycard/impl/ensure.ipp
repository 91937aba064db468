// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/duration.hpp>
#include <sso/json/decode.hpp>
#include <sso/json/difference.hpp>
#include <sso/json/validate.hpp>
#include <sso/keycard/ensure.hpp>
#include <sso/keycard/json.hpp>

#include <algorithm>

namespace sso::keycard {

SSO_DECL result<ensure_plan> make_plan(const std::optional<sso_connection>& there,
                                       const connection_spec& wanted) {
  const auto spec = update_params{}
                        .client_id(wanted.client_id())
                        .identifier(wanted.identifier())
                        .protocols(wanted.protocols());
  if (const auto fault = json::validate(spec)) {
    return invalid_argument(fault->path, fault->rule);
  }
  const auto& secret = wanted.client_secret();
  const bool send_secret = secret && (!there || !there->client_secret_set || wanted.rotates_secret());

  ensure_plan out;
  auto differs = json::differ(spec, there.value_or(sso_connection{}));
  out.changes = std::move(differs.changes);
  if (send_secret) out.changes.push_back({"client_secret", "", "(set)"});
  if (!there) {
    out.action = action::created;
    for (auto& change : out.changes) change.from.clear();
    out.enable.emplace(wanted.client_id(), wanted.identifier()).protocols(wanted.protocols());
    if (send_secret) out.enable->client_secret(*secret);
  } else if (!out.changes.empty()) {
    out.action = action::updated;
    auto changed = json::decode<update_params>(differs.patch);
    if (!changed) return changed.error();
    out.update = std::move(*changed);
    if (send_secret) out.update->client_secret(*secret);
  }
  return out;
}

namespace detail {

/// One `ensure`: looks, compares and writes. After a write whose outcome is not known, and after a 409, it looks again,
/// once each.
class ensure_run {
public:
  ensure_run(ensure_calls calls, call_options options)
      : calls_{std::move(calls)},
        options_{std::move(options)},
        deadline_{calls_.now() + sso::detail::clamp_duration(options_.timeout().value_or(calls_.timeout))} {}

  [[nodiscard]] const ensure_calls& calls() const noexcept { return calls_; }
  [[nodiscard]] bool no_time() const { return calls_.now() >= deadline_; }
  [[nodiscard]] call_options time_left() const {
    return call_options{options_}.timeout(deadline_ - calls_.now());
  }

  /// The error that ends the run: a write whose outcome is not known stays in it.
  [[nodiscard]] error end(const error& failed) const {
    if (!lost_) return failed;
    return error{*lost_}.with_code(static_cast<errc>(failed.code().value()));
  }
  [[nodiscard]] error timed_out() const {
    return end(error{errc::timeout, outcome::not_sent, "ensure: no time is left"});
  }

  /// Notes a write that was carried out, or may have been.
  void note(const ensure_plan& plan) {
    if (action_ == action::unchanged) action_ = plan.action;
    for (const auto& change : plan.changes) {
      const auto same = [&](const member_change& other) { return other.member == change.member; };
      if (std::none_of(written_.begin(), written_.end(), same)) written_.push_back(change);
    }
  }

  /// Whether to look again after the write of `plan` failed.
  [[nodiscard]] bool looks_again(const ensure_plan& plan, const error& failed) {
    const bool is_conflict = failed.code() == errc::conflict && plan.action == action::created;
    if (is_conflict && !conflicted_) return conflicted_ = true;
    if (failed.outcome() != outcome::maybe_executed || failed.code() == errc::cancelled || lost_)
      return false;
    lost_ = failed;
    note(plan);
    return true;
  }

  [[nodiscard]] ensured<sso_connection> done(sso_connection connection) {
    ensured<sso_connection> out;
    for (const auto& change : written_) out.changed.push_back(change.member);
    out.action = action_;
    out.changes = std::move(written_);
    out.connection = std::move(connection);
    return out;
  }

private:
  ensure_calls calls_;
  call_options options_;
  std::chrono::steady_clock::time_point deadline_;
  action action_ = action::unchanged;
  std::vector<member_change> written_;
  std::optional<error> lost_;  // a write whose outcome is not known
  bool conflicted_ = false;
};

SSO_DECL asio::awaitable<result<ensured<sso_connection>>> ensure(ensure_calls calls, connection_spec wanted,
                                                                 ensure_options how, call_options options) {
  ensure_run run{std::move(calls), std::move(options)};
  const auto checked = make_plan(std::nullopt, wanted);
  if (!checked) co_return checked.error();
  for (;;) {
    if (run.no_time()) co_return run.timed_out();
    std::optional<sso_connection> there;
    auto found = co_await run.calls().retrieve(run.time_left());
    if (found) {
      there = std::move(*found);
    } else if (found.error().code() != errc::not_found) {
      co_return run.end(found.error());
    }
    auto plan = make_plan(there, wanted);
    if (!plan) co_return plan.error();
    if (how.is_plan_only()) run.note(*plan);
    if (how.is_plan_only() || plan->action == action::unchanged) {
      co_return run.done(there.value_or(sso_connection{}));
    }

    if (run.no_time()) co_return run.timed_out();
    result<response<sso_connection>> written = error{};
    if (plan->action == action::created) {
      written = co_await run.calls().enable(*plan->enable, run.time_left());
    } else {
      written = co_await run.calls().update(*plan->update, run.time_left());
    }
    if (written) {
      run.note(*plan);
      co_return run.done(std::move(*written));
    }
    if (!run.looks_again(*plan, written.error())) co_return written.error();
  }
}

}  // namespace detail
}  // namespace sso::keycard
