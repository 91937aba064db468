// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/testing/impl/server_core.ipp>
#include <sso/testing/loopback_server.hpp>

#include <boost/asio/thread_pool.hpp>
#include <boost/beast/http/status.hpp>

namespace sso::testing {

struct loopback_server::server {
  server(std::unique_ptr<asio::thread_pool> own_thread, const asio::any_io_executor& executor,
         async_handler answer, loopback_options options);
  server(const server&) = delete;
  server& operator=(const server&) = delete;
  ~server() {
    core->close(fault_ending::abrupt, true, nullptr);
    if (!thread) return;
    thread->stop();
    thread->join();
  }

  std::unique_ptr<asio::thread_pool> thread;
  std::shared_ptr<detail::server_core> core;
};

namespace detail {

/// Serves the connections of a `loopback_server`.
struct http_service {
  loopback_server::async_handler handle;
  loopback_options options;

  static asio::awaitable<void> converse(std::shared_ptr<const http_service> self, server_core& core,
                                        server_connection& connection) {
    for (std::size_t served = 1;; ++served) {
      request_parser parser;
      parser.body_limit(self->options.body_bytes);
      parser.header_limit(64 * 1024);
      const auto failed = co_await connection.read(parser, nullptr);
      if (failed == boost::beast::http::error::end_of_stream) break;
      if (failed) {
        const unsigned status = failed == boost::beast::http::error::body_limit ? 413 : 400;
        auto refusal = plain(status, failed.message());
        co_await connection.write(std::move(refusal));
        co_await connection.end_while_client_sends();
        co_return;
      }
      ++core.counts->requests;
      bool last = !parser.keep_alive() || served == self->options.requests_per_connection;
      const auto request = convert_request(parser.get(), core.where);
      std::string wire;
      if (!request) {
        wire = plain(501, "unknown method");
        last = true;
      } else {
        const auto response = co_await respond(*self, *request);
        if (response.status == 0) co_return;
        wire = to_wire(response, request->method, last);
      }
      co_await connection.write(std::move(wire));
      if (last) break;
    }
    connection.end(fault_ending::orderly);
  }

  static asio::awaitable<http::response> respond(const http_service& self, const http::request& request) {
    http::response response;
    try {
      response = co_await self.handle(request);
    } catch (const std::exception& e) {
      response = {500, {{"Content-Type", "text/plain"}}, e.what()};
    }
    co_return response;
  }

  static std::string plain(unsigned status, std::string text) {
    bool last = true;
    return to_wire({status, {{"Content-Type", "text/plain"}}, std::move(text)}, http::method::get, last);
  }

  /// @param last whether the connection ends after this response; set if the response requires that
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
};

/// Wraps a synchronous handler as an asynchronous one.
inline loopback_server::async_handler as_async(loopback_server::handler handle) {
  return [handle = std::move(handle)](const http::request& request) -> asio::awaitable<http::response> {
    co_return handle(request);
  };
}

}  // namespace detail

inline loopback_server::server::server(std::unique_ptr<asio::thread_pool> own_thread,
                                       const asio::any_io_executor& executor, async_handler answer,
                                       loopback_options options)
    : thread{std::move(own_thread)} {
  fault_options reached;
  reached.tls = options.tls;
  reached.host = "localhost";
  reached.certificate = options.certificate;
  reached.identity = options.identity;
  reached.client_ca_pem = options.client_ca_pem;
  const auto service = std::make_shared<const detail::http_service>(
      detail::http_service{std::move(answer), std::move(options)});
  core = std::make_shared<detail::server_core>(
      executor,
      [service](detail::server_core& serving, detail::server_connection& connection) {
        return detail::http_service::converse(service, serving, connection);
      },
      reached);
  core->start();
}

SSO_DECL loopback_server::loopback_server(asio::any_io_executor executor, handler answer,
                                          loopback_options options)
    : loopback_server{std::move(executor), detail::as_async(std::move(answer)), std::move(options)} {}

SSO_DECL loopback_server::loopback_server(asio::any_io_executor executor, async_handler answer,
                                          loopback_options options)
    : server_{std::make_unique<server>(nullptr, executor, std::move(answer), std::move(options))} {}

SSO_DECL loopback_server::loopback_server(handler answer, loopback_options options)
    : loopback_server{detail::as_async(std::move(answer)), std::move(options)} {}

SSO_DECL loopback_server::loopback_server(async_handler answer, loopback_options options) {
  auto thread = std::make_unique<asio::thread_pool>(1);
  const asio::any_io_executor executor = thread->get_executor();
  server_ = std::make_unique<server>(std::move(thread), executor, std::move(answer), std::move(options));
}

SSO_DECL loopback_server::~loopback_server() = default;

SSO_DECL std::string loopback_server::base_url() const {
  return to_string(server_->core->where);
}
SSO_DECL http::origin loopback_server::origin() const {
  return server_->core->where;
}
SSO_DECL const std::string& loopback_server::ca_pem() const noexcept {
  return server_->core->ca_pem;
}
SSO_DECL void loopback_server::stop() {
  server_->core->close(fault_ending::abrupt, true, nullptr);
}
SSO_DECL void loopback_server::drop_connections() {
  server_->core->close(fault_ending::abrupt, false, nullptr);
}
SSO_DECL std::size_t loopback_server::connections() const noexcept {
  return server_->core->counts->accepted;
}
SSO_DECL std::size_t loopback_server::open_connections() const noexcept {
  return server_->core->counts->open;
}
SSO_DECL std::size_t loopback_server::resumptions() const noexcept {
  return server_->core->counts->resumed;
}
SSO_DECL std::size_t loopback_server::requests() const noexcept {
  return server_->core->counts->requests;
}

}  // namespace sso::testing
