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

/// Operations of Truto's admin API for SSO connections
/// (https://truto.one/docs/api-reference/admin/sso-connections).
///
/// Common to all operations:
/// - **Effect**: checks the arguments, sends the request with the token, retries it by the retry rules
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
///   `timeout`; errors of the transport; the code of the response's status (`unauthorized` if the token is
///   refused, `not_found` if the connection does not exist); `decode_failed` for a success with an
///   undocumented body.
/// - **Thread safety**: a client is a handle. Its copies share token, retry budget and transport, and may be
///   used from several threads at once.
///
/// Example, inside a coroutine:
///
///     auto added = co_await truto.add_domain(id, "acme.example");
///     if (!added) co_return added.error();
///     publish(added->verification_record.value());
///     auto verified = co_await truto.wait_until_verified(id, "acme.example");
///
/// In all operations `id` is the id of the connection, a UUID.
class operations {
public:
  /// `GET /sso-connection/{id}`: the connection.
  ///
  /// Source: https://truto.one/docs/api-reference/admin/sso-connections/get
  [[nodiscard]] SSO_DECL asio::awaitable<result<response<sso_connection>>>
  retrieve(std::string_view id, call_options options = {}) const;

  /// `PATCH /sso-connection/{id}`: changes the members set in `params`. The server merges `config` into the
  /// stored one; members of it cannot be removed.
  ///
  /// Source: https://truto.one/docs/api-reference/admin/sso-connections/update
  [[nodiscard]] SSO_DECL asio::awaitable<result<response<sso_connection>>>
  update(std::string_view id, update_params params, call_options options = {}) const;

  /// `GET /sso-connection/{id}/domains`: one page of the connection's domains, each with the TXT record to
  /// publish. `list_params::next_cursor` requests the next page.
  ///
  /// Source: https://truto.one/docs/api-reference/admin/sso-connections/list
  [[nodiscard]] SSO_DECL asio::awaitable<result<response<page<domain>>>>
  list_domains(std::string_view id, list_params params = {}, call_options options = {}) const;

  /// All domains of the connection: requests page after page, starting with the page of `params`. The timeout
  /// of the call bounds all requests together.
  ///
  /// Errors: those of `list_domains`; `protocol_error` if a cursor is repeated or there are more than 1,000
  /// pages.
  [[nodiscard]] SSO_DECL asio::awaitable<result<std::vector<domain>>>
  list_all_domains(std::string_view id, list_params params = {}, call_options options = {}) const;

  /// `POST /sso-connection/{id}/domains`: adds a domain. The response contains the TXT record to publish.
  ///
  /// `domain`: an ASCII name; other scripts as A-labels.
  ///
  /// Not idempotent. Not retried after its first byte was written, unless the server says that it did not
  /// process the request.
  ///
  /// Source: https://truto.one/docs/api-reference/admin/sso-connections/create
  [[nodiscard]] SSO_DECL asio::awaitable<result<response<truto::domain>>>
  add_domain(std::string_view id, std::string_view domain, call_options options = {}) const;

  /// `POST /sso-connection/{id}/domains/{domain}/verify`: looks up the TXT record once. A missing record is a
  /// value, not an error: `verified` is false and `detail` gives the reason.
  ///
  /// Source: https://truto.one/docs/api-reference/admin/sso-connections/verify
  [[nodiscard]] SSO_DECL asio::awaitable<result<response<domain_verification>>>
  verify_domain(std::string_view id, std::string_view domain, call_options options = {}) const;

  /// Verifies a domain repeatedly until the check passes: the first check at once, then at the intervals of
  /// `how`. Transient failures (`condition::retryable`) do not end the wait. `options` apply to each check,
  /// but a `deadline` to the whole wait. All checks have the same `client_request_id`, generated if none is set.
  ///
  /// Errors: `timeout` after `how.timeout()`; `server_message()` is then the last `detail`, and `cause()` the
  /// failure of the last check, if it failed. Otherwise the errors of `verify_domain`.
  [[nodiscard]] SSO_DECL asio::awaitable<result<response<domain_verification>>>
  wait_until_verified(std::string_view id, std::string_view domain, poll how = {},
                      call_options options = {}) const;

  /// Brings an existing connection to the state described by `spec`: reads the connection, adds missing
  /// domains, and updates only members that differ. A second call with the same `spec` writes nothing, unless
  /// it has `rotate_secret`.
  ///
  /// - **Effect**: reads the connection again after a write with an unknown outcome, and after a 409 (a
  ///   concurrent caller), and continues from the new state; at most once each. If the server normalizes a
  ///   value, the result is `updated`, without a further write. With `plan_only` it reads once and writes
  ///   nothing. It verifies and removes no domain.
  /// - **Limits**: the timeout of `options`, or of the client, bounds the whole call.
  /// - **Errors**: those of the operations; `invalid_argument` for an invalid `spec`, before anything is
  ///   sent; `protocol_error` if the list of domains does not end. If the outcome of a write stays unknown,
  ///   the error is that of the write, with the code of the failure that ended the call. Domains added before an error
  ///   remain.
  [[nodiscard]] SSO_DECL asio::awaitable<result<ensured<sso_connection>>>
  ensure(std::string_view id, connection_spec spec, ensure_options how = {}, call_options options = {}) const;

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

/// A client of Truto over a transport.
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
  /// see `truto::from_environment`. Throws `sso::exception` naming the missing or invalid variable.
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
