// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/detail/duration.hpp>
#include <sso/json/decode.hpp>
#include <sso/json/difference.hpp>
#include <sso/json/validate.hpp>
#include <sso/truto/ensure.hpp>
#include <sso/truto/impl/domain_name.ipp>
#include <sso/truto/json.hpp>

#include <algorithm>
#include <cstddef>
#include <set>
#include <string_view>

namespace sso::truto {
namespace detail {

[[nodiscard]] inline bool is_there(const std::vector<truto::domain>& domains, std::string_view name) {
  return std::any_of(domains.begin(), domains.end(),
                     [&](const truto::domain& one) { return sso::detail::iequals(one.domain, name); });
}

[[nodiscard]] inline member_change added_domain(const std::string& name) {
  return {"domains." + name, "", '"' + name + '"'};
}

}  // namespace detail

SSO_DECL result<ensure_plan> make_plan(const sso_connection& there, const std::vector<truto::domain>& domains,
                                       const connection_spec& wanted) {
  if (const auto fault = json::validate(wanted.members())) return invalid_argument(fault->path, fault->rule);
  for (const auto& name : wanted.domains()) {
    if (const auto checked = detail::check_domain(name); !checked) return checked.error();
  }
  ensure_plan out;
  auto differs = json::differ(wanted.members(), there);
  out.changes = std::move(differs.changes);
  for (const auto& change : out.changes) {
    if (change.member != "config.idp_metadata_xml") continue;
    return invalid_argument(change.member,
                            "cannot be compared; set idp_entity_id, idp_sso_url and idp_x509_cert");
  }
  const bool send_secret = wanted.client_secret() && wanted.rotates_secret();
  if (send_secret) out.changes.push_back({"client_secret", "", "(set)"});
  if (!out.changes.empty()) {
    auto changed = json::decode<update_params>(differs.patch);
    if (!changed) return changed.error();
    out.update = std::move(*changed);
    if (send_secret) out.update->client_secret(*wanted.client_secret());
  }
  for (const auto& name : wanted.domains()) {
    const auto same = [&](const std::string& other) { return sso::detail::iequals(other, name); };
    const bool named_before = std::any_of(out.domains.begin(), out.domains.end(), same);
    if (detail::is_there(domains, name) || named_before) continue;
    out.domains.push_back(name);
    out.changes.push_back(detail::added_domain(name));
  }
  if (!out.changes.empty()) out.action = action::updated;
  return out;
}

namespace detail {

/// One `ensure`: looks, compares and writes. After a write whose outcome is not known, and after a 409, it looks again,
/// once each.
class ensure_run {
public:
  ensure_run(ensure_calls calls, connection_spec wanted, call_options options)
      : calls_{std::move(calls)},
        wanted_{std::move(wanted)},
        options_{std::move(options)},
        deadline_{calls_.now() + sso::detail::clamp_duration(options_.timeout().value_or(calls_.timeout))} {}

  [[nodiscard]] const connection_spec& wanted() const noexcept { return wanted_; }
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
  void note(const member_change& change) {
    const auto same = [&](const member_change& other) { return other.member == change.member; };
    if (std::none_of(written_.begin(), written_.end(), same)) written_.push_back(change);
  }

  /// Whether to look again after a write failed.
  [[nodiscard]] bool looks_again(const error& failed) {
    if (failed.code() == errc::conflict && !conflicted_) return conflicted_ = true;
    if (failed.outcome() != outcome::maybe_executed || failed.code() == errc::cancelled || lost_)
      return false;
    lost_ = failed;
    return true;
  }

  [[nodiscard]] ensured<sso_connection> done(sso_connection connection) {
    ensured<sso_connection> out;
    for (const auto& change : written_) out.changed.push_back(change.member);
    out.action = written_.empty() ? action::unchanged : action::updated;
    out.changes = std::move(written_);
    out.connection = std::move(connection);
    return out;
  }

private:
  ensure_calls calls_;
  connection_spec wanted_;
  call_options options_;
  std::chrono::steady_clock::time_point deadline_;
  std::vector<member_change> written_;
  std::optional<error> lost_;  // a write whose outcome is not known
  bool conflicted_ = false;
};

/// All domains, if the spec names any.
inline asio::awaitable<result<std::vector<truto::domain>>> find_domains(const ensure_run& run) {
  constexpr std::size_t most_pages = 1000;
  std::vector<truto::domain> all;
  std::set<std::string> seen;
  list_params next;
  while (!run.wanted().domains().empty()) {
    if (run.no_time()) co_return error{errc::timeout, outcome::not_sent, "ensure: no time is left"};
    auto page = co_await run.calls().list_domains(next, run.time_left());
    if (!page) co_return page.error();
    all.insert(all.end(), page->items.begin(), page->items.end());
    if (!page->next_cursor) break;
    if (!seen.insert(*page->next_cursor).second || seen.size() >= most_pages) {
      co_return error{errc::protocol_error, outcome::not_sent,
                      "the list of domains does not end: a cursor comes again"};
    }
    next.next_cursor(*page->next_cursor);
  }
  co_return all;
}

/// Adds the domains of a plan; the first failure ends it.
inline asio::awaitable<std::optional<error>> add_domains(ensure_run& run, std::vector<std::string> names) {
  for (const auto& name : names) {
    if (run.no_time()) co_return run.timed_out();
    auto added = co_await run.calls().add_domain(name, run.time_left());
    if (added || added.error().outcome() == outcome::maybe_executed) run.note(added_domain(name));
    if (!added) co_return added.error();
  }
  co_return std::nullopt;
}

SSO_DECL asio::awaitable<result<ensured<sso_connection>>> ensure(ensure_calls calls, connection_spec wanted,
                                                                 ensure_options how, call_options options) {
  ensure_run run{std::move(calls), std::move(wanted), std::move(options)};
  const auto checked = make_plan({}, {}, run.wanted());
  if (!checked) co_return checked.error();
  for (;;) {
    if (run.no_time()) co_return run.timed_out();
    auto there = co_await run.calls().retrieve(run.time_left());
    if (!there) co_return run.end(there.error());
    const auto domains = co_await find_domains(run);
    if (!domains) co_return run.end(domains.error());
    auto plan = make_plan(*there, *domains, run.wanted());
    if (!plan) co_return plan.error();
    if (how.is_plan_only()) {
      for (const auto& change : plan->changes) run.note(change);
      co_return run.done(std::move(*there));
    }
    if (plan->action == action::unchanged) co_return run.done(std::move(*there));

    // Domains first: enforcing a connection without one locks everybody out.
    auto failed = co_await add_domains(run, plan->domains);
    if (!failed && plan->update) {
      if (run.no_time()) co_return run.timed_out();
      auto updated = co_await run.calls().update(*plan->update, run.time_left());
      const bool may_be_done = updated || updated.error().outcome() == outcome::maybe_executed;
      for (const auto& change : plan->changes) {
        if (may_be_done && !change.member.starts_with("domains.")) run.note(change);
      }
      if (updated) co_return run.done(std::move(*updated));
      failed = updated.error();
    }
    if (!failed) co_return run.done(std::move(*there));
    if (!run.looks_again(*failed)) co_return *failed;
  }
}

}  // namespace detail
}  // namespace sso::truto
