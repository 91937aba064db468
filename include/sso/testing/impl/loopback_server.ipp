// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/testing/loopback_server.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>

#include <atomic>
#include <chrono>
#include <exception>
#include <set>
#include <string_view>
#include <utility>

namespace sso::testing {

struct loopback_server::thread {
  asio::thread_pool pool{1};
};

struct loopback_server::server : std::enable_shared_from_this<server> {
  using tcp = asio::ip::tcp;
  using strand = asio::strand<asio::any_io_executor>;
  using tls_stream = asio::ssl::stream<boost::beast::tcp_stream>;

  /// A connection and the means to end it.
  struct link {
    explicit link(tcp::socket socket, asio::ssl::context& tls) : stream{std::move(socket), tls} {}

    void close() {
      boost::system::error_code ignored;
      stream.next_layer().socket().close(ignored);
      stop.emit(asio::cancellation_type::terminal);
    }

    tls_stream stream;  // plain HTTP uses the layer below alone
    asio::cancellation_signal stop;
  };

  server(const asio::any_io_executor& executor, handler now, async_handler later, loopback_options given)
      : work{asio::make_strand(executor)},
        acceptor{work},
        answer_now{std::move(now)},
        answer_later{std::move(later)},
        options{std::move(given)} {
    if (options.tls) prepare_tls();
    const tcp::endpoint any_port{asio::ip::address_v4::loopback(), 0};
    acceptor.open(any_port.protocol());
    acceptor.bind(any_port);
    acceptor.listen();
    where.scheme = options.tls ? "https" : "http";
    where.host = "localhost";
    where.port = acceptor.local_endpoint().port();
  }

  void prepare_tls() {
    auto identity = options.identity;
    if (!identity) {
      const certificate_authority authority;
      identity = authority.issue(options.certificate);
      ca_pem = authority.pem();
    }
    tls.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 |
                    asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 |
                    asio::ssl::context::no_tlsv1_1);
    tls.use_certificate_chain(asio::buffer(identity->certificate_pem + identity->chain_pem));
    tls.use_private_key(asio::buffer(identity->key_pem), asio::ssl::context::pem);
    if (!options.client_ca_pem.empty()) {
      tls.add_certificate_authority(asio::buffer(options.client_ca_pem));
      tls.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
    }
    constexpr unsigned char name[] = "loopback_server";
    SSL_CTX_set_session_id_context(tls.native_handle(), name, sizeof name - 1);
  }

  void start() { asio::co_spawn(work, accept(shared_from_this()), asio::detached); }

  void stop() {
    asio::post(work, [self = shared_from_this()] {
      boost::system::error_code ignored;
      self->acceptor.close(ignored);
      self->close_all();
    });
  }

  void drop_connections() {
    asio::post(work, [self = shared_from_this()] { self->close_all(); });
  }

  void close_all() {
    const auto all = links;
    for (const auto& one : all) one->close();
  }

