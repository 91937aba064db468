// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/testing/certificate.hpp>
#include <sso/testing/fake_keycard.hpp>
#include <sso/testing/loopback_server.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/system/system_error.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;
namespace http = sso::http;
using sso::testing::certificate_authority;
using sso::testing::loopback_options;
using sso::testing::loopback_server;
using tcp = asio::ip::tcp;

namespace {

using incoming = beast_http::response<beast_http::string_body>;

/// A blocking client with one connection, independent of the library.
class plain_client {
public:
  explicit plain_client(const loopback_server& server) {
    socket_.connect({asio::ip::address_v4::loopback(), server.origin().port});
  }

  void write_raw(std::string_view text) { asio::write(socket_, asio::buffer(text.data(), text.size())); }
  incoming exchange(beast_http::verb verb, std::string_view target) {
    beast_http::request<beast_http::string_body> request{verb, {target.data(), target.size()}, 11};
    beast_http::write(socket_, request);
    return read();
  }
  incoming read() {
    incoming response;
    beast_http::read(socket_, buffer_, response);
    return response;
  }

private:
  asio::io_context io_;
  tcp::socket socket_{io_};
  boost::beast::flat_buffer buffer_;
};

/// The same over TLS, with verified chain and name.
class tls_client {
public:
  tls_client(const loopback_server& server, const std::string& trusted, const std::string& name = "localhost",
             const sso::testing::certificate* own = nullptr) {
    context_.set_verify_mode(asio::ssl::verify_peer);
    context_.add_certificate_authority(asio::buffer(trusted));
    context_.set_verify_callback(asio::ssl::host_name_verification{name});
    if (own) {
      context_.use_certificate_chain(asio::buffer(own->certificate_pem));
      context_.use_private_key(asio::buffer(own->key_pem), asio::ssl::context::pem);
    }
    stream_ = std::make_unique<asio::ssl::stream<tcp::socket>>(io_, context_);
    stream_->next_layer().connect({asio::ip::address_v4::loopback(), server.origin().port});
    stream_->handshake(asio::ssl::stream_base::client);
  }
  explicit tls_client(const loopback_server& server) : tls_client{server, server.ca_pem()} {}

  incoming exchange(beast_http::verb verb, std::string_view target, std::string body = {},
                    std::string_view authorization = {}) {
    beast_http::request<beast_http::string_body> request{verb, {target.data(), target.size()}, 11};
    request.set(beast_http::field::host, "localhost");
    request.set("X-Sent", "as written");
    if (!body.empty()) request.set(beast_http::field::content_type, "application/x-www-form-urlencoded");
    if (!authorization.empty()) {
      request.set(beast_http::field::authorization, {authorization.data(), authorization.size()});
    }
    request.body() = std::move(body);
    request.prepare_payload();
    beast_http::write(*stream_, request);
    return read(verb == beast_http::verb::head);
  }

  incoming read(bool head = false) {
    beast_http::response_parser<beast_http::string_body> parser;
    parser.skip(head);
    beast_http::read(*stream_, buffer_, parser);
    return parser.release();
  }

