// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/origin.hpp>
#include <sso/testing/certificate.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sso::testing {

/// How a `fault_server` ends a connection.
enum class fault_ending {
  orderly,  ///< close_notify where there is TLS, then FIN
  abrupt,   ///< FIN alone
  reset,    ///< RST, which may also destroy what the client has not read yet
};

/// A connection as a `fault_server` holds it, for its script. Bytes are those inside TLS.
///
/// What fails because the client has gone ends the script by an exception, which the server swallows.
class fault_peer {
public:
  virtual ~fault_peer() = default;

  /// 0 for the server's first connection, 1 for the second.
  [[nodiscard]] virtual std::size_t number() const noexcept = 0;
  /// Reads one request, header section and body, and returns its text; empty when the client has ended the connection
  /// instead, with or without having sent what is no request.
  [[nodiscard]] virtual asio::awaitable<std::string> read_request() = 0;
  /// Reads the bytes that come next, whatever they are; empty when the client has ended the connection.
  [[nodiscard]] virtual asio::awaitable<std::string> read_bytes() = 0;
  /// Sends bytes as they are, well-formed or not.
  [[nodiscard]] virtual asio::awaitable<void> write(std::string bytes) = 0;
  /// Reads and forgets until the client ends the connection. A script that stalls ends like this.
  [[nodiscard]] virtual asio::awaitable<void> until_gone() = 0;
  /// Connects to `port` of 127.0.0.1 and passes bytes on in both directions, as a proxy's tunnel does, until
  /// one side ends. What was read ahead of the last request goes first.
  [[nodiscard]] virtual asio::awaitable<void> relay(std::uint16_t port) = 0;
  /// Ends the connection.
  virtual void end(fault_ending how) = 0;
};

/// How a `fault_server` is reached.
struct fault_options {
  bool tls = true;  ///< otherwise plain bytes
  /// The host that `origin()` names.
  std::string host = "127.0.0.1";
  /// The address that the server listens on, e.g. `::1`.
  std::string address = "127.0.0.1";
  /// The port; 0: one of the system's choice.
  std::uint16_t port = 0;
  /// What the server's certificate says; an authority made for this server signs it.
  certificate_options certificate;
  /// The server's certificate with its chain and key, made elsewhere, in place of those.
  std::optional<testing::certificate> identity;
  /// If not empty: a client must show a certificate signed by one of these authorities, in PEM.
  std::string client_ca_pem;
  /// The newest protocol spoken, as OpenSSL numbers it, e.g. 0x0303 for TLS 1.2; 0: no limit. Versions that
  /// OpenSSL refuses by default are made possible.
  int newest_tls = 0;
};

/// A server that misbehaves as its script tells it: a script holds each connection from its handshake to its
/// end.
///
///     sso::testing::fault_server server{[](sso::testing::fault_peer& peer) -> asio::awaitable<void> {
///       co_await peer.read_request();
///       co_await peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
///       peer.end(sso::testing::fault_ending::abrupt);
///     }};
///
/// When the script returns, the connection ends abruptly. Scripts run on one thread, which is the server's
/// own. A script that waits is cancelled by `end_connections`.
///
/// Lifetimes: the destructor ends all connections and joins the thread. `script` must not refer to what it
/// captures after that; a coroutine lambda may capture, as the server keeps it alive.
///
/// Errors: the constructor throws `boost::system::system_error` or `std::runtime_error`.
/// Thread safety: const members may be called from any thread.
class fault_server {
public:
  /// What holds a connection from its handshake to its end.
  using script = std::function<asio::awaitable<void>(fault_peer&)>;

  /// Listens where `options` say.
  SSO_DECL explicit fault_server(script misbehave, fault_options options = {});
  fault_server(const fault_server&) = delete;
  fault_server& operator=(const fault_server&) = delete;
  SSO_DECL ~fault_server();

  /// Where it is reached.
  [[nodiscard]] SSO_DECL http::origin origin() const;
  /// E.g. `https://127.0.0.1:40123`.
  [[nodiscard]] SSO_DECL std::string base_url() const;
  /// The certificate of the authority that signed the server's; empty without TLS or with an `identity`.
  [[nodiscard]] SSO_DECL const std::string& ca_pem() const noexcept;

  /// Ends every open connection, whatever its script does; returns when it is done.
  SSO_DECL void end_connections(fault_ending how);

  /// How many connections were accepted.
  [[nodiscard]] SSO_DECL std::size_t connections() const;
  /// How many of them resumed an earlier TLS session.
  [[nodiscard]] SSO_DECL std::size_t resumptions() const;
  /// How many are open.
  [[nodiscard]] SSO_DECL std::size_t open_connections() const;
  /// The text of every request that was read, in order.
  [[nodiscard]] SSO_DECL std::vector<std::string> requests() const;

private:
  struct server;
  std::unique_ptr<server> server_;
};

}  // namespace sso::testing

#if defined(SSO_HEADER_ONLY)
#include <sso/testing/impl/fault_server.ipp>
#endif
