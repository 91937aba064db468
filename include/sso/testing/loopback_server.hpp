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

/// How a `loopback_server` serves.
struct loopback_options {
  /// TLS 1.2 or 1.3; otherwise plain HTTP.
  bool tls = true;
  /// What the server's certificate says; an authority made for this server signs it.
  certificate_options certificate;
  /// The server's certificate and key, made elsewhere, in place of those; `ca_pem()` is then empty.
  std::optional<testing::certificate> identity;
  /// If not empty: a client must show a certificate signed by one of these authorities, in PEM.
  std::string client_ca_pem;
  /// The longest request body read, in bytes; a longer one is answered with 413.
  std::size_t body_bytes = 8 * 1024 * 1024;
  /// How many requests a connection serves before it is closed, announced by `Connection: close`; 0: no end.
  std::size_t requests_per_connection = 0;
};

/// An HTTP/1.1 server on 127.0.0.1, for tests and demonstrations of the whole way over real sockets.
///
///     sso::testing::fake_keycard keycard;
///     sso::testing::loopback_server server{keycard};
///     sso::beast_options network;
///     network.tls.ca_pem = server.ca_pem();
///     sso::client_options options;
///     options.base_url = server.base_url();
///
/// Handler: called with each complete request, its target and header fields as received, `origin` that of the
/// server. Its response goes out with a `Content-Length` unless it brings one of its own or a
/// `Transfer-Encoding`: then header and body are sent as they are and the connection is closed behind them,
/// with which a test can send what is no proper response. A response of status 0 is not sent at all: the
/// connection is closed at once. A handler that throws is answered for with 500.
///
/// Threads: the server works on a strand, so that its handler is never called twice at once; those that are
/// coroutines take turns where they suspend. Members may be called from any thread.
///
/// Lifetimes: the destructor stops the server; a handler that is running then may finish, and is kept alive
/// for that. The execution context of `executor` must outlive the server.
///
/// Errors: constructors throw `boost::system::system_error` where no port can be opened, `std::runtime_error`
/// where the certificate cannot be made.
class loopback_server {
public:
  /// Answers a request at once; it is called on the server's strand.
  using handler = std::function<http::response(const http::request&)>;
  /// The request lives until the awaitable completes.
  using async_handler = std::function<asio::awaitable<http::response>(const http::request&)>;

  /// Serves on a port of the system's choice, on `executor`.
  SSO_DECL loopback_server(asio::any_io_executor executor, handler answer, loopback_options options = {});
  /// @overload
  SSO_DECL loopback_server(asio::any_io_executor executor, async_handler answer,
                           loopback_options options = {});
  /// The same on a thread of the server's own.
  SSO_DECL explicit loopback_server(handler answer, loopback_options options = {});
  /// @overload
  SSO_DECL explicit loopback_server(async_handler answer, loopback_options options = {});

  loopback_server(const loopback_server&) = delete;
  loopback_server& operator=(const loopback_server&) = delete;
  SSO_DECL ~loopback_server();

  /// E.g. `https://localhost:40123`.
  [[nodiscard]] SSO_DECL std::string base_url() const;
  /// Where it is reached.
  [[nodiscard]] SSO_DECL http::origin origin() const;
  /// The certificate of the authority that signed the server's; empty without TLS or with an `identity`.
  [[nodiscard]] SSO_DECL const std::string& ca_pem() const noexcept;

  /// Stops accepting and closes every connection, which happens as soon as the executor gets to it.
  SSO_DECL void stop();
  /// Closes every connection without a word, as a server does that restarts, and keeps accepting.
  SSO_DECL void drop_connections();

  /// How many connections were accepted.
  [[nodiscard]] SSO_DECL std::size_t connections() const noexcept;
  /// How many of them are open.
  [[nodiscard]] SSO_DECL std::size_t open_connections() const noexcept;
  /// How many of them resumed an earlier TLS session.
  [[nodiscard]] SSO_DECL std::size_t resumptions() const noexcept;
  /// How many complete requests were read.
  [[nodiscard]] SSO_DECL std::size_t requests() const noexcept;

private:
  struct server;
  std::unique_ptr<server> server_;
};

}  // namespace sso::testing

#if defined(SSO_HEADER_ONLY)
#include <sso/testing/impl/loopback_server.ipp>
#endif
