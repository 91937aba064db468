// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/request.hpp>
#include <sso/testing/fault_peer.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <openssl/ssl.h>

#include <array>
#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

/// Connections of the kit's servers.
namespace sso::testing::detail {

using asio::ip::tcp;
using request_parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

/// Converts a request from Beast's type; empty if the library does not have its method.
template <class Message>
std::optional<http::request> convert_request(const Message& message, const http::origin& where) {
  const std::string_view verb{message.method_string().data(), message.method_string().size()};
  for (const auto method : {http::method::get, http::method::head, http::method::post, http::method::put,
                            http::method::patch, http::method::delete_}) {
    if (to_string(method) != verb) continue;
    http::request out;
    out.method = method;
    out.origin = where;
    out.target = std::string{message.target().data(), message.target().size()};
    for (const auto& field : message) {
      out.headers.add({field.name_string().data(), field.name_string().size()},
                      {field.value().data(), field.value().size()});
    }
    out.body = message.body();
    return out;
  }
  return std::nullopt;
}

/// Parses a request from the text that `fault_peer::read_request` returns.
inline std::optional<http::request> parse_request(std::string_view text, const http::origin& where) {
  request_parser parser;
  parser.eager(true);
  parser.body_limit(boost::none);
  parser.header_limit(1024 * 1024);
  boost::system::error_code failed;
  parser.put(asio::buffer(text), failed);
  return parser.is_done() ? convert_request(parser.get(), where) : std::nullopt;
}

/// The counters of a server. Thread-safe.
struct server_counts {
  std::atomic<std::size_t> accepted{0};
  std::atomic<std::size_t> open{0};
  std::atomic<std::size_t> resumed{0};
  std::atomic<std::size_t> requests{0};

  mutable std::mutex mutex;
  std::vector<std::string> texts;  // the requests read by scripts; guarded by `mutex`
};

/// An accepted connection. Reads and writes plaintext, inside TLS if the server has it.
class server_connection final : public fault_peer {
public:
  server_connection(tcp::socket socket, asio::ssl::context* tls, std::shared_ptr<server_counts> counts,
                    std::size_t number)
      : socket_{std::move(socket)}, counts_{std::move(counts)}, number_{number} {
    if (tls != nullptr) tls_.emplace(socket_, *tls);
    ++counts_->open;
  }
  server_connection(const server_connection&) = delete;
  server_connection& operator=(const server_connection&) = delete;
  ~server_connection() override { --counts_->open; }

  asio::awaitable<void> handshake() {
    if (!tls_) co_return;
    co_await tls_->async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
    if (SSL_session_reused(tls_->native_handle()) == 1) ++counts_->resumed;
  }

  /// Reads into `parser` and, if that is not null, appends the bytes of the request to `text`.
  asio::awaitable<boost::system::error_code> read(request_parser& parser, std::string* text) {
    boost::system::error_code failed;
    parser.eager(true);
    for (;;) {
      if (!held_.empty()) {
        const auto used = parser.put(asio::buffer(held_), failed);
        if (failed == boost::beast::http::error::need_more) failed = {};
        if (text != nullptr) text->append(held_, 0, used);
        held_.erase(0, used);
        if (failed || parser.is_done()) co_return failed;
      }
      const bool more = co_await read_some();
      if (more) continue;
      if (!parser.got_some()) co_return boost::beast::http::error::end_of_stream;
      parser.put_eof(failed);
      co_return failed;
    }
  }

  std::size_t number() const noexcept override { return number_; }

  asio::awaitable<std::string> read_request() override {
    std::string text;
    request_parser parser;
    parser.body_limit(boost::none);
    parser.header_limit(1024 * 1024);
    const auto failed = co_await read(parser, &text);
    if (failed) {
      co_await until_gone();
      co_return std::string{};
    }
    const std::lock_guard lock{counts_->mutex};
    counts_->texts.push_back(text);
    co_return text;
  }

  asio::awaitable<std::string> read_bytes() override {
    if (held_.empty()) co_await read_some();
    co_return std::exchange(held_, {});
  }

