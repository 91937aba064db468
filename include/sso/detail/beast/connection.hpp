// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/io_executor.hpp>
#include <sso/detail/beast/receive_buffer.hpp>
#include <sso/detail/beast/request_text.hpp>
#include <sso/detail/beast/response_parser.hpp>
#include <sso/detail/beast/send_buffer.hpp>
#include <sso/detail/beast/sessions.hpp>
#include <sso/detail/beast/tls_engine.hpp>

#include <boost/asio/error.hpp>

#include <openssl/crypto.h>

#include <optional>
#include <string>
#include <string_view>

namespace sso::detail::net {

[[nodiscard]] inline bool is_would_block(const error_code& failed) noexcept {
  return failed == asio::error::would_block || failed == asio::error::try_again;
}

/// A TCP connection, with TLS on it for https, and the memory that an exchange works with, which is thus
/// allocated once for all exchanges on it. Used by one exchange at a time, which serialises all calls; what is
/// destroyed has no operation pending.
class connection {
public:
  explicit connection(io_executor executor) : socket{executor} {}
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;
  ~connection() { forget_request(); }

  void close() noexcept {
    error_code ignored;
    socket.close(ignored);
  }

  /// Begins with `request`: writes its text to `request_text`, and is ready for a response to it.
  void begin(const http::request& request, const http::limits& limits) {
    forget_request();
    append_request(request_text, request);
    parser.emplace(request.method == http::method::head, limits);
  }

  /// Wipes the text of the request, which is sent or given up: its secrets must not lie about while the connection is
  /// idle. Without TLS they are in what went out as well.
  void forget_request() noexcept {
    constexpr std::size_t most_kept = 64 * 1024;
    OPENSSL_cleanse(request_text.data(), request_text.size());
    request_text.clear();
    if (request_text.capacity() > most_kept) std::string{}.swap(request_text);
    if (!tls) outgoing.wipe();
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

  /// Where the next bytes of the socket go. `commit` tells how many came, or `arrived`.
  [[nodiscard]] asio::mutable_buffer room() { return tls ? tls->incoming.prepare() : received.prepare(); }
  void commit(std::size_t n) noexcept { tls ? tls->incoming.commit(n) : received.commit(n); }

  /// Makes of bytes that arrived bytes `received`. An error is a fault in TLS, or `eof` for its orderly end.
  error_code arrived(std::size_t n) {
    commit(n);
    if (!tls) return {};
    error_code failed;
    while (!failed && tls->has_more()) received.commit(tls->read(received.prepare(), failed));
    return is_would_block(failed) ? error_code{} : failed;
  }

  /// Whether `arrived` could make something of what came before.
  [[nodiscard]] bool has_more() const noexcept { return tls && tls->has_more(); }

  /// Whether all that arrived was taken in, and belongs to what went before: the beginning of a TLS record may be that
  /// of a response, and its end come when another request is out.
  [[nodiscard]] bool is_drained() const noexcept {
    return received.empty() && !(tls && tls->has_partial_record());
  }

  /// Whether an idle connection still stands: nothing arrived on it, neither an end nor bytes nobody asked
  /// for. Takes in what concerns TLS alone, such as session tickets, unless there is no end of it.
  [[nodiscard]] bool is_quiet() {
    constexpr int most_reads = 2;
    for (int i = 0; i != most_reads && received.empty(); ++i) {
      error_code failed;
      const auto n = socket.read_some(room(), failed);
      if (is_would_block(failed)) return is_drained();
      if (failed || !tls || arrived(n)) return false;
    }
    return false;
  }

  tcp_socket socket;
  send_buffer outgoing;
  sessions::link resumption;
  std::optional<tls_engine> tls;
  receive_buffer received;
  std::string request_text;
  std::optional<response_parser> parser;
  clock::time_point opened;
  clock::time_point idle_since;
};

}  // namespace sso::detail::net
