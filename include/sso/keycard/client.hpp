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

/// The operations of a client of Keycard's SSO-connection API
/// (https://docs.keycard.ai/api/resources/organizations/subresources/sso_connection).
///
/// Every operation works alike:
/// - **Effect**: checks its arguments, then sends the request, with an access token and as often as
///   the retry rules (`pipeline::decide`) allow, and reads the answer.
/// - **Lifetimes**: a call copies what it needs of its arguments before it returns its awaitable. The client may
///   be destroyed while calls are in flight.
/// - **Completion**: on the executor of the awaiting coroutine.
/// - **Cancellation**: what the filter of the awaiting coroutine lets through (terminal by default, partial and total
///   where it enabled them) ends the call with `errc::cancelled` as soon as the transport lets go. A call changes
///   nothing of that coroutine's cancellation state: `asio::disable_cancellation()` shields a call, and after a
///   cancellation the next `co_await` throws, unless the coroutine has said `throw_if_cancelled(false)`.
/// - **Errors**: `invalid_argument`, before anything is sent, naming the parameter and the rule; `cancelled`;
///   `timeout`; the transport's own; `credentials_rejected` when no access token was given; the code of the
///   response's status; `decode_failed` for a success whose body is not what is documented. Beyond these each
///   operation names what a status means to it.
/// - **Thread safety**: a client is a handle; its copies share token, retry budget and transport. All may be
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
  /// `organization_id` is an id or label of 1 to 255 characters. `params` may ask for more members, e.g. the
  /// caller's permissions.
  /// Errors: `not_found` when there is no such organization or its SSO is not enabled.
  ///
  /// Source: https://docs.keycard.ai/api/resources/organizations/subresources/sso_connection/methods/retrieve
  [[nodiscard]] SSO_DECL asio::awaitable<result<response<sso_connection>>>
  retrieve(std::string_view organization_id, retrieve_params params = {}, call_options options = {}) const;

  /// `POST` to the same path: enables SSO for the organization.
  ///
  /// Not retried once a byte of it was written, unless the server says that it was not processed: it may
  /// have been carried out. Errors: `conflict` when SSO is enabled already.
  ///
  /// Source: https://docs.keycard.ai/api/resources/organizations/subresources/sso_connection/methods/enable
  [[nodiscard]] SSO_DECL asio::awaitable<result<response<sso_connection>>>
  enable(std::string_view organization_id, enable_params params, call_options options = {}) const;

  /// `PATCH` to the same path (JSON merge patch, RFC 7396): changes what `params` names, and nothing else.
  ///
  /// Errors: `not_found` when there is no such organization or its SSO is not enabled.
  ///
  /// Source: https://docs.keycard.ai/api/resources/organizations/subresources/sso_connection/methods/update
  [[nodiscard]] SSO_DECL asio::awaitable<result<response<sso_connection>>>
  update(std::string_view organization_id, update_params params, call_options options = {}) const;

  /// `DELETE` to the same path: disables SSO for the organization.
  ///
  /// Errors: `not_found` when there is no such organization or its SSO is not enabled; after a retry this may
  /// mean that the first attempt was carried out.
  [[nodiscard]] SSO_DECL asio::awaitable<result<response<void>>> disable(std::string_view organization_id,
                                                                         call_options options = {}) const;

  /// Brings the organization's connection to the state that `spec` describes: looks at what is there, and enables or
  /// updates it if something differs. Writes only members that differ; a second call with the same `spec` writes nothing.
  ///
  /// - **Effect**: after a write whose outcome is not known, and after a 409 to `enable` (another caller was faster), it
  ///   looks again and goes on from what is there, at most once each. The secret is sent when the connection is created,
  ///   when none is stored, and with `rotate_secret`. What the server changes of a value ends as `updated`, not in a
  ///   loop. With `plan_only` it looks once and writes nothing.
  /// - **Limits**: the timeout of `options`, or the client's, bounds all of it.
  /// - **Errors**: those of the operations; `invalid_argument` for a `spec` that breaks a rule, before anything is sent.
  ///   A write whose outcome stays unknown is the error, with the code of what kept this from looking.
  ///
  /// Example, inside a coroutine:
  ///
  ///     auto done = co_await keycard.ensure("acme", spec);
  ///     if (done && done->action != sso::action::unchanged) log(done->changed);
  [[nodiscard]] SSO_DECL asio::awaitable<result<ensured<sso_connection>>>
  ensure(std::string_view organization_id, connection_spec spec, ensure_options how = {},
         call_options options = {}) const;

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

/// A client of Keycard over a transport.
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
  /// `keycard::from_environment`. Throws `sso::exception` naming the variable that is missing or wrong.
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
