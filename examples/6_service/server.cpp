// SPDX-License-Identifier: BSL-1.0
#include "server.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <algorithm>
#include <exception>
#include <iostream>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace service {
namespace {

namespace beast = boost::beast;
using asio::ip::tcp;
using namespace std::chrono_literals;
using request = beast::http::request<beast::http::string_body>;
using response = beast::http::response<beast::http::string_body>;
using boost::system::error_code;

constexpr std::size_t longest_body = 64 * 1024;
constexpr auto idle_limit = 60s;
constexpr auto write_limit = 10s;
constexpr auto last_write_limit = 1s;

std::optional<sso::http::request> convert(request&& from) {
  constexpr std::pair<beast::http::verb, sso::http::method> methods[] = {
      {beast::http::verb::get, sso::http::method::get},
      {beast::http::verb::head, sso::http::method::head},
      {beast::http::verb::post, sso::http::method::post},
      {beast::http::verb::put, sso::http::method::put},
      {beast::http::verb::patch, sso::http::method::patch},
      {beast::http::verb::delete_, sso::http::method::delete_}};
  for (const auto& [theirs, ours] : methods) {
    if (from.method() != theirs) continue;
    sso::http::request out;
    out.method = ours;
    out.target = std::string{from.target()};
    for (const auto& field : from)
      out.headers.add(std::string{field.name_string()}, std::string{field.value()});
    out.body = std::move(from.body());
    return out;
  }
  return std::nullopt;
}

response convert(sso::http::response&& from, unsigned version) {
  response out;
  out.version(version);
  out.result(from.status);
  for (const auto field : from.headers) out.set(std::string{field.name}, std::string{field.value});
  out.body() = std::move(from.body);
  return out;
}

}  // namespace

/// A connection. Used only on the thread of the event loop.
struct session {
  explicit session(tcp::socket socket) : stream{std::move(socket)} {}

  beast::tcp_stream stream;
  asio::cancellation_signal cancel;  ///< of the request in progress
  bool reading = true;               ///< waits for a request or the rest of a request
  bool handling = false;             ///< the handler runs
  bool gone = false;                 ///< the peer has closed the connection
};

struct server::state : std::enable_shared_from_this<state> {
  state(asio::io_context& loop, std::uint16_t port, handler with)
      : io{loop},
        acceptor{loop, {asio::ip::address_v4::loopback(), port}},
        bound{loop},
        handle{std::move(with)} {}

