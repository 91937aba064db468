// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/any_runtime.hpp>
#include <sso/call_options.hpp>
#include <sso/client_options.hpp>
#include <sso/credentials.hpp>
#include <sso/http/any_transport.hpp>
#include <sso/http/method.hpp>
#include <sso/http/transport.hpp>
#include <sso/keycard/ensure.hpp>
#include <sso/keycard/environment.hpp>
#include <sso/keycard/params.hpp>
#include <sso/keycard/sso_connection.hpp>
#include <sso/pipeline/client_core.hpp>
#include <sso/response.hpp>
#include <sso/result.hpp>
#include <sso/runtime.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sso::keycard {

/// Operations of Keycard's SSO-connection API
/// (https://docs.keycard.ai/api/resources/organizations/subresources/sso_connection).
///
/// Common to all operations:
/// - **Effect**: checks the arguments, sends the request with an access token, retries it by the retry rules
///   (`pipeline::decide`), and decodes the response.
/// - **Lifetimes**: a call copies its arguments before it returns the awaitable. The client may be destroyed
///   while calls are in progress.
/// - **Completion**: on the executor of the awaiting coroutine.
/// - **Cancellation**: ends the call with `errc::cancelled` as soon as the transport completes. Accepts the
///   types that the awaiting coroutine's cancellation state lets through: terminal by default, partial and
///   total if enabled. A call leaves that state unchanged: `asio::disable_cancellation()` shields a call, and
///   after a cancellation the next `co_await` throws, unless the coroutine has called
///   `throw_if_cancelled(false)`.
/// - **Errors**: `invalid_argument`, before anything is sent, naming the parameter and the rule; `cancelled`;
///   `timeout`; errors of the transport; `credentials_rejected` if the token endpoint refuses the credentials
///   or returns no usable token; the code of the status of the response, or of the token endpoint's response;
///   `decode_failed` for a success with an undocumented body. Each operation lists the statuses with a special
///   meaning.
/// - **Thread safety**: a client is a handle. Its copies share token, retry budget and transport, and may be
///   used from several threads at once.
///
/// Example, inside a coroutine:
///
///     auto connection = co_await keycard.retrieve("acme");
///     if (!connection) co_return connection.error();
///     use(connection->identifier);
class operations {
public:
  /// `GET /organizations/{organization_id}/sso-connection`: the organization's SSO connection.
  ///
  /// `organization_id`: an id or label of 1 to 255 characters. `params`: optional members to include, e.g.
  /// the caller's permissions.
  ///
  /// Errors: `not_found` if the organization does not exist or its SSO is not enabled.
  ///
  /// Source: https://docs.keycard.ai/api/resources/organizations/subresources/sso_connection/methods/retrieve
  [[nodiscard]] SSO_DECL asio::awaitable<result<response<sso_connection>>>
  retrieve(std::string_view organization_id, retrieve_params params = {}, call_options options = {}) const;

  /// `POST` to the same path: enables SSO for the organization.
  ///
  /// Not idempotent. Not retried after its first byte was written, unless the server says that it did not
  /// process the request.
  ///
  /// Errors: `conflict` if SSO is already enabled.
  ///
  /// Source: https://docs.keycard.ai/api/resources/organizations/subresources/sso_connection/methods/enable
  [[nodiscard]] SSO_DECL asio::awaitable<result<response<sso_connection>>>
  enable(std::string_view organization_id, enable_params params, call_options options = {}) const;

  /// `PATCH` to the same path (JSON merge patch, RFC 7396): changes only the members set in `params`.
  ///
  /// Errors: `not_found` if the organization does not exist or its SSO is not enabled.
  ///
  /// Source: https://docs.keycard.ai/api/resources/organizations/subresources/sso_connection/methods/update
  [[nodiscard]] SSO_DECL asio::awaitable<result<response<sso_connection>>>
  update(std::string_view organization_id, update_params params, call_options options = {}) const;

  /// `DELETE` to the same path: disables SSO for the organization.
  ///
  /// Errors: `not_found` if the organization does not exist or its SSO is not enabled. After a retry,
  /// `not_found` may mean that the first attempt was executed.
  [[nodiscard]] SSO_DECL asio::awaitable<result<response<void>>> disable(std::string_view organization_id,
                                                                         call_options options = {}) const;

