// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "child.hpp"
#include "gate.hpp"
#include "service_program.hpp"  // made by CMake: where it is

#include <sso/testing/fake_keycard.hpp>
#include <sso/testing/loopback_server.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

/// A client of the service that waits like `curl`.
class visitor {
public:
  explicit visitor(std::uint16_t port) { socket_.connect({asio::ip::address_v4::loopback(), port}); }

  void send(const std::string& method, const std::string& target, const std::string& body = {}) {
    const auto length = body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n";
    asio::write(socket_, asio::buffer(method + ' ' + target + " HTTP/1.1\r\nHost: localhost\r\n" + length +
                                      "\r\n" + body));
  }
  struct response {
    int status = 0;
    std::string head;
    std::string body;
  };
  response receive() {
    const auto head = asio::read_until(socket_, asio::dynamic_buffer(buffer_), "\r\n\r\n");
    response out{std::stoi(buffer_.substr(9, 3)), buffer_.substr(0, head), {}};
    const auto at = out.head.find("Content-Length: ");
    const auto length = at == out.head.npos ? 0 : std::stoul(out.head.substr(at + 16));
    while (buffer_.size() < head + length) {
      char more[1024];
      buffer_.append(more, socket_.read_some(asio::buffer(more)));
    }
    out.body = buffer_.substr(head, length);
    buffer_.erase(0, head + length);
    return out;
  }
  response ask(const std::string& method, const std::string& target, const std::string& body = {}) {
    send(method, target, body);
    return receive();
  }
  /// Whether the service ends the connection.
  bool at_end() {
    char next = 0;
    boost::system::error_code failed;
    return socket_.read_some(asio::buffer(&next, 1), failed) == 0;
  }
  void hang_up() { socket_.close(); }

private:
  asio::io_context io_;
  tcp::socket socket_{io_};
  std::string buffer_;
};

/// Keycard on loopback, and the service in a process of its own.
struct world {
  world() {
    std::ofstream{authority} << server.ca_pem();
    keycard.add_organization("acme").add_client("id", "secret");
  }
  ~world() {
    hold.open();
    std::remove(authority.c_str());
  }
  void launch(std::map<std::string, std::string> more = {}) {
    child::start start{service_program, {}, std::move(more), {}};
    start.environment.insert({{"KEYCARD_API_CLIENT_ID", "id"},
                              {"KEYCARD_API_CLIENT_SECRET", "secret"},
                              {"KEYCARD_API_BASE_URL", server.base_url()},
                              {"SSL_CERT_FILE", authority},
                              {"SERVICE_PORT", "0"}});
    service.emplace(start);
    const auto said = service->until_out("\n");
    const auto colon = said.rfind(':');
    port = static_cast<std::uint16_t>(std::stoi(said.substr(colon + 1)));
  }

  gate hold;
  sso::testing::fake_keycard keycard;
  sso::testing::loopback_server server{[this](const sso::http::request& request) {
    if (!request.target.ends_with("service-account-token")) hold.pass();
    return keycard(request);
  }};
  std::string authority = "/tmp/service_test_" + std::to_string(::getpid()) + ".pem";
  std::optional<child> service;
  std::uint16_t port = 0;
};

