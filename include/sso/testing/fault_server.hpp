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

/// The ending of a connection by a `fault_server`.
enum class fault_ending {
  orderly,  ///< close_notify if there is TLS, then FIN
  abrupt,   ///< FIN alone
  reset,    ///< RST, which may discard bytes that the client has not read yet
};

/// A connection of a `fault_server`, passed to its script. Bytes are those inside TLS.
///
/// If an operation fails because the client closed the connection, it throws. The exception ends the script;
/// the server ignores it.
class fault_peer {
public:
  virtual ~fault_peer() = default;

  /// Index of the connection; 0 for the server's first.
  [[nodiscard]] virtual std::size_t number() const noexcept = 0;
  /// Reads one request, header section and body, and returns its text. Empty if the client closed the
  /// connection first, or sent bytes that are not a request.
  [[nodiscard]] virtual asio::awaitable<std::string> read_request() = 0;
  /// Reads the next bytes, of any content. Empty if the client closed the connection.
  [[nodiscard]] virtual asio::awaitable<std::string> read_bytes() = 0;
  /// Sends `bytes` unchanged, well-formed or not.
  [[nodiscard]] virtual asio::awaitable<void> write(std::string bytes) = 0;
  /// Reads and discards bytes until the client closes the connection. Use it for a server that stalls.
  [[nodiscard]] virtual asio::awaitable<void> until_gone() = 0;
  /// Connects to `port` of 127.0.0.1 and forwards bytes in both directions, like a proxy's tunnel, until one
  /// side closes. Bytes read ahead of the last request are sent first.
  [[nodiscard]] virtual asio::awaitable<void> relay(std::uint16_t port) = 0;
  /// Ends the connection.
  virtual void end(fault_ending how) = 0;
};

/// Options of a `fault_server`.
struct fault_options {
  bool tls = true;  ///< otherwise plain text
  /// The host in `origin()`.
  std::string host = "127.0.0.1";
  /// The address that the server listens on, e.g. `::1`.
  std::string address = "127.0.0.1";
  /// The port; 0: chosen by the system.
  std::uint16_t port = 0;
  /// The contents of the server's certificate, signed by an authority created for this server.
  certificate_options certificate;
  /// An existing certificate with chain and key, used in place of the generated one.
  std::optional<testing::certificate> identity;
  /// If not empty: clients must present a certificate signed by one of these authorities, in PEM.
  std::string client_ca_pem;
  /// Maximum TLS version in OpenSSL's numbering, e.g. 0x0303 for TLS 1.2; 0: no maximum. Enables versions
  /// that OpenSSL refuses by default.
  int newest_tls = 0;
};

/// A server with scripted faults. A script controls each connection from its handshake to its end.
///
///     sso::testing::fault_server server{[](sso::testing::fault_peer& peer) -> asio::awaitable<void> {
///       co_await peer.read_request();
///       co_await peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
///       peer.end(sso::testing::fault_ending::abrupt);
///     }};
///
/// When the script returns, the connection ends abruptly. All scripts run on one thread, owned by the server.
/// `end_connections` cancels a waiting script.
///
/// Lifetimes: the destructor ends all connections and joins the thread. References captured by `script` must
/// be valid until then. A coroutine lambda may capture, since the server keeps it alive.
///
/// Errors: the constructor throws `boost::system::system_error` or `std::runtime_error`.
///
/// Thread safety: const members may be called from any thread.
class fault_server {
public:
  /// A coroutine that controls a connection from its handshake to its end.
  using script = std::function<asio::awaitable<void>(fault_peer&)>;

  /// Listens on the address and port of `options`.
  SSO_DECL explicit fault_server(script misbehave, fault_options options = {});
  fault_server(const fault_server&) = delete;
  fault_server& operator=(const fault_server&) = delete;
  SSO_DECL ~fault_server();

  /// The server's origin.
  [[nodiscard]] SSO_DECL http::origin origin() const;
  /// The base URL, e.g. `https://127.0.0.1:40123`.
  [[nodiscard]] SSO_DECL std::string base_url() const;
  /// The certificate of the authority that signed the server's certificate; empty without TLS or with an
  /// `identity`.
  [[nodiscard]] SSO_DECL const std::string& ca_pem() const noexcept;

  /// Ends every open connection, regardless of its script. Returns when all are closed.
  SSO_DECL void end_connections(fault_ending how);

  /// Number of accepted connections.
  [[nodiscard]] SSO_DECL std::size_t connections() const;
  /// Number of connections that resumed an earlier TLS session.
  [[nodiscard]] SSO_DECL std::size_t resumptions() const;
  /// Number of open connections.
  [[nodiscard]] SSO_DECL std::size_t open_connections() const;
  /// The text of every request read, in order.
  [[nodiscard]] SSO_DECL std::vector<std::string> requests() const;

private:
  struct server;
  std::unique_ptr<server> server_;
};

}  // namespace sso::testing

#if defined(SSO_HEADER_ONLY)
#include <sso/testing/impl/fault_server.ipp>
#endif