  /// Brings the organization's connection to the state described by `spec`: reads the connection, and enables
  /// or updates it if something differs. Writes only members that differ; a second call with the same `spec`
  /// writes nothing, unless `rotate_secret` is set or the server normalizes a value.
  ///
  /// - **Effect**: reads the connection again after a write with an unknown outcome, and after a 409 to
  ///   `enable` (a concurrent caller), and continues from the new state; at most once each. The secret is
  ///   sent when the connection is created, when none is stored, and with `rotate_secret`. If the server
  ///   normalizes a value, the result is `updated`, without a further write. With `plan_only` it reads once
  ///   and writes nothing.
  /// - **Limits**: the timeout of `options`, or of the client, bounds the whole call.
  /// - **Errors**: those of the operations; `invalid_argument` for an invalid `spec`, before anything is
  ///   sent. If the outcome of a write stays unknown, the error is that of the write, with the code of the
  ///   failure that ended the call.
  ///
  /// Example, inside a coroutine:
  ///
  ///     auto done = co_await keycard.ensure("acme", spec);
  ///     if (done && done->action != sso::action::unchanged) log(done->changed);
  [[nodiscard]] SSO_DECL asio::awaitable<result<ensured<sso_connection>>>
  ensure(std::string_view organization_id, connection_spec spec, ensure_options how = {},
         call_options options = {}) const;

  /// Sends any other request to the API. `path` is appended to the base URL; it is percent-encoded and may
  /// contain a query. `body` is JSON. The response body is in `http.body`, parsed in `http.json()`. POST and
  /// PATCH are not retried after their first byte was written, unless the server says that it did not process
  /// the request (429, 503, `x-should-retry: true`).
  [[nodiscard]] SSO_DECL asio::awaitable<result<response<void>>>
  request(http::method method, std::string_view path, std::optional<std::string> body = std::nullopt,
          call_options options = {}) const;

  /// The client's clock, used by `call_options::deadline`.
  [[nodiscard]] std::chrono::steady_clock::time_point now() const { return core_.runtime().now(); }

protected:
  /// Throws `exception` with `errc::invalid_argument` if an option or a credential breaks a rule.
  SSO_DECL operations(any_transport transport, any_runtime runtime, credentials&& credentials,
                      client_options&& options);

private:
  pipeline::client_core core_;
};

/// A client of Keycard over a transport.
template <transport Transport, runtime Runtime = system_runtime>
class basic_client : public operations {
public:
  /// Copies `transport` and `runtime`, which are handles. Does no I/O.
  ///
  /// @throws exception with `errc::invalid_argument` if an option or a credential breaks a rule
  basic_client(Transport transport, credentials credentials, client_options options = {},
               Runtime runtime = {})
      : operations{std::move(transport), any_runtime{std::move(runtime)}, std::move(credentials),
                   std::move(options)} {}

  /// The same client as a `basic_client<any_transport>`, a type that does not depend on transport and
  /// runtime. The result shares token, retry budget, transport and runtime with `*this`.
  template <transport T, runtime R>
    requires(std::same_as<basic_client, basic_client<any_transport>> &&
             !std::same_as<basic_client, basic_client<T, R>>)
  basic_client(const basic_client<T, R>& other) : operations{other} {}

  /// Creates a client with a transport on `executor`, and with credentials and options from the environment;
  /// see `keycard::from_environment`. Throws `sso::exception` naming the missing or invalid variable.
  static basic_client from_environment(asio::any_io_executor executor, client_options options = {}) requires
      std::constructible_from<Transport, asio::any_io_executor> {
    auto found = keycard::from_environment(std::move(options));
    return basic_client{Transport{std::move(executor)}, std::move(found.credentials),
                        std::move(found.options)};
  }
};

}  // namespace sso::keycard

#if defined(SSO_HEADER_ONLY)
#include <sso/keycard/impl/client.ipp>
#include <sso/keycard/impl/ensure_run.ipp>
#endif