const std::string path = "/organizations/acme/sso";
const std::string provider =
    R"({"identifier": "https://idp.example.com", "client_id": "portal", "client_secret": "s3cret"})";

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE_METHOD(world, "the service enables and shows and disables SSO", "[service]") {
  launch();
  visitor admin{port};
  CHECK(admin.ask("GET", "/healthz").status == 204);
  CHECK(admin.ask("GET", path).status == 404);

  const auto made = admin.ask("PUT", path, provider);
  CHECK(made.status == 201);
  CHECK(has(made.body, R"("identifier":"https://idp.example.com")"));
  CHECK(has(made.body, R"("client_secret_set":true)"));
  CHECK(keycard.has_client_secret("acme", "s3cret"));
  CHECK(admin.ask("PUT", path, provider).status == 200);
  CHECK(admin.ask("GET", path).status == 200);

  CHECK(admin.ask("DELETE", path).status == 204);
  CHECK(admin.ask("DELETE", path).status == 204);
  CHECK_FALSE(keycard.enabled("acme"));

  CHECK(admin.ask("GET", "/organizations/%2e%2e/sso").status == 400);
  CHECK(admin.ask("GET", "/organizations").status == 404);
  CHECK(admin.ask("PATCH", path).status == 405);
  CHECK(admin.ask("PUT", path, "no JSON").status == 400);
  keycard.fail_next(503, {{"Retry-After", "3600"}});
  const auto busy = admin.ask("GET", path);
  CHECK(busy.status == 503);
  CHECK(has(busy.head, "Retry-After: 3600\r\n"));
  keycard.fail_next(500);
  const auto unknown = admin.ask("PUT", path, provider);
  CHECK(unknown.status == 502);
  CHECK(has(unknown.body, "Look before you try again"));
  CHECK(admin.ask("PUT", path, std::string(100'000, 'x')).status == 413);
  CHECK(admin.at_end());

  CHECK(keycard.tokens_issued() == 1);
  CHECK(server.connections() <= 2);  // shared, and kept

  service->signal(SIGTERM);
  const auto ended = service->wait();
  CHECK(ended.status == 0);
  CHECK_FALSE(has(ended.out + ended.err, "s3cret"));
}

TEST_CASE_METHOD(world,
                 "after SIGTERM the service refuses connections and completes its requests in progress",
                 "[service]") {
  launch();
  keycard.add_connection("acme");
  visitor idle{port};
  CHECK(idle.ask("GET", "/healthz").status == 204);
  hold.close();
  visitor reader{port};
  reader.send("GET", path);
  hold.await_arrival();

  service->signal(SIGTERM);
  service->until_out("shutting down, 1 in flight\n");
  CHECK(idle.at_end());
  CHECK_THROWS(visitor{port});

  hold.open();
  const auto answer = reader.receive();
  CHECK(answer.status == 200);
  CHECK(has(answer.head, "Connection: close\r\n"));
  CHECK(reader.at_end());
  const auto ended = service->wait();
  CHECK(ended.status == 0);
  CHECK(has(ended.out, "stopped, 0 cut short\n"));
}

TEST_CASE_METHOD(world, "after SIGTERM the service cancels its requests in progress at the drain timeout",
                 "[service]") {
  launch({{"SERVICE_DRAIN_MS", "50"}, {"SERVICE_DEADLINE_MS", "3600000"}});
  hold.close();
  visitor reader{port};
  reader.send("GET", path);
  hold.await_arrival();
  service->signal(SIGTERM);
  CHECK(reader.receive().status == 503);
  const auto ended = service->wait();
  CHECK(ended.status == 1);
  CHECK(has(ended.out, "stopped, 1 cut short\n"));
}

TEST_CASE_METHOD(world, "a request ends at its deadline with status 504", "[service]") {
  launch({{"SERVICE_DEADLINE_MS", "100"}});
  hold.close();
  visitor reader{port};
  CHECK(reader.ask("GET", path).status == 504);
  hold.open();
  service->signal(SIGTERM);
  CHECK(service->wait().status == 0);
}

TEST_CASE_METHOD(world, "a read is cancelled when its client disconnects and a write is completed",
                 "[service]") {
  launch({{"SERVICE_DEADLINE_MS", "3600000"}});
  hold.close();
  visitor reader{port};
  reader.send("GET", path);
  hold.await_arrival();
  reader.hang_up();
  service->until_err("GET /organizations/acme/sso: peer went away after ");
  CHECK(has(service->until_err("\n"), "cancelled"));
  hold.open();

  hold.close();
  visitor writer{port};
  writer.send("PUT", path, provider);
  hold.await_arrival();
  writer.hang_up();
  service->signal(SIGTERM);
  service->until_out("shutting down, 1 in flight\n");
  hold.open();
  CHECK(service->wait().status == 0);
  CHECK(keycard.enabled("acme"));
}
