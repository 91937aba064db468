// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/lane.hpp>
#include <sso/detail/beast/receive_buffer.hpp>
#include <sso/detail/beast/send_buffer.hpp>
#include <sso/detail/beast/sessions.hpp>
#include <sso/detail/beast/tls_engine.hpp>

#include <boost/asio/error.hpp>

#include <optional>
#include <string_view>

namespace sso::detail::net {

[[nodiscard]] inline bool is_would_block(const error_code& failed) noexcept {
  return failed == asio::error::would_block || failed == asio::error::try_again;
}

/// A TCP connection, with TLS on it for https, and what was received on it but not used yet. Used by one
/// exchange at a time, which serialises all calls; what is destroyed has no operation pending.
class connection {
public:
  explicit connection(io_executor executor) : socket{executor} {}
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  void close() noexcept {
    error_code ignored;
    socket.close(ignored);
  }

  /// Puts `text` in line to be sent.
  error_code write(std::string_view text) {
    if (tls) return tls->write(text);
    outgoing.append(text);
    return {};
  }

  /// Sends what can be sent without waiting; `would_block` if some is left. Precondition: the socket is in
  /// non-blocking mode.
  error_code flush() {
    error_code failed;
    while (!outgoing.empty() && !failed) outgoing.consume(socket.write_some(outgoing.data(), failed));
    return failed;
  }

  /// Where the next bytes of the socket go. `arrived` tells how many came.
  [[nodiscard]] asio::mutable_buffer room() { return tls ? tls->incoming.prepare() : received.prepare(); }

  /// Makes of bytes that arrived bytes `received`. An error is a fault in TLS, or `eof` for its orderly end.
  error_code arrived(std::size_t n) {
    if (!tls) {
      received.commit(n);
      return {};
    }
    tls->incoming.commit(n);
    error_code failed;
    while (!failed && tls->has_more()) received.commit(tls->read(received.prepare(), failed));
    return is_would_block(failed) ? error_code{} : failed;
  }

  /// Whether an idle connection still stands: nothing arrived on it, neither an end nor bytes nobody asked
  /// for. Takes in what concerns TLS alone, such as session tickets.
  [[nodiscard]] bool is_quiet() {
    if (!received.empty()) return false;
    for (;;) {
      error_code failed;
      const auto n = socket.read_some(room(), failed);
      if (is_would_block(failed)) return true;
      if (failed || !tls || arrived(n) || !received.empty()) return false;
    }
  }

  tcp_socket socket;
  send_buffer outgoing;
  sessions::link resumption;
  std::optional<tls_engine> tls;
  receive_buffer received;
  clock::time_point opened;
  clock::time_point idle_since;
};

}  // namespace sso::detail::net