  static asio::awaitable<void> accept(std::shared_ptr<state> self) {
    for (;;) {
      error_code failed;
      auto socket = co_await self->acceptor.async_accept(asio::redirect_error(asio::use_awaitable, failed));
      if (self->draining) co_return;
      if (failed) {  // e.g. out of file descriptors: try again after a pause
        asio::steady_timer pause{self->io, 100ms};
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, failed));
        continue;
      }
      auto made = std::make_shared<session>(std::move(socket));
      self->sessions.insert(made);
      asio::co_spawn(self->io, serve(self, made), [self, made](std::exception_ptr) {
        self->sessions.erase(made);
        if (self->draining && self->sessions.empty()) self->bound.cancel();
      });
    }
  }

  static asio::awaitable<void> serve(std::shared_ptr<state> self, std::shared_ptr<session> one) {
    beast::flat_buffer buffer;
    while (!self->draining) {
      beast::http::request_parser<beast::http::string_body> parser;
      parser.body_limit(longest_body);
      error_code failed;
      one->reading = true;
      one->stream.expires_after(idle_limit);
      co_await beast::http::async_read(one->stream, buffer, parser,
                                       asio::redirect_error(asio::use_awaitable, failed));
      one->reading = false;
      const bool too_long = failed == beast::http::error::body_limit;
      if (failed && !too_long) break;  // closed, or not HTTP
      one->stream.expires_never();     // the handler has its own deadline

      const auto version = parser.get().version();
      const bool keep = !too_long && parser.keep_alive();
      response out;
      if (too_long) {
        out = convert({413, {}, {}}, version);
      } else if (auto request = convert(parser.release())) {
        auto made = co_await respond(self, one, std::move(*request));
        if (one->gone) break;
        out = convert(std::move(made), version);
      } else {
        out = convert({501, {}, {}}, version);
      }

      out.keep_alive(keep && !self->draining);
      out.prepare_payload();
      one->stream.expires_after(self->out_of_time ? last_write_limit : write_limit);
      co_await beast::http::async_write(one->stream, out, asio::redirect_error(asio::use_awaitable, failed));
      if (failed || !out.keep_alive()) break;
    }
    error_code ignored;
    one->stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
  }

  static asio::awaitable<sso::http::response>
  respond(std::shared_ptr<state> self, std::shared_ptr<session> one, sso::http::request request) {
    const auto started = std::chrono::steady_clock::now();
    std::string line{to_string(request.method)};
    line.append(" ").append(request.target);
    // If the peer closes the connection, a read is cancelled. A write is finished: cancelled, its outcome would be
    // unknown.
    if (request.method == sso::http::method::get) asio::co_spawn(self->io, watch(one), asio::detached);

    one->handling = true;
    sso::http::response out{500, {}, {}};
    try {
      out = co_await asio::co_spawn(self->io, self->handle(std::move(request)),
                                    asio::bind_cancellation_slot(one->cancel.slot(), asio::use_awaitable));
    } catch (const std::exception& e) {
      std::clog << line << ": " << e.what() << std::endl;
    }
    one->handling = false;
    error_code ignored;
    if (!one->gone) one->stream.socket().cancel(ignored);  // ends `watch`

    const auto took = std::chrono::steady_clock::now() - started;
    std::clog << line << (one->gone ? ": peer went away" : ": " + std::to_string(out.status)) << " after "
              << std::chrono::duration_cast<std::chrono::milliseconds>(took).count() << " ms" << std::endl;
    co_return out;
  }

  /// Cancels the request in progress when the peer closes the connection.
  static asio::awaitable<void> watch(std::shared_ptr<session> one) {
    auto& socket = one->stream.socket();
    error_code failed;
    co_await socket.async_wait(tcp::socket::wait_read, asio::redirect_error(asio::use_awaitable, failed));
    if (failed || !one->handling) co_return;
    char next = 0;
    const auto size = socket.receive(asio::buffer(&next, 1), tcp::socket::message_peek, failed);
    if (size != 0) co_return;  // the next request (pipelining): it is read later
    one->gone = true;
    one->cancel.emit(asio::cancellation_type::terminal);
  }

  void shut_down(std::chrono::milliseconds limit) {
    draining = true;
    error_code ignored;
    acceptor.close(ignored);
    for (const auto& one : sessions) {
      if (one->reading) one->stream.cancel();
    }
    if (sessions.empty()) return;
    bound.expires_after(limit);
    bound.async_wait([self = shared_from_this()](error_code stopped) {
      if (stopped) return;
      self->out_of_time = true;
      for (const auto& one : self->sessions) {
        ++self->cancelled_count;
        if (one->handling) {
          one->cancel.emit(asio::cancellation_type::terminal);
        } else {
          one->stream.cancel();
        }
      }
    });
  }

  asio::io_context& io;
  tcp::acceptor acceptor;
  asio::steady_timer bound;
  handler handle;
  std::set<std::shared_ptr<session>> sessions;
  bool draining = false;
  bool out_of_time = false;
  std::size_t cancelled_count = 0;
};

server::server(asio::io_context& io, std::uint16_t port, handler handle)
    : state_{std::make_shared<state>(io, port, std::move(handle))} {
  asio::co_spawn(io, state::accept(state_), asio::detached);
}

server::~server() = default;

std::uint16_t server::port() const {
  return state_->acceptor.local_endpoint().port();
}
std::size_t server::in_progress() const {
  const auto& all = state_->sessions;
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [](const auto& one) { return !one->reading; }));
}
std::size_t server::cancelled_count() const {
  return state_->cancelled_count;
}
void server::shut_down(std::chrono::milliseconds bound) {
  state_->shut_down(bound);
}

}  // namespace service
