// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/lane.hpp>
#include <sso/detail/beast/receive_buffer.hpp>
#include <sso/detail/beast/sessions.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <openssl/ssl.h>

#include <array>
#include <optional>

namespace sso::detail::net {

/// A TCP connection, with TLS on it for https, and what was received on it but not used yet. Used by one
/// exchange at a time, on that exchange's strand; what is destroyed has no operation pending.
class connection {
public:
  using tls_stream = asio::ssl::stream<tcp::socket&>;

  explicit connection(const asio::any_io_executor& executor) : socket{executor} {}
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  ~connection() {
    // OpenSSL makes the session of a connection without a shutdown unfit for resumption. Nobody waits for the
    // peer's close_notify; what matters, the end of a message, is known by then.
    if (tls) SSL_set_shutdown(tls->native_handle(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  }

  void close() noexcept {
    error_code ignored;
    socket.close(ignored);
  }

  /// Whether an idle connection still stands: nothing arrived on it, neither an end nor bytes nobody asked
  /// for. Takes in what concerns TLS alone, such as session tickets.
  [[nodiscard]] bool is_quiet() {
    if (!received.empty()) return false;
    std::array<char, 1> byte;
    error_code status;
    if (tls) {
      tls->read_some(asio::buffer(byte), status);
    } else {
      socket.read_some(asio::buffer(byte), status);
    }
    return status == asio::error::would_block || status == asio::error::try_again;
  }

  tcp::socket socket;
  sessions::link resumption;
  std::optional<tls_stream> tls;
  receive_buffer received;
  clock::time_point opened;
  clock::time_point idle_since;
};

}  // namespace sso::detail::net
