// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/cancellation_scope.hpp>
#include <sso/detail/duration.hpp>
#include <sso/detail/sleep.hpp>
#include <sso/detail/uuid.hpp>
#include <sso/impl/client_core.ipp>
#include <sso/pipeline/finish.hpp>
#include <sso/truto/calls.hpp>
#include <sso/truto/json.hpp>
#include <sso/truto/requests.hpp>
#include <sso/truto/verification.hpp>

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace sso::truto::calls {
namespace detail {

using checked = result<response<domain_verification>>;

/// The path of all checks, or why there can be none.
inline result<std::string> path_of_checks(const pipeline::client_core& core, std::string_view id,
                                          std::string_view domain, const call_options& options) {
  auto check = make_verify_domain(core.settings(), id, domain, options);
  if (!check) return check.error();
  return std::move(check->request.target);
}

inline asio::awaitable<checked> check_until(const pipeline::client_core& core, const std::string& id,
                                            const std::string& domain, poll how, call_options& options) {
  auto& runtime = core.runtime();
  auto left = sso::detail::bounded(how.timeout());
  const auto deadline = runtime.now() + left;
  const auto call_timeout = options.timeout().value_or(core.settings().timeout);
  std::string detail;
  for (unsigned checks = 1;; ++checks) {
    options.timeout(std::min<poll::duration>(call_timeout, left));
    auto last = co_await verify_domain(core, id, domain, options);
    if (is_final(last)) co_return last;
    if (last && last->detail) detail = *last->detail;
    const auto wait =
        wait_after(last, next_check_in(how, checks, runtime.random()), deadline - runtime.now());
    if (!wait) co_return not_verified(domain, last, std::move(detail));
    const bool stopped = co_await sso::detail::sleep_or_stop(runtime, *wait);
    if (stopped) {
      co_return error{errc::cancelled, outcome::rejected, "while waiting for the next check of " + domain};
    }
    left = deadline - runtime.now();
    if (left <= left.zero()) co_return not_verified(domain, last, std::move(detail));
  }
}

}  // namespace detail

SSO_DECL pipeline::client_core make_core(any_transport transport, pipeline::any_runtime runtime,
                                         credentials&& credentials, client_options&& options) {
  return {api(), std::move(transport), std::move(runtime), std::move(credentials), std::move(options)};
}

SSO_DECL answer<sso_connection> retrieve(const pipeline::client_core& core, std::string_view id,
                                         const call_options& options) {
  return core.run<sso_connection>(options, [&] { return make_retrieve(core.settings(), id, options); });
}

SSO_DECL answer<sso_connection> update(const pipeline::client_core& core, std::string_view id,
                                       const update_params& params, const call_options& options) {
  return core.run<sso_connection>(options, [&] { return make_update(core.settings(), id, params, options); });
}

SSO_DECL answer<page<truto::domain>> list_domains(const pipeline::client_core& core, std::string_view id,
                                                  const list_params& params, const call_options& options) {
  return core.run<page<truto::domain>>(
      options, [&] { return make_list_domains(core.settings(), id, params, options); });
}

SSO_DECL answer<truto::domain> add_domain(const pipeline::client_core& core, std::string_view id,
                                          std::string_view domain, const call_options& options) {
  return core.run<truto::domain>(options,
                                 [&] { return make_add_domain(core.settings(), id, domain, options); });
}

SSO_DECL answer<domain_verification> verify_domain(const pipeline::client_core& core, std::string_view id,
                                                   std::string_view domain, const call_options& options) {
  return core.run<domain_verification>(
      options, [&] { return make_verify_domain(core.settings(), id, domain, options); });
}

SSO_DECL answer<domain_verification> wait_until_verified(pipeline::client_core core, std::string id,
                                                         std::string domain, poll how, call_options options) {
  if (auto legal = check_poll(how); !legal) co_return pipeline::refusal_of(legal.error(), options);
  const auto path = detail::path_of_checks(core, id, domain, options);
  if (!path) co_return pipeline::refusal_of(path.error(), options);
  if (options.client_request_id().empty()) {
    options.client_request_id(sso::detail::to_string(sso::detail::draw_uuid(core.runtime())));
  }
  const auto state = co_await asio::this_coro::cancellation_state;
  const bool cancellable = state.slot().is_connected();
  sso::detail::cancellation_scope scope;
  if (cancellable) scope = co_await sso::detail::enter_cancellation();
  detail::checked last{error{errc::cancelled, outcome::not_sent, "before the first check"}};
  if (!scope.cancelled) last = co_await detail::check_until(core, id, domain, how, options);
  const bool ended_by_it = !last && last.error().code() == errc::cancelled;
  if (cancellable) co_await sso::detail::leave_cancellation(scope, ended_by_it);
  if (last) co_return last;
  co_return last.error().with_call("POST", *path).with_client_request_id(options.client_request_id());
}

SSO_DECL answer<void> request(const pipeline::client_core& core, http::method method, std::string_view path,
                              std::optional<std::string> body, const call_options& options) {
  return core.run<void>(
      options, [&] { return make_request(core.settings(), method, path, std::move(body), options); });
}

SSO_DECL asio::awaitable<result<ensured<sso_connection>>> ensure(const pipeline::client_core& core,
                                                                 std::string_view id, connection_spec wanted,
                                                                 ensure_options how, call_options options) {
  const std::string own{id};
  truto::detail::ensure_calls of_client;
  of_client.retrieve = [core, own](const call_options& o) { return retrieve(core, own, o); };
  of_client.update = [core, own](const update_params& p, const call_options& o) {
    return update(core, own, p, o);
  };
  of_client.list_domains = [core, own](const list_params& p, const call_options& o) {
    return list_domains(core, own, p, o);
  };
  of_client.add_domain = [core, own](const std::string& name, const call_options& o) {
    return add_domain(core, own, name, o);
  };
  of_client.now = [core] { return core.runtime().now(); };
  of_client.timeout = core.settings().timeout;
  return truto::detail::ensure(std::move(of_client), std::move(wanted), how, std::move(options));
}

}  // namespace sso::truto::calls