  static asio::awaitable<void> accept(std::shared_ptr<server> self) {
    while (self->acceptor.is_open()) {
      boost::system::error_code failed;
      auto socket =
          co_await self->acceptor.async_accept(self->work, asio::redirect_error(asio::use_awaitable, failed));
      if (failed == asio::error::operation_aborted) co_return;
      if (failed) {  // out of descriptors: some may be given back soon
        asio::steady_timer pause{self->work, std::chrono::milliseconds{10}};
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, failed));
        continue;
      }
      socket.set_option(tcp::no_delay{true}, failed);
      auto made = std::make_shared<link>(std::move(socket), self->tls);
      self->links.insert(made);
      ++self->accepted;
      ++self->open;
      asio::co_spawn(self->work, serve(self, made),
                     asio::bind_cancellation_slot(made->stop.slot(), [self, made](std::exception_ptr) {
                       self->links.erase(made);
                       --self->open;
                     }));
    }
  }

  static asio::awaitable<void> serve(std::shared_ptr<server> self, std::shared_ptr<link> one) {
    if (!self->options.tls) {
      co_await converse(self, one->stream.next_layer());
      boost::system::error_code ignored;
      one->stream.next_layer().socket().shutdown(tcp::socket::shutdown_send, ignored);
      co_return;
    }
    boost::system::error_code failed;
    co_await one->stream.async_handshake(asio::ssl::stream_base::server,
                                         asio::redirect_error(asio::use_awaitable, failed));
    if (failed) co_return;
    if (SSL_session_reused(one->stream.native_handle()) == 1) ++self->resumed;
    const bool politely = co_await converse(self, one->stream);
    if (!politely) co_return;
    one->stream.next_layer().expires_after(std::chrono::seconds{1});  // a peer may never answer close_notify
    co_await one->stream.async_shutdown(asio::redirect_error(asio::use_awaitable, failed));
  }

  /// Serves requests until the connection is to end; true if that is worth telling the peer.
  template <class Stream>
  static asio::awaitable<bool> converse(std::shared_ptr<server> self, Stream& stream) {
    namespace beast_http = boost::beast::http;
    boost::beast::flat_buffer buffer;
    for (std::size_t served = 1;; ++served) {
      beast_http::request_parser<beast_http::string_body> parser;
      parser.body_limit(self->options.body_bytes);
      parser.header_limit(64 * 1024);
      boost::system::error_code failed;
      co_await beast_http::async_read(stream, buffer, parser,
                                      asio::redirect_error(asio::use_awaitable, failed));
      if (failed == beast_http::error::end_of_stream) co_return true;
      std::string wire;
      bool last = true;
      if (failed) {
        if (failed.category() != beast_http::make_error_code(beast_http::error::bad_method).category()) {
          co_return false;
        }
        wire = plain(failed == beast_http::error::body_limit ? 413 : 400, failed.message());
      } else {
        ++self->read;
        last = !parser.keep_alive() || served == self->options.requests_per_connection;
        const auto request = convert(parser.get(), self->where);
        if (!request) {
          wire = plain(501, "unknown method");
        } else {
          auto response = co_await self->answer(*request);
          if (response.status == 0) co_return false;
          wire = to_wire(response, request->method, last);
        }
      }
      co_await asio::async_write(stream, asio::buffer(wire),
                                 asio::redirect_error(asio::use_awaitable, failed));
      if (failed) co_return false;
      if (last) co_return true;
    }
  }

  asio::awaitable<http::response> answer(const http::request& request) {
    http::response response;
    try {
      if (answer_now) {
        response = answer_now(request);
      } else {
        response = co_await answer_later(request);
      }
    } catch (const std::exception& e) {
      response.status = 500;
      response.headers.add("Content-Type", "text/plain");
      response.body = e.what();
    }
    co_return response;
  }

  template <class Message>
  static std::optional<http::request> convert(Message& message, const http::origin& where) {
    http::request out;
    const std::string_view verb{message.method_string().data(), message.method_string().size()};
    bool known = false;
    for (const auto method : {http::method::get, http::method::head, http::method::post, http::method::put,
                              http::method::patch, http::method::delete_}) {
      if (to_string(method) != verb) continue;
      out.method = method;
      known = true;
    }
    if (!known) return std::nullopt;
    out.origin = where;
    out.target = std::string{message.target().data(), message.target().size()};
    for (const auto& field : message) {
      out.headers.add({field.name_string().data(), field.name_string().size()},
                      {field.value().data(), field.value().size()});
    }
    out.body = std::move(message.body());
    return out;
  }

  static std::string plain(unsigned status, std::string text) {
    http::response response;
    response.status = status;
    response.headers.add("Content-Type", "text/plain");
    response.body = std::move(text);
    bool last = true;
    return to_wire(response, http::method::get, last);
  }

  /// `last`, whether the connection ends behind this response, goes in and out.
  static std::string to_wire(const http::response& response, http::method method, bool& last) {
    const auto connection = response.headers.get("Connection");
    const auto length = response.headers.get("Content-Length");
    const auto true_length = std::to_string(response.body.size());
    const bool raw = response.headers.contains("Transfer-Encoding") || (length && *length != true_length);
    last = last || raw || (connection && sso::detail::iequals(*connection, "close"));
    const auto reason =
        boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(response.status));
    std::string out = "HTTP/1.1 " + std::to_string(response.status) + ' ';
    out.append(reason.data(), reason.size()).append("\r\n").append(response.headers.wire());
    const bool bodiless = response.status == 204 || response.status == 304;
    if (!raw && !bodiless && !length) out.append("Content-Length: ").append(true_length).append("\r\n");
    if (last && !connection) out.append("Connection: close\r\n");
    out.append("\r\n");
    if (raw || (!bodiless && method != http::method::head)) out.append(response.body);
    return out;
  }

  const strand work;
  tcp::acceptor acceptor;
  asio::ssl::context tls{asio::ssl::context::tls_server};
  const handler answer_now;
  const async_handler answer_later;
  const loopback_options options;
  http::origin where;
  std::string ca_pem;
  std::set<std::shared_ptr<link>> links;  // touched on the strand only
  std::atomic<std::size_t> accepted{0};
  std::atomic<std::size_t> open{0};
  std::atomic<std::size_t> resumed{0};
  std::atomic<std::size_t> read{0};
};

SSO_DECL loopback_server::loopback_server(asio::any_io_executor executor, handler answer,
                                          loopback_options options)
    : server_{std::make_shared<server>(executor, std::move(answer), nullptr, std::move(options))} {
  server_->start();
}

SSO_DECL loopback_server::loopback_server(asio::any_io_executor executor, async_handler answer,
                                          loopback_options options)
    : server_{std::make_shared<server>(executor, nullptr, std::move(answer), std::move(options))} {
  server_->start();
}

SSO_DECL loopback_server::loopback_server(handler answer, loopback_options options)
    : thread_{std::make_unique<thread>()},
      server_{std::make_shared<server>(thread_->pool.get_executor(), std::move(answer), nullptr,
                                       std::move(options))} {
  server_->start();
}

SSO_DECL loopback_server::loopback_server(async_handler answer, loopback_options options)
    : thread_{std::make_unique<thread>()},
      server_{std::make_shared<server>(thread_->pool.get_executor(), nullptr, std::move(answer),
                                       std::move(options))} {
  server_->start();
}

SSO_DECL loopback_server::~loopback_server() {
  stop();
  if (!thread_) return;
  thread_->pool.stop();
  thread_->pool.join();
}

SSO_DECL std::string loopback_server::base_url() const {
  return to_string(server_->where);
}
SSO_DECL http::origin loopback_server::origin() const {
  return server_->where;
}
SSO_DECL const std::string& loopback_server::ca_pem() const noexcept {
  return server_->ca_pem;
}
SSO_DECL void loopback_server::stop() {
  server_->stop();
}
SSO_DECL void loopback_server::drop_connections() {
  server_->drop_connections();
}
SSO_DECL std::size_t loopback_server::connections() const noexcept {
  return server_->accepted;
}
SSO_DECL std::size_t loopback_server::open_connections() const noexcept {
  return server_->open;
}
SSO_DECL std::size_t loopback_server::resumptions() const noexcept {
  return server_->resumed;
}
SSO_DECL std::size_t loopback_server::requests() const noexcept {
  return server_->read;
}

}  // namespace sso::testing
