// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/any_runtime.hpp>
#include <sso/call_options.hpp>
#include <sso/client_options.hpp>
#include <sso/credentials.hpp>
#include <sso/http/any_transport.hpp>
#include <sso/http/method.hpp>
#include <sso/http/transport.hpp>
#include <sso/page.hpp>
#include <sso/pipeline/client_core.hpp>
#include <sso/response.hpp>
#include <sso/result.hpp>
#include <sso/runtime.hpp>
#include <sso/truto/domain.hpp>
#include <sso/truto/ensure.hpp>
#include <sso/truto/environment.hpp>
#include <sso/truto/params.hpp>
#include <sso/truto/poll.hpp>
#include <sso/truto/sso_connection.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sso::truto {

/// The operations of a client of Truto's admin API for SSO connections
/// (https://truto.one/docs/api-reference/admin/sso-connections).
///
/// Every operation works alike:
/// - **Effect**: checks its arguments, then sends the request, with the token and as often as the
///   retry rules (`pipeline::decide`) allow, and decodes the response.
/// - **Lifetimes**: a call copies what it needs of its arguments before it returns its awaitable. The client may
///   be destroyed while calls are in flight.
/// - **Completion**: on the executor of the awaiting coroutine.
/// - **Cancellation**: what the filter of the awaiting coroutine lets through (terminal by default, partial and total
///   where it enabled them) ends the call with `errc::cancelled` as soon as the transport lets go. A call changes
///   nothing of that coroutine's cancellation state: `asio::disable_cancellation()` shields a call, and after a
///   cancellation the next `co_await` throws, unless the coroutine has said `throw_if_cancelled(false)`.
/// - **Errors**: `invalid_argument`, before anything is sent, naming the parameter and the rule; `cancelled`;
///   `timeout`; the transport's own; the code of the response's status (`unauthorized` when the token is
///   refused, `not_found` when there is no such connection); `decode_failed` for a success whose body is not
///   what is documented.
/// - **Thread safety**: a client is a handle; its copies share token, retry budget and transport. All may be
///   used from several threads at once.
///
/// Example, inside a coroutine:
///
///     auto added = co_await truto.add_domain(id, "acme.example");
///     if (!added) co_return added.error();
///     publish(added->verification_record.value());
///     auto verified = co_await truto.wait_until_verified(id, "acme.example");
///
/// In all of them `id` is the connection's id, a UUID.
class operations {
public:
  /// `GET /sso-connection/{id}`: the connection.
  ///
  /// Source: https://truto.one/docs/api-reference/admin/sso-connections/get
  [[nodiscard]] SSO_DECL asio::awaitable<result<response<sso_connection>>>
  retrieve(std::string_view id, call_options options = {}) const;

  /// `PATCH /sso-connection/{id}`: changes what `params` names. The server merges `config` into what it has,
  /// so that nothing can be removed from it.
  ///
  /// Source: https://truto.one/docs/api-reference/admin/sso-connections/update
  [[nodiscard]] SSO_DECL asio::awaitable<result<response<sso_connection>>>
  update(std::string_view id, update_params params, call_options options = {}) const;

  /// `GET /sso-connection/{id}/domains`: a page of the connection's domains, each with the TXT record to
  /// publish. The next page is asked for with `list_params::next_cursor`.
  ///
  /// Source: https://truto.one/docs/api-reference/admin/sso-connections/list
  [[nodiscard]] SSO_DECL asio::awaitable<result<response<page<domain>>>>
  list_domains(std::string_view id, list_params params = {}, call_options options = {}) const;

  /// All domains of the connection, page after page, beginning with that of `params`. The call's timeout bounds all of
  /// them.
  ///
  /// Errors: those of `list_domains`; `protocol_error` when a page names a cursor that was used before, or when there
  /// are more than 1,000 pages.
  [[nodiscard]] SSO_DECL asio::awaitable<result<std::vector<domain>>>
  list_all_domains(std::string_view id, list_params params = {}, call_options options = {}) const;

  /// `POST /sso-connection/{id}/domains`: adds a domain; the response has the TXT record to publish.
  ///
  /// `domain` is an ASCII name, other scripts as A-labels. Not retried once a byte of it was written, unless
  /// the server says that it was not processed: it may have been carried out.
  ///
  /// Source: https://truto.one/docs/api-reference/admin/sso-connections/create
  [[nodiscard]] SSO_DECL asio::awaitable<result<response<truto::domain>>>
  add_domain(std::string_view id, std::string_view domain, call_options options = {}) const;