  asio::awaitable<void> write(std::string bytes) override {
    if (tls_) {
      co_await asio::async_write(*tls_, asio::buffer(bytes), asio::use_awaitable);
    } else {
      co_await asio::async_write(socket_, asio::buffer(bytes), asio::use_awaitable);
    }
  }

  asio::awaitable<void> until_gone() override {
    for (bool more = true; more;) {
      held_.clear();
      more = co_await read_some();
    }
  }

  asio::awaitable<void> relay(std::uint16_t port) override {
    tunnel way{socket_.get_executor()};
    co_await way.target.async_connect({asio::ip::address_v4::loopback(), port}, asio::use_awaitable);
    way.target.set_option(tcp::no_delay{true});
    asio::co_spawn(socket_.get_executor(), relay_back(way), asio::detached);
    boost::system::error_code failed;
    for (bool more = true; more && !failed;) {
      co_await asio::async_write(way.target, asio::buffer(held_),
                                 asio::redirect_error(asio::use_awaitable, failed));
      held_.clear();
      if (!failed) more = co_await read_some();
    }
    way.target.close(failed);
    while (!way.back_ended) {
      co_await way.wake.async_wait(asio::redirect_error(asio::use_awaitable, failed));
    }
  }

  void end(fault_ending how) override {
    boost::system::error_code ignored;
    if (how == fault_ending::orderly) say_goodbye();
    if (how == fault_ending::reset) socket_.set_option(asio::socket_base::linger{true, 0}, ignored);
    socket_.close(ignored);
  }

  /// Closes the connection in a way that the client can read the response although it may still be sending: discards
  /// input for up to a second (RFC 9112 §9.6).
  asio::awaitable<void> end_while_client_sends() {
    boost::system::error_code ignored;
    say_goodbye();
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    asio::steady_timer patience{socket_.get_executor(), std::chrono::seconds{1}};
    patience.async_wait([this](boost::system::error_code cancelled) {
      if (!cancelled) socket_.cancel();
    });
    co_await until_gone();
  }

  asio::cancellation_signal stop;  ///< cancels the coroutine that serves the connection

private:
  /// A relay to a target, and whether the target has closed.
  struct tunnel {
    explicit tunnel(const asio::any_io_executor& executor)
        : target{executor}, wake{executor, (asio::steady_timer::time_point::max)()} {}

    tcp::socket target;
    asio::steady_timer wake;
    bool back_ended = false;
  };

  asio::awaitable<void> relay_back(tunnel& way) {
    std::array<char, 4096> bytes;
    boost::system::error_code failed;
    while (!failed) {
      const auto n = co_await way.target.async_read_some(asio::buffer(bytes),
                                                         asio::redirect_error(asio::use_awaitable, failed));
      if (failed) break;
      try {
        co_await write({bytes.data(), n});
      } catch (const boost::system::system_error& e) {
        failed = e.code();
      }
    }
    end(fault_ending::abrupt);
    way.back_ended = true;
    way.wake.cancel();
  }

  /// Sends close_notify. Does not wait for the client's: the socket is non-blocking.
  void say_goodbye() {
    if (!tls_) return;
    boost::system::error_code ignored;
    socket_.non_blocking(true, ignored);
    tls_->shutdown(ignored);
  }

  asio::awaitable<bool> read_some() {
    std::array<char, 4096> bytes;
    boost::system::error_code failed;
    std::size_t n = 0;
    if (tls_) {
      n = co_await tls_->async_read_some(asio::buffer(bytes),
                                         asio::redirect_error(asio::use_awaitable, failed));
    } else {
      n = co_await socket_.async_read_some(asio::buffer(bytes),
                                           asio::redirect_error(asio::use_awaitable, failed));
    }
    held_.append(bytes.data(), n);
    co_return !failed;
  }

  tcp::socket socket_;
  std::optional<asio::ssl::stream<tcp::socket&>> tls_;
  std::shared_ptr<server_counts> counts_;
  std::size_t number_;
  std::string held_;
};

}  // namespace sso::testing::detail
