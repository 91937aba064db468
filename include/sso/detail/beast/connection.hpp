// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/buffer.hpp>
#include <sso/detail/beast/io.hpp>
#include <sso/detail/beast/request_text.hpp>
#include <sso/detail/beast/response_parser.hpp>
#include <sso/detail/beast/sessions.hpp>
#include <sso/detail/beast/tls_engine.hpp>
#include <sso/detail/fork_count.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <openssl/crypto.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sso::detail::net {

/// A TCP connection, with TLS for https, and the buffers that its exchanges share. One exchange uses it at a
/// time; only `stop` may be called from another thread meanwhile.
class connection final : public stoppable {
public:
  explicit connection(const asio::any_io_executor& executor) : socket{executor} {}
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;
  ~connection() { forget_request(); }  // no close_notify: after a fork it would end the other process's TLS

  /// Whether a parent of this process opened it, and may still use it.
  [[nodiscard]] bool is_inherited() const noexcept { return forks_ != fork_count(); }

  /// Ends the pending operations on the socket and all later ones. `close` on another thread would be unsafe:
  /// the descriptor could already belong to another file.
  void stop() noexcept override {
    if (is_inherited()) return;  // it would end the parent's connection
    error_code ignored;
    socket.shutdown(tcp::socket::shutdown_both, ignored);
  }

  /// Writes the text of `request` to `request_text`, and is ready for a response to it.
  void begin(const http::request& request, const http::limits& limits) {
    forget_request();
    append_request(request_text, request);
    parser.emplace(request.method == http::method::head, limits);
  }

  /// Wipes the request's text, so that an idle connection holds no credentials. Without TLS, `outgoing` has
  /// contained them too.
  void forget_request() noexcept {
    constexpr std::size_t most_kept = 64 * 1024;
    OPENSSL_cleanse(request_text.data(), request_text.size());
    request_text.clear();
    if (request_text.capacity() > most_kept) std::string{}.swap(request_text);
    if (!tls) {
      outgoing.clear();
      const auto all = outgoing.prepare(outgoing.capacity());
      OPENSSL_cleanse(all.data(), all.size());
    }
    if (outgoing.size() == 0 && outgoing.capacity() > most_kept) outgoing.shrink_to_fit();
  }

  /// Appends `text`, encrypted for https, to what `flush` sends.
  error_code write(std::string_view text) {
    if (tls) return tls->write(text);
    append(outgoing, text);
    return {};
  }

  /// Sends what can be sent without waiting; `would_block` if some is left. Precondition: the socket is in
  /// non-blocking mode.
  error_code flush() {
    error_code failed;
    while (outgoing.size() != 0 && !failed) outgoing.consume(socket.write_some(outgoing.data(), failed));
    return failed;
  }

  /// Space for the next read of the socket; `commit` or `arrived` must follow.
  [[nodiscard]] asio::mutable_buffer room() { return room_in(tls ? tls->incoming : received); }
  void commit(std::size_t n) noexcept { tls ? tls->incoming.commit(n) : received.commit(n); }

  /// Commits `n` bytes and decrypts them into `received`. Fails on a TLS error, and with `eof` after the
  /// peer's close_notify.
  error_code arrived(std::size_t n) {
    commit(n);
    if (!tls) return {};
    error_code failed;
    while (!failed && tls->has_more()) received.commit(tls->read(room_in(received), failed));
    return is_would_block(failed) ? error_code{} : failed;
  }

  /// Whether bytes of earlier reads are still to be decrypted.
  [[nodiscard]] bool has_more() const noexcept { return tls && tls->has_more(); }

  /// Whether all bytes that arrived are used. A partial TLS record is not: completed after the next request,
  /// it would pass for that one's response.
  [[nodiscard]] bool is_drained() const noexcept {
    return received.size() == 0 && !(tls && tls->has_partial_record());
  }

  /// Whether a kept connection may carry a request: the peer has not ended it, and has sent no bytes, which
  /// would be taken for the response. TLS's own messages, such as session tickets, are read, with a bound.
  [[nodiscard]] bool is_quiet() {
    constexpr int most_reads = 2;
    for (int i = 0; i != most_reads && received.size() == 0; ++i) {
      error_code failed;
      const auto n = socket.read_some(room(), failed);
      if (is_would_block(failed)) return is_drained() && !(tls && tls->closed_by_peer());
      if (failed || !tls || arrived(n)) return false;
    }
    return false;
  }

  tcp::socket socket;
  flat_buffer outgoing;
  sessions::link resumption;
  std::optional<tls_engine> tls;
  flat_buffer received;
  std::string request_text;
  std::optional<response_parser> parser;
  clock::time_point opened;
  clock::time_point idle_since;

private:
  std::uint64_t forks_ = fork_count();
};

/// Calls `flush` until all is sent, and waits whenever the socket's buffer is full.
inline asio::awaitable<error_code> flush_all(connection& c) {
  for (;;) {
    const auto failed = c.flush();
    if (!is_would_block(failed)) co_return failed;
    const auto [aborted] = co_await c.socket.async_wait(tcp::socket::wait_write, no_frame);
    if (aborted) co_return aborted;
  }
}

}  // namespace sso::detail::net
