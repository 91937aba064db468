// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/testing/certificate.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

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

}  // namespace sso::testing
