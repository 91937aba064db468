// SPDX-License-Identifier: BSL-1.0
#include "beast_fixture.hpp"
#include "silent_port.hpp"
#include "test_names.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <exception>
#include <string>

using namespace net_test;
using sso::errc;
using sso::outcome;
using sso::testing::fault_options;
using sso::testing::fault_peer;
using sso::testing::fault_server;

namespace {

asio::awaitable<void> never(fault_peer& peer) {
  co_await peer.until_gone();
}

void check_timeout(const exchange_result& r, outcome expected, const std::string& words) {
  REQUIRE_FALSE(r);
  INFO(r.error());
  CHECK(r.error().code() == errc::timeout);
  CHECK(r.error().outcome() == expected);
  CHECK(contains(r.error().message(), words));
}

}  // namespace

TEST_CASE("a call without time left does not connect") {
  fault_server server{always(ok(""))};
  client c{server.ca_pem()};
  check_timeout(c.send(get(server.origin()), within(0s)), outcome::not_sent, "before the exchange began");
  check_timeout(c.send(get(server.origin()), within(-1s)), outcome::not_sent, "before the exchange began");
  CHECK(server.connections() == 0);
}

TEST_CASE("a maximum timeout is unlimited") {
  fault_server server{always(ok(""))};
  client c{server.ca_pem()};
  CHECK(c.send(get(server.origin()), within(std::chrono::steady_clock::duration::max())));
}

TEST_CASE("a timeout error names the phase of the exchange") {
  const auto soon = within(500ms);
  SECTION("the response does not start") {
    fault_server server{never};
    client c{server.ca_pem()};
    check_timeout(c.send(get(server.origin()), soon), outcome::maybe_executed,
                  "timeout after 500 ms, while waiting for the response of https://127.0.0.1:");
    CHECK(c.transport.stats().open == 0);
  }
  SECTION("the response does not end") {
    fault_server server{[](fault_peer& peer) -> asio::awaitable<void> {
      co_await peer.read_request();
      co_await peer.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
      co_await peer.until_gone();
    }};
    client c{server.ca_pem()};
    check_timeout(c.send(get(server.origin()), soon), outcome::maybe_executed,
                  "while receiving the response of");
  }
  SECTION("the server does not read the request") {
    fault_server server{[](fault_peer&) -> asio::awaitable<void> {
      asio::steady_timer for_ever{co_await asio::this_coro::executor, std::chrono::hours{1}};
      co_await for_ever.async_wait(asio::use_awaitable);
    }};
    client c{server.ca_pem()};
    check_timeout(c.send(post(server.origin(), std::string(30'000'000, 'x')), within(500ms)),
                  outcome::maybe_executed, "while sending the request to");
  }
  SECTION("the server does not respond to the TLS handshake") {
    fault_options plain;
    plain.tls = false;
    fault_server server{never, plain};
    auto where = server.origin();
    where.scheme = "https";
    client c{""};
    check_timeout(c.send(get(where), soon), outcome::not_sent, "while in the TLS handshake with");
  }
  SECTION("the server does not accept the TCP connection") {
    const silent_port port{"127.0.0.1"};
    client c{""};
    const http::origin where{"https", "127.0.0.1", port.port()};
    check_timeout(c.send(get(where), soon), outcome::not_sent, "while connecting to");
  }
  SECTION("the server does not accept the TCP connection within connect_timeout") {
    const silent_port port{"127.0.0.1"};
    sso::beast_options options;
    options.connect_timeout = 100ms;
    client c{"", options};
    const http::origin where{"https", "127.0.0.1", port.port()};
    check_timeout(c.send(get(where)), outcome::not_sent, "no connection within 100 ms, while connecting to");
  }
}

TEST_CASE("connect_timeout does not include the exchange after the TLS handshake") {
  fault_server server{[](fault_peer& peer) -> asio::awaitable<void> {
    co_await peer.read_request();
    asio::steady_timer later{co_await asio::this_coro::executor, 600ms};
    co_await later.async_wait(asio::use_awaitable);
    co_await peer.write(ok("late"));
  }};
  sso::beast_options options;
  options.connect_timeout = 500ms;
  client c{server.ca_pem(), options};
  const auto r = c.send(get(server.origin()));
  if (!r) FAIL(r.error().message());
  CHECK(r->body == "late");
}

TEST_CASE("a stalled name lookup ends at the deadline of each call and is shared by all calls") {
  fault_server server{always(ok("found")), named("slow.test")};
  define_name("slow.test", {"127.0.0.1"});
  client c{server.ca_pem()};
  const auto before = lookups_of("slow.test");
  {
    const stalled_name stalled{"slow.test"};
    check_timeout(c.send(get(server.origin()), within(500ms)), outcome::not_sent,
                  "while resolving the name of https://slow.test:");
    CHECK(lookups_of("slow.test") == before + 1);
    CHECK(c.transport.stats().open == 0);
  }
  const auto r = c.send(get(server.origin()));
  REQUIRE(r);
  CHECK(r->body == "found");

  define_name("shared.test", {"127.0.0.1"});
  fault_server other{always(ok("found")), named("shared.test")};
  client d{other.ca_pem()};
  const auto request = get(other.origin());
  int ended = 0;
  {
    const stalled_name stalled{"shared.test"};
    for (int i = 0; i != 10; ++i) {
      asio::co_spawn(d.io, d.transport.send(request, {}),
                     [&](std::exception_ptr, const exchange_result& one) {
                       CHECK(one.has_value());
                       ++ended;
                     });
    }
    d.run_until([] { return lookups_of("shared.test") == 1; });
  }
  d.run_until([&] { return ended == 10; });
  CHECK(lookups_of("shared.test") == 1);
}

TEST_CASE("an unknown host name fails with connect_failed") {
  define_name("nowhere.test", {});
  client c{""};
  const auto r = c.send(get({"https", "nowhere.test", 443}));
  REQUIRE_FALSE(r);
  INFO(r.error());
  CHECK(r.error().code() == errc::connect_failed);
  CHECK(r.error().outcome() == outcome::not_sent);
  CHECK(contains(r.error().message(), "the name 'nowhere.test' does not resolve"));
}

TEST_CASE("the next address is tried after a refused or stalled connect") {
  fault_server server{always(ok("here")), named("many.test")};
  client c{server.ca_pem()};
  SECTION("the first addresses refuse") {
    define_name("many.test", {"127.0.0.3", "127.0.0.4", "127.0.0.1"});
    const auto r = c.send(get(server.origin()));
    REQUIRE(r);
    CHECK(r->body == "here");
  }
  SECTION("the first address does not respond") {
    define_name("many.test", {"127.0.0.2", "127.0.0.1"});
    const silent_port silent{"127.0.0.2", server.origin().port};
    const auto r = c.send(get(server.origin()));
    if (!r) FAIL(r.error().message());
    CHECK(r->body == "here");
    CHECK(server.connections() == 1);
  }
  SECTION("all addresses refuse") {
    define_name("many.test", {"127.0.0.3", "127.0.0.4"});
    const auto r = c.send(get(server.origin()));
    REQUIRE_FALSE(r);
    CHECK(r.error().code() == errc::connect_failed);
    CHECK(r.error().outcome() == outcome::not_sent);
    CHECK(r.error().cause() == boost::system::errc::connection_refused);
    CHECK(contains(r.error().message(), "127.0.0.3:"));
    CHECK(contains(r.error().message(), "127.0.0.4:"));
  }
  CHECK(c.transport.stats().waiting == 0);
}
