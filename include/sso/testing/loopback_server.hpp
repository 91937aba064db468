// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/origin.hpp>
#include <sso/http/request.hpp>
#include <sso/http/response.hpp>
#include <sso/testing/certificate.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace sso::testing {

/// Options of a `loopback_server`.
struct loopback_options {
  /// Whether to use TLS 1.2 or 1.3 instead of plain HTTP.
  bool tls = true;
  /// The contents of the server's certificate, signed by an authority created for this server.
  certificate_options certificate;
  /// An existing certificate with its key, used in place of the generated one; `ca_pem()` is then empty.
  std::optional<testing::certificate> identity;
  /// If not empty: clients must present a certificate signed by one of these authorities, in PEM.
  std::string client_ca_pem;
  /// Maximum request body in bytes. A longer one gets 413.
  std::size_t body_bytes = 8 * 1024 * 1024;
  /// Maximum number of requests per connection; the last response has `Connection: close`. 0: no maximum.
  std::size_t requests_per_connection = 0;
};

/// An HTTP/1.1 server on 127.0.0.1, for tests and demonstrations over real sockets.
///
///     sso::testing::fake_keycard keycard;
///     sso::testing::loopback_server server{keycard};
///     sso::beast_options network;
///     network.tls.ca_pem = server.ca_pem();
///     sso::client_options options;
///     options.base_url = server.base_url();
///
/// Handler: called with each complete request. Target and header fields are as received; `origin` is the
/// server's. The response is sent with a `Content-Length`, unless it contains `Content-Length` or
/// `Transfer-Encoding`. In that case header and body are sent unchanged and the connection is closed, so that
/// tests can send malformed responses. For a response of status 0 nothing is sent and the connection is
/// closed. If the handler throws, the response is 500.
///
/// Threads: the server runs on a strand, so its handler is never called concurrently. Coroutine handlers may
/// interleave where they suspend. Members may be called from any thread.
///
/// Lifetimes: the destructor stops the server. A running handler may finish, and is kept alive until then.
/// The execution context of `executor` must outlive the server.
///
/// Errors: constructors throw `boost::system::system_error` if no port can be opened, `std::runtime_error` if
/// the certificate cannot be created.
class loopback_server {
public:
  /// Returns the response. Called on the server's strand.
  using handler = std::function<http::response(const http::request&)>;
  /// Returns the response asynchronously. The request is valid until the awaitable completes.
  using async_handler = std::function<asio::awaitable<http::response>(const http::request&)>;

  /// Serves on a port chosen by the system, on `executor`.
  SSO_DECL loopback_server(asio::any_io_executor executor, handler answer, loopback_options options = {});
  /// @overload
  SSO_DECL loopback_server(asio::any_io_executor executor, async_handler answer,
                           loopback_options options = {});
  /// As above, on a thread owned by the server.
  SSO_DECL explicit loopback_server(handler answer, loopback_options options = {});
  /// @overload
  SSO_DECL explicit loopback_server(async_handler answer, loopback_options options = {});

  loopback_server(const loopback_server&) = delete;
  loopback_server& operator=(const loopback_server&) = delete;
  SSO_DECL ~loopback_server();

  /// The base URL, e.g. `https://localhost:40123`.
  [[nodiscard]] SSO_DECL std::string base_url() const;
  /// The server's origin.
  [[nodiscard]] SSO_DECL http::origin origin() const;
  /// The certificate of the authority that signed the server's certificate; empty without TLS or with an
  /// `identity`.
  [[nodiscard]] SSO_DECL const std::string& ca_pem() const noexcept;

  /// Stops accepting and closes every connection, asynchronously on the executor.
  SSO_DECL void stop();
  /// Closes every connection without close_notify, as a restarting server does. Continues to accept.
  SSO_DECL void drop_connections();

  /// Number of accepted connections.
  [[nodiscard]] SSO_DECL std::size_t connections() const noexcept;
  /// Number of open connections.
  [[nodiscard]] SSO_DECL std::size_t open_connections() const noexcept;
  /// Number of connections that resumed an earlier TLS session.
  [[nodiscard]] SSO_DECL std::size_t resumptions() const noexcept;
  /// Number of complete requests read.
  [[nodiscard]] SSO_DECL std::size_t requests() const noexcept;

private:
  struct server;
  std::unique_ptr<server> server_;
};

}  // namespace sso::testing

#if defined(SSO_HEADER_ONLY)
#include <sso/testing/impl/loopback_server.ipp>
#endif