  /// `POST /sso-connection/{id}/domains/{domain}/verify`: looks for the TXT record once. That it is not there
  /// (yet) is a value: `verified` is false and `detail` says why.
  ///
  /// Source: https://truto.one/docs/api-reference/admin/sso-connections/verify
  [[nodiscard]] SSO_DECL asio::awaitable<result<response<domain_verification>>>
  verify_domain(std::string_view id, std::string_view domain, call_options options = {}) const;

  /// Verifies a domain until it passes: the first time at once, then at the intervals of `how`. Transient failures
  /// (`condition::retryable`) do not end the wait. `options` apply to each check. All have one
  /// `client_request_id`, made if none is given.
  ///
  /// Errors: `timeout` when `how.timeout()` has passed; `server_message()` is then the last `detail`, and
  /// `cause()` the last check's failure if it had one. All other errors of `verify_domain`.
  [[nodiscard]] SSO_DECL asio::awaitable<result<response<domain_verification>>>
  wait_until_verified(std::string_view id, std::string_view domain, poll how = {},
                      call_options options = {}) const;

  /// Brings the connection, which has to exist, to the state that `spec` describes: looks at what is there, adds the
  /// domains that are missing, and updates members that differ, and no others. A second call with the same `spec` writes
  /// nothing, unless it has `rotate_secret`.
  ///
  /// - **Effect**: after a write whose outcome is not known, and after a 409 (somebody else was faster), it looks again
  ///   and goes on from what is there, at most once each. What the server changes of a value ends as `updated`, not in a
  ///   loop. With `plan_only` it looks once and writes nothing. No domain is verified or removed.
  /// - **Limits**: the timeout of `options`, or the client's, bounds all of it.
  /// - **Errors**: those of the operations; `invalid_argument` for a `spec` that breaks a rule, before anything is sent;
  ///   `protocol_error` if the list of domains does not end. A write whose outcome stays unknown is the error, with the
  ///   code of what kept this from looking. Domains that were added before an error stay.
  [[nodiscard]] SSO_DECL asio::awaitable<result<ensured<sso_connection>>>
  ensure(std::string_view id, connection_spec spec, ensure_options how = {}, call_options options = {}) const;

  /// Any other request of the API. `path` continues the base URL, is percent-encoded and may have a query;
  /// `body` is JSON. The response's body is in `http.body`, as JSON in `http.json()`. POST and PATCH are not
  /// retried once a byte of them was written.
  [[nodiscard]] SSO_DECL asio::awaitable<result<response<void>>>
  request(http::method method, std::string_view path, std::optional<std::string> body = std::nullopt,
          call_options options = {}) const;

  /// The client's clock, on which `call_options::deadline` is.
  [[nodiscard]] std::chrono::steady_clock::time_point now() const { return core_.runtime().now(); }

protected:
  /// Throws `exception` with `errc::invalid_argument` when an option or a credential breaks a rule.
  SSO_DECL operations(any_transport transport, any_runtime runtime, credentials&& credentials,
                      client_options&& options);

private:
  pipeline::client_core core_;
};

/// A client of Truto over a transport.
template <transport Transport, runtime Runtime = system_runtime>
class basic_client : public operations {
public:
  /// Throws `sso::exception` with `errc::invalid_argument` when an option or a credential breaks a rule.
  basic_client(Transport transport, credentials credentials, client_options options = {},
               Runtime runtime = {})
      : operations{std::move(transport), any_runtime{std::move(runtime)}, std::move(credentials),
                   std::move(options)} {}

  /// The same client under the one type that a service stores, `basic_client<any_transport>`, whatever its
  /// transport and runtime. Like a copy it shares token, retry budget, transport and runtime.
  template <transport T, runtime R>
    requires(std::same_as<basic_client, basic_client<any_transport>> &&
             !std::same_as<basic_client, basic_client<T, R>>)
  basic_client(const basic_client<T, R>& other) : operations{other} {}

  /// A client with a transport on `executor`, and credentials and options from the environment: see
  /// `truto::from_environment`. Throws `sso::exception` naming the variable that is missing or wrong.
  static basic_client from_environment(asio::any_io_executor executor, client_options options = {}) requires
      std::constructible_from<Transport, asio::any_io_executor> {
    auto found = truto::from_environment(std::move(options));
    return basic_client{Transport{std::move(executor)}, std::move(found.credentials),
                        std::move(found.options)};
  }
};

}  // namespace sso::truto

#if defined(SSO_HEADER_ONLY)
#include <sso/truto/impl/client.ipp>
#include <sso/truto/impl/ensure_run.ipp>
#endif