  /// The error of the next read.
  boost::system::error_code end() {
    boost::system::error_code ended;
    char byte = 0;
    stream_->read_some(asio::buffer(&byte, 1), ended);
    return ended;
  }

private:
  asio::io_context io_;
  asio::ssl::context context_{asio::ssl::context::tls_client};
  std::unique_ptr<asio::ssl::stream<tcp::socket>> stream_;
  boost::beast::flat_buffer buffer_;
};

http::response response_of(unsigned status, std::string body = {}) {
  http::response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

/// Responds with the request.
http::response echo(const http::request& request) {
  auto response =
      response_of(200, std::string{to_string(request.method)} + ' ' + request.target + ' ' + request.body);
  response.headers.add("X-Seen", request.headers.get("x-sent").value_or("nothing"));
  response.headers.add("X-Origin", to_string(request.origin));
  return response;
}

std::string_view field(const incoming& response, std::string_view name) {
  const auto value = response[{name.data(), name.size()}];
  return {value.data(), value.size()};
}

}  // namespace

TEST_CASE("loopback_server: passes requests unchanged and keeps the connection open") {
  loopback_server server{echo};
  CHECK(server.base_url() == "https://localhost:" + std::to_string(server.origin().port));
  tls_client client{server};
  const auto first = client.exchange(beast_http::verb::post, "/a%2Fb/c?d=%20e&f", "body");
  CHECK(first.result_int() == 200);
  CHECK(first.body() == "POST /a%2Fb/c?d=%20e&f body");
  CHECK(field(first, "X-Seen") == "as written");
  CHECK(field(first, "X-Origin") == server.base_url());
  CHECK(field(first, "Connection").empty());
  CHECK(client.exchange(beast_http::verb::patch, "/2").body() == "PATCH /2 ");
  CHECK(client.exchange(beast_http::verb::delete_, "/3").body() == "DELETE /3 ");
  CHECK(server.connections() == 1);
  CHECK(server.open_connections() == 1);
  CHECK(server.requests() == 3);
  tls_client other{server};
  CHECK(other.exchange(beast_http::verb::get, "/").body() == "GET / ");
  CHECK(server.connections() == 2);
}

TEST_CASE("loopback_server: serves plain HTTP if TLS is off") {
  loopback_options options;
  options.tls = false;
  loopback_server server{echo, options};
  CHECK(server.base_url() == "http://localhost:" + std::to_string(server.origin().port));
  CHECK(server.ca_pem().empty());
  plain_client client{server};
  CHECK(client.exchange(beast_http::verb::get, "/one").body() == "GET /one ");
  CHECK(client.exchange(beast_http::verb::get, "/two").body() == "GET /two ");
}

TEST_CASE("loopback_server: has a certificate for localhost and the loopback addresses only") {
  loopback_server server{echo};
  for (const auto* name : {"localhost", "127.0.0.1", "::1"}) {
    CAPTURE(name);
    CHECK_NOTHROW(tls_client{server, server.ca_pem(), name});
  }
  CHECK_THROWS(tls_client{server, server.ca_pem(), "example.com"});
  CHECK_THROWS(tls_client{server, certificate_authority{}.pem()});
  CHECK(server.requests() == 0);
}

TEST_CASE("loopback_server: presents an invalid certificate if configured") {
  loopback_options options;
  SECTION("expired") {
    options.certificate.valid_until = std::chrono::seconds{-60};
  }
  SECTION("not yet valid") {
    options.certificate.valid_from = std::chrono::seconds{3600};
  }
  SECTION("for another host") {
    options.certificate.dns_names = {"example.com"};
    options.certificate.ip_addresses.clear();
  }
  SECTION("for no host") {
    options.certificate.dns_names.clear();
    options.certificate.ip_addresses.clear();
  }
  loopback_server server{echo, options};
  CHECK_THROWS(tls_client{server});
}

TEST_CASE("loopback_server: uses a given certificate and key") {
  const certificate_authority authority{"another authority"};
  loopback_options options;
  options.identity = authority.issue();
  loopback_server server{echo, options};
  CHECK(server.ca_pem().empty());
  CHECK(tls_client{server, authority.pem()}.exchange(beast_http::verb::get, "/").result_int() == 200);
}

TEST_CASE("loopback_server: requires a client certificate if configured") {
  const certificate_authority clients{"clients"};
  const auto member = clients.issue();
  const auto stranger = certificate_authority{"strangers"}.issue();
  loopback_options options;
  options.client_ca_pem = clients.pem();
  loopback_server server{echo, options};
  tls_client known{server, server.ca_pem(), "localhost", &member};
  CHECK(known.exchange(beast_http::verb::get, "/").result_int() == 200);
  const auto refused = [&](const sso::testing::certificate* shown) {
    tls_client client{server, server.ca_pem(), "localhost", shown};
    return client.exchange(beast_http::verb::get, "/");  // TLS 1.3 reports the refusal only now
  };
  CHECK_THROWS(refused(nullptr));
  CHECK_THROWS(refused(&stranger));
  CHECK(server.requests() == 1);
}

TEST_CASE("loopback_server: frames responses without a body as HTTP requires") {
  loopback_server server{[](const http::request& request) {
    return request.target == "/204" ? response_of(204) : response_of(200, "0123456789");
  }};
  tls_client client{server};
  const auto none = client.exchange(beast_http::verb::delete_, "/204");
  CHECK(none.result_int() == 204);
  CHECK(none.reason() == "No Content");
  CHECK(field(none, "Content-Length").empty());
  const auto head = client.exchange(beast_http::verb::head, "/");
  CHECK(field(head, "Content-Length") == "10");
  CHECK(client.exchange(beast_http::verb::get, "/").body() == "0123456789");
}

TEST_CASE("loopback_server: simulates connection faults") {
  loopback_server server{[](const http::request& request) {
    auto response = response_of(200, "short");
    if (request.target == "/silent") response.status = 0;
    if (request.target == "/truncated") response.headers.set("Content-Length", "100");
    if (request.target == "/exact") response.headers.set("Content-Length", "5");
    if (request.target == "/chunked") {
      response.headers.set("Transfer-Encoding", "chunked");
      response.body = "5\r\nhello\r\n0\r\n\r\n";
    }
    if (request.target == "/throws") throw std::runtime_error{"out of order"};
    return response;
  }};
  tls_client client{server};
  CHECK(client.exchange(beast_http::verb::get, "/exact").body() == "short");
  const auto thrown = client.exchange(beast_http::verb::get, "/throws");
  CHECK(thrown.result_int() == 500);
  CHECK(thrown.body() == "out of order");
  CHECK(client.exchange(beast_http::verb::get, "/chunked").body() == "hello");
  CHECK(client.end() == asio::error::eof);
  CHECK_THROWS(tls_client{server}.exchange(beast_http::verb::get, "/silent"));
  CHECK_THROWS(tls_client{server}.exchange(beast_http::verb::get, "/truncated"));
  CHECK(server.requests() == 5);
}

TEST_CASE("loopback_server: closes a connection after the given number of requests") {
  loopback_options options;
  options.requests_per_connection = 2;
  loopback_server server{echo, options};
  tls_client client{server};
  CHECK(field(client.exchange(beast_http::verb::get, "/1"), "Connection").empty());
  CHECK(field(client.exchange(beast_http::verb::get, "/2"), "Connection") == "close");
  CHECK(client.end() == asio::error::eof);
}

TEST_CASE("loopback_server: refuses an invalid request") {
  loopback_options options;
  options.tls = false;
  options.body_bytes = 4;
  loopback_server server{echo, options};
  const auto status_of = [&](std::string_view text) {
    plain_client client{server};
    client.write_raw(text);
    return client.read().result_int();
  };
  CHECK(status_of("no request at all\r\n\r\n") == 400);
  CHECK(status_of("GET / HTTP/1.1\r\nbad header\r\n\r\n") == 400);
  CHECK(status_of("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n12345") == 413);
  CHECK(status_of("BREW / HTTP/1.1\r\nHost: a\r\n\r\n") == 501);
  CHECK(status_of("POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\n1234") == 200);
}

TEST_CASE("loopback_server: closes its connections and accepts new ones") {
  loopback_server server{echo};
  tls_client client{server};
  CHECK(client.exchange(beast_http::verb::get, "/").result_int() == 200);
  server.drop_connections();
  CHECK(client.end() == asio::ssl::error::stream_truncated);
  CHECK(tls_client{server}.exchange(beast_http::verb::get, "/").result_int() == 200);
}

TEST_CASE("loopback_server: closes its connections when stopped even while a handler waits") {
  std::atomic<bool> asked{false};
  auto server = std::make_unique<loopback_server>(
      [&asked](const http::request& request) -> asio::awaitable<http::response> {
        if (request.target == "/forever") {
          asked = true;
          asio::steady_timer timer{co_await asio::this_coro::executor};
          timer.expires_at(std::chrono::steady_clock::time_point::max());
          co_await timer.async_wait(asio::use_awaitable);
        }
        co_return response_of(200, request.target);
      });
  tls_client idle{*server};
  CHECK(idle.exchange(beast_http::verb::get, "/now").body() == "/now");
  tls_client waiting{*server};
  bool broken = false;
  std::thread waiter{[&] {
    try {
      waiting.exchange(beast_http::verb::get, "/forever");
    } catch (const boost::system::system_error&) {
      broken = true;
    }
  }};
  while (!asked) std::this_thread::yield();
  SECTION("by its destructor") {}
  SECTION("by stop") {
    server->stop();
    CHECK(idle.end());
    waiter.join();
    CHECK_THROWS(tls_client{*server});
  }
  const auto where = server->origin();
  server.reset();
  if (waiter.joinable()) waiter.join();
  CHECK(broken);
  asio::io_context io;
  tcp::socket socket{io};
  boost::system::error_code refused;
  socket.connect({asio::ip::address_v4::loopback(), where.port}, refused);
  CHECK(refused == asio::error::connection_refused);
}

TEST_CASE("loopback_server: calls its handler from one thread at a time on a thread pool") {
  asio::thread_pool threads{4};
  int inside = 0;  // not atomic: ThreadSanitizer reports a race
  int calls = 0;
  {
    loopback_server server{threads.get_executor(), loopback_server::handler{[&](const http::request&) {
                             ++inside;
                             ++calls;
                             const auto status = inside == 1 ? 200u : 500u;
                             --inside;
                             return response_of(status);
                           }}};
    std::vector<std::thread> clients;
    std::atomic<int> good{0};
    for (int i = 0; i != 4; ++i) {
      clients.emplace_back([&] {
        tls_client client{server};
        for (int n = 0; n != 50; ++n) good += client.exchange(beast_http::verb::get, "/").result_int() == 200;
      });
    }
    for (auto& one : clients) one.join();
    CHECK(good == 200);
    CHECK(server.requests() == 200);
    CHECK(server.connections() == 4);
  }
  threads.join();
  CHECK(calls == 200);
}

TEST_CASE("loopback_server: leaks nothing on an executor that never runs") {
  auto shared = std::make_shared<int>(0);
  const std::weak_ptr<int> watch = shared;
  {
    asio::io_context io;
    {
      loopback_server server{io.get_executor(),
                             loopback_server::handler{[held = std::move(shared)](const http::request&) {
                               return response_of(200 + static_cast<unsigned>(*held));
                             }}};
      CHECK_FALSE(watch.expired());
    }
  }
  CHECK(watch.expired());
}

TEST_CASE("loopback_server: serves a fake service over TLS") {
  sso::testing::fake_keycard keycard;
  keycard.add_organization().add_client();
  loopback_server server{keycard};
  tls_client client{server};
  CHECK(client.exchange(beast_http::verb::get, "/organizations/acme/sso-connection").result_int() == 401);
  // client:client-secret
  const auto token = client.exchange(beast_http::verb::post, "/service-account-token",
                                     "grant_type=client_credentials", "Basic Y2xpZW50OmNsaWVudC1zZWNyZXQ=");
  CHECK(token.result_int() == 200);
  CHECK(keycard.tokens_issued() == 1);
}
