// SPDX-License-Identifier: BSL-1.0
#include "beast_fixture.hpp"
#include "silent_port.hpp"
#include "test_names.hpp"

#include <list>
#include <string>
#include <vector>

using namespace net_test;
using sso::errc;
using sso::outcome;
using sso::testing::fault_options;
using sso::testing::fault_server;

namespace {

/// A server on one address, under a name defined by this test program.
fault_options on(const std::string& address, const std::string& host, std::uint16_t port = 0) {
  fault_options out;
  out.address = address;
  out.host = host;
  out.port = port;
  out.certificate.dns_names = {"localhost", "both.test"};
  return out;
}

}  // namespace

TEST_CASE("an IPv6 address works in the URL and Host and certificate and without TLS") {
  if (!has_ipv6()) return;
  for (const bool tls : {true, false}) {
    auto options = on("::1", "::1");
    options.tls = tls;
    fault_server server{always(ok("fine")), options};
    const auto port = std::to_string(server.origin().port);
    CHECK(server.base_url() == (tls ? "https" : "http") + ("://[::1]:" + port));
    client c{server.ca_pem()};
    for (const std::string host : {"::1", "0:0:0:0:0:0:0:1"}) {
      auto request = get(server.origin());
      request.origin.host = host;
      for (int i = 0; i != 2; ++i) {
        const auto r = c.send(request);
        if (!r) FAIL(r.error().message());
        CHECK(r->body == "fine");
      }
      CHECK(contains(server.requests().back(), "\r\nHost: [" + host + "]:" + port + "\r\n"));
    }
    CHECK(server.connections() == 2);  // different texts are different origins
  }
}

TEST_CASE("a refused IPv6 connect names the address in brackets") {
  if (!has_ipv6()) return;
  http::origin closed;
  {
    const fault_server server{always(ok("")), on("::1", "::1")};
    closed = server.origin();
  }
  client c{""};
  const auto r = c.send(get(closed));
  REQUIRE_FALSE(r);
  INFO(r.error());
  CHECK(r.error().code() == errc::connect_failed);
  CHECK(r.error().outcome() == outcome::not_sent);
  CHECK(contains(r.error().message(), "https://[::1]:" + std::to_string(closed.port) + ": [::1]:"));
}

TEST_CASE("a connect uses the other address family if one refuses") {
  if (!has_ipv6()) return;
  for (const std::string address : {"127.0.0.1", "::1"}) {
    for (const std::string first : {"127.0.0.1", "::1"}) {
      INFO("served on " << address << ", first in the list " << first);
      define_name("both.test", {first, first == "::1" ? "127.0.0.1" : "::1"});
      fault_server server{always(ok("fine")), on(address, "both.test")};
      client c{server.ca_pem()};
      const auto r = c.send(get(server.origin()));
      if (!r) FAIL(r.error().message());
      CHECK(r->body == "fine");
      CHECK(server.connections() == 1);
    }
    fault_server server{always(ok("fine")), on(address, "localhost")};
    client c{server.ca_pem()};
    CHECK(c.send(get(server.origin())));
  }
}

TEST_CASE("a connect uses the other address family if one does not respond") {
  if (!has_ipv6()) return;
  for (const std::string dead : {"127.0.0.1", "::1"}) {
    INFO("dead is " << dead);
    const std::string alive = dead == "::1" ? "127.0.0.1" : "::1";
    const silent_port silent{dead};
    define_name("both.test", {dead, alive});
    fault_server server{always(ok("fine")), on(alive, "both.test", silent.port())};
    client c{server.ca_pem()};
    const auto r = c.send(get(server.origin()), within(20s));
    if (!r) FAIL(r.error().message());
    CHECK(r->body == "fine");
    CHECK(server.connections() == 1);
  }
}

TEST_CASE("a connect alternates address families and reaches the second family after many silent addresses") {
  if (!has_ipv6()) return;
  // Tried one after the other, these alone would exceed connect_timeout.
  constexpr int count = 24;
  const silent_port first{"127.0.0.2"};
  std::list<silent_port> silent;
  std::vector<std::string> addresses{"127.0.0.2"};
  for (int i = 3; i != count; ++i) {
    addresses.push_back("127.0.0." + std::to_string(i));
    silent.emplace_back(addresses.back(), first.port());
  }
  addresses.emplace_back("::1");
  define_name("both.test", addresses);
  fault_server server{always(ok("fine")), on("::1", "both.test", first.port())};
  client c{server.ca_pem()};
  const auto r = c.send(get(server.origin()), within(20s));
  if (!r) FAIL(r.error().message());
  CHECK(r->body == "fine");
}

TEST_CASE("connecting to a name that has only IPv6 addresses succeeds") {
  if (!has_ipv6()) return;
  define_name("both.test", {"::1"});
  fault_server server{always(ok("fine")), on("::1", "both.test")};
  client c{server.ca_pem()};
  CHECK(c.send(get(server.origin())));
  CHECK(contains(server.requests().back(), "\r\nHost: both.test:"));
}

TEST_CASE("plain http is allowed to the IPv6 loopback address and to no other IPv6 address") {
  client c{""};
  for (const std::string host : {"::2", "::ffff:127.0.0.1", "2001:db8::1", "fe80::1"}) {
    const auto r = c.send(get({"http", host, 80}));
    REQUIRE_FALSE(r);
    INFO(r.error());
    CHECK(r.error().code() == errc::invalid_argument);
  }
}
