// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/pipeline/cancellation.hpp>
#include <sso/pipeline/ensure_run.hpp>
#include <sso/pipeline/prepare.hpp>
#include <sso/truto/client.hpp>

#include <string>
#include <utility>
#include <vector>

namespace sso::truto {
namespace detail {

/// Performs and records the writes of a plan, up to the first failure. Adds domains first: enforcing a
/// connection without a domain locks out all users. Sets `connection` to the response of the update, if there
/// is one.
inline asio::awaitable<std::optional<error>> write(operations client, std::string id, const ensure_plan& plan,
                                                   call_options options, pipeline::ensure_run& run,
                                                   sso_connection& connection) {
  auto changes = plan.changes;
  const auto domains = changes.end() - static_cast<std::ptrdiff_t>(plan.domains.size());
  auto change = domains;
  for (const auto& name : plan.domains) {
    const auto added = co_await client.add_domain(id, name, options);
    const std::vector<member_change> one(1, *change++);
    if (added || added.error().outcome() == outcome::maybe_executed) run.note(plan.action, one);
    if (!added) co_return added.error();
  }
  if (!plan.update) co_return std::nullopt;
  changes.erase(domains, changes.end());
  auto updated = co_await client.update(id, *plan.update, options);
  if (updated || updated.error().outcome() == outcome::maybe_executed) run.note(plan.action, changes);
  if (!updated) co_return updated.error();
  connection = std::move(*updated);
  co_return std::nullopt;
}

/// Reads, compares and writes until the connection matches the specification. Precondition:
/// `throw_if_cancelled(false)`.
inline asio::awaitable<result<ensured<sso_connection>>>
ensure(operations client, std::string id, connection_spec wanted, ensure_options how, call_options options) {
  pipeline::ensure_run run;
  const auto checked = make_plan(sso_connection{}, std::vector<truto::domain>{}, wanted);
  if (!checked) co_return checked.error();
  for (;;) {
    auto found = co_await client.retrieve(id, options);
    if (!found) co_return run.end(found.error());
    sso_connection current = std::move(*found);
    std::vector<truto::domain> domains;
    if (!wanted.domains().empty()) {
      auto listed = co_await client.list_all_domains(id, list_params{}, options);
      if (!listed) co_return run.end(listed.error());
      domains = std::move(*listed);
    }
    run.settle();
    auto plan = make_plan(current, domains, wanted);
    if (!plan) co_return plan.error();
    if (how.is_plan_only()) run.note(plan->action, plan->changes);
    if (how.is_plan_only() || plan->action == action::unchanged) co_return run.done(std::move(current));
    const auto failed = co_await write(client, id, *plan, options, run, current);
    if (!failed) co_return run.done(std::move(current));
    if (!run.reread_after(*failed, true)) co_return run.end(*failed);
  }
}

}  // namespace detail

SSO_DECL asio::awaitable<result<ensured<sso_connection>>> operations::ensure(std::string_view id,
                                                                             connection_spec spec,
                                                                             ensure_options how,
                                                                             call_options options) const {
  return pipeline::without_cancellation_exceptions(
      detail::ensure(*this, std::string{id}, std::move(spec), how,
                     pipeline::share_deadline(std::move(options), core_.settings(), now())));
}

}  // namespace sso::truto
