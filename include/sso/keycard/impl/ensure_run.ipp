// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/keycard/client.hpp>
#include <sso/pipeline/call_result.hpp>
#include <sso/pipeline/ensure_run.hpp>
#include <sso/pipeline/prepare.hpp>

#include <optional>
#include <string>
#include <utility>

namespace sso::keycard {
namespace detail {

/// Reads, compares and writes until the connection matches the specification.
inline asio::awaitable<result<ensured<sso_connection>>>
ensure(operations client, std::string id, connection_spec wanted, ensure_options how, call_options options) {
  pipeline::ensure_run run;
  bool enable_lost = false;
  const auto checked = make_plan(std::nullopt, wanted);
  if (!checked) co_return checked.error();
  for (;;) {
    std::optional<sso_connection> current;
    auto found = co_await client.retrieve(id, retrieve_params{}, options);
    if (found) {
      current = std::move(*found);
    } else if (found.error().code() != errc::not_found ||
               pipeline::is_markup(found.error().headers(), found.error().body())) {  // not the API's 404
      co_return run.end(found.error());
    }
    auto plan = make_plan(current, wanted);
    if (enable_lost && plan && plan->action == action::updated) {
      // Another caller may have created what is there, with another secret.
      current->client_secret_set = false;
      plan = make_plan(current, wanted);
    }
    if (!plan) co_return plan.error();
    if (how.is_plan_only()) run.note(plan->action, plan->changes);
    if (how.is_plan_only() || plan->action == action::unchanged) {
      co_return run.done(current.value_or(sso_connection{}));
    }

    const bool creates = plan->action == action::created;
    result<response<sso_connection>> written = error{};
    if (creates) {
      written = co_await client.enable(id, *plan->enable, options);
    } else {
      written = co_await client.update(id, *plan->update, options);
    }
    if (written || written.error().outcome() == outcome::maybe_executed) {
      run.note(plan->action, plan->changes);
    }
    if (written) co_return run.done<sso_connection>(std::move(*written));
    enable_lost = creates && written.error().outcome() == outcome::maybe_executed;
    if (!run.reread_after(written.error(), creates)) co_return run.end(written.error());
  }
}

}  // namespace detail

SSO_DECL asio::awaitable<result<ensured<sso_connection>>> operations::ensure(std::string_view organization_id,
                                                                             connection_spec spec,
                                                                             ensure_options how,
                                                                             call_options options) const {
  return detail::ensure(*this, std::string{organization_id}, std::move(spec), how,
                        pipeline::share_deadline(std::move(options), core_.settings(), now()));
}

}  // namespace sso::keycard
