// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/origin.hpp>
#include <sso/testing/fault_peer.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sso::testing {

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
