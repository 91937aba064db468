// SPDX-License-Identifier: BSL-1.0
#include "beast_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace net_test;
using sso::errc;
using sso::outcome;
using sso::testing::fault_peer;
using sso::testing::fault_server;

namespace {

/// Starts `count` concurrent requests. Returns their indices and results in the order of completion.
class burst {
public:
  explicit burst(client& c) : client_{c} {}

  void start(http::request request, http::limits limits = {}) {
    asio::co_spawn(client_.io, one(request, limits, started_++), [](std::exception_ptr e) {
      if (e) std::rethrow_exception(e);
    });
  }

  void finish() {
    client_.io.restart();
    client_.io.run_for(60s);
    REQUIRE(ended.size() == started_);
  }

  struct end {
    std::size_t index;
    exchange_result result;
  };
  std::vector<end> ended;

private:
  asio::awaitable<void> one(http::request request, http::limits limits, std::size_t index) {
    auto r = co_await client_.transport.send(request, limits);
    ended.push_back({index, std::move(r)});
  }

  client& client_;
  std::size_t started_ = 0;
};

/// Responds to each request with the number of its connection.
asio::awaitable<void> tell_number(fault_peer& peer) {
  for (;;) {
    const auto request = co_await peer.read_request();
    if (request.empty()) co_return;
    co_await peer.write(ok(std::to_string(peer.number())));
  }
}

std::size_t count_posts(const fault_server& server) {
  std::size_t n = 0;
  for (const auto& text : server.requests()) n += text.starts_with("POST") ? 1u : 0u;
  return n;
}

}  // namespace

TEST_CASE("a pooled connection is reused and the most recently used one first") {
  fault_server server{tell_number};
  client c{server.ca_pem()};
  burst two{c};
  two.start(get(server.origin()));
  two.start(get(server.origin()));
  two.finish();
  CHECK(server.connections() == 2);
  CHECK(c.transport.stats().idle == 2);
  const auto latest = two.ended.back().result->body;
  for (int i = 0; i != 3; ++i) {
    const auto r = c.send(get(server.origin()));
    REQUIRE(r);
    CHECK(r->body == latest);
  }
  const auto stats = c.transport.stats();
  CHECK(stats.open == 2);
  CHECK(stats.idle == 2);
  CHECK(stats.waiting == 0);
  CHECK(stats.opened == 2);
  CHECK(stats.reused == 3);
  CHECK(stats.evicted == 0);
  CHECK(stats.replaced == 0);
}

TEST_CASE("an origin has no more connections than its limit and waiting calls are served in order") {
  fault_server server{tell_number};
  sso::beast_options options;
  options.pool.per_origin = 1;
  client c{server.ca_pem(), options};
  burst many{c};
  for (int i = 0; i != 50; ++i) many.start(get(server.origin()));
  many.finish();
  for (std::size_t i = 0; i != many.ended.size(); ++i) {
    CHECK(many.ended[i].index == i);
    CHECK(many.ended[i].result.has_value());
  }
  CHECK(server.connections() == 1);
  CHECK(c.transport.stats().waiting == 0);
  CHECK(c.transport.stats().reused == 49);
}

TEST_CASE("a call that waits for a connection ends at its deadline and the error names the wait") {
  fault_server server{[](fault_peer& peer) -> asio::awaitable<void> { co_await peer.until_gone(); }};
  sso::beast_options options;
  options.pool.per_origin = 1;
  client c{server.ca_pem(), options};
  burst two{c};
  two.start(get(server.origin()), within(2s));
  two.start(get(server.origin()), within(100ms));
  two.finish();
  REQUIRE(two.ended[0].index == 1);
  const auto& waited = two.ended[0].result.error();
  CHECK(waited.code() == errc::timeout);
  CHECK(waited.outcome() == outcome::not_sent);
  CHECK(contains(waited.message(),
                 "timeout after 100 ms, while waiting for a connection to https://127.0.0.1"));
  const auto& held = two.ended[1].result.error();
  CHECK(held.code() == errc::timeout);
  CHECK(held.outcome() == outcome::maybe_executed);
  CHECK(contains(held.message(), "while waiting for the response of"));
  CHECK(c.transport.stats().open == 0);
}

TEST_CASE("the total limit closes an idle connection of another origin or makes the call wait") {
  fault_server first{tell_number};
  fault_server second{tell_number};
  sso::beast_options options;
  options.pool.total = 2;
  options.tls.ca_pem = first.ca_pem();
  client c{second.ca_pem() + first.ca_pem(), options};
  burst fill{c};
  fill.start(get(first.origin()));
  fill.start(get(first.origin()));
  fill.finish();
  CHECK(c.transport.stats().idle == 2);
  REQUIRE(c.send(get(second.origin())));
  CHECK(c.transport.stats().evicted == 1);
  CHECK(c.transport.stats().open == 2);

  burst mixed{c};
  for (int i = 0; i != 40; ++i) mixed.start(get(i % 3 == 0 ? second.origin() : first.origin()));
  mixed.finish();
  for (const auto& end : mixed.ended) CHECK(end.result.has_value());
  CHECK(c.transport.stats().open <= 2);
  CHECK(c.transport.stats().waiting == 0);
}

TEST_CASE("an idle connection is not reused after its idle timeout or maximum lifetime") {
  fault_server server{tell_number};
  SECTION("an idle timeout of zero") {
    sso::beast_options options;
    options.pool.idle_timeout = 0s;
    client c{server.ca_pem(), options};
    for (int i = 0; i != 3; ++i) REQUIRE(c.send(get(server.origin())));
    CHECK(c.transport.stats().open == 0);
    CHECK(c.transport.stats().evicted == 3);
    CHECK(server.connections() == 3);
  }
  SECTION("maximum durations are unlimited") {
    sso::beast_options options;
    options.pool.idle_timeout = std::chrono::steady_clock::duration::max();
    options.pool.max_lifetime = std::chrono::steady_clock::duration::max();
    options.connect_timeout = std::chrono::steady_clock::duration::max();
    client c{server.ca_pem(), options};
    for (int i = 0; i != 3; ++i) REQUIRE(c.send(get(server.origin())));
    CHECK(server.connections() == 1);
  }
  SECTION("a short idle timeout") {
    sso::beast_options options;
    options.pool.idle_timeout = 1ns;
    client c{server.ca_pem(), options};
    for (int i = 0; i != 3; ++i) REQUIRE(c.send(get(server.origin())));
    CHECK(c.transport.stats().open == 0);
    CHECK(server.connections() == 3);
  }
  SECTION("a short lifetime") {
    sso::beast_options options;
    options.pool.max_lifetime = 1ns;
    client c{server.ca_pem(), options};
    for (int i = 0; i != 3; ++i) REQUIRE(c.send(get(server.origin())));
    CHECK(c.transport.stats().open == 0);
    CHECK(c.transport.stats().evicted == 3);
    CHECK(server.connections() == 3);
  }
}

TEST_CASE("a server that closes idle connections causes no failed call and no duplicate POST") {
  for (const auto how : {ending::orderly, ending::abrupt, ending::reset}) {
    fault_server server{tell_number};
    client c{server.ca_pem()};
    for (int i = 0; i != 5; ++i) {
      const auto r = c.send(post(server.origin(), "x"));
      if (!r) FAIL(r.error().message());
      server.end_connections(how);
      let_bytes_arrive(server);
    }
    CHECK(count_posts(server) == 5);
    CHECK(c.transport.stats().replaced == 4);
    CHECK(c.transport.stats().opened == 5);
  }
}

namespace {

/// Serves one request per connection. Reads a second one and closes the connection.
asio::awaitable<void> die_on_second(fault_peer& peer) {
  co_await peer.read_request();
  co_await peer.write(ok("first"));
  const auto second = co_await peer.read_request();
  if (!second.empty()) peer.end(ending::reset);
}

}  // namespace

TEST_CASE("a pooled connection that ends before the first byte of a response is replaced once for a "
          "replayable request") {
  fault_server server{die_on_second};
  client c{server.ca_pem()};
  REQUIRE(c.send(get(server.origin())));
  SECTION("a replayable request is sent again on a new connection") {
    const auto r = c.send(get(server.origin()));
    REQUIRE(r);
    CHECK(server.requests().size() == 3);
    CHECK(c.transport.stats().replaced == 1);
    CHECK(c.transport.stats().opened == 2);
  }
  SECTION("any other request is not sent again because the server may have executed it") {
    const auto r = c.send(post(server.origin(), "x"));
    REQUIRE_FALSE(r);
    CHECK(r.error().code() == errc::transport_failed);
    CHECK(r.error().outcome() == outcome::maybe_executed);
    CHECK(count_posts(server) == 1);
    CHECK(c.transport.stats().replaced == 0);
    CHECK(c.transport.stats().open == 0);
  }
}

TEST_CASE("a request that fails on a new connection is not sent on another one") {
  fault_server server{[](fault_peer& peer) -> asio::awaitable<void> {
    co_await peer.read_request();
    if (peer.number() == 0) {
      co_await peer.write(ok(""));
      co_await peer.read_request();
    }
  }};
  client c{server.ca_pem()};
  REQUIRE(c.send(get(server.origin())));
  const auto r = c.send(get(server.origin()));
  REQUIRE_FALSE(r);
  CHECK(r.error().code() == errc::transport_failed);
  CHECK(server.requests().size() == 3);
  const auto fresh = c.send(get(server.origin()));
  REQUIRE_FALSE(fresh);
  CHECK(server.requests().size() == 4);
}

TEST_CASE("a connection that ends inside a response is not replaced") {
  fault_server server{[](fault_peer& peer) -> asio::awaitable<void> {
    co_await peer.read_request();
    co_await peer.write(ok("fine"));
    co_await peer.read_request();
    co_await peer.write("HTTP/1.1 2");
  }};
  client c{server.ca_pem()};
  REQUIRE(c.send(get(server.origin())));
  const auto r = c.send(get(server.origin()));
  REQUIRE_FALSE(r);
  CHECK(r.error().code() == errc::incomplete_response);
  CHECK(server.requests().size() == 2);
}

TEST_CASE("an unsolicited response is never used for a request") {
  std::atomic<int> written = 0;
  fault_server server{[&written](fault_peer& peer) -> asio::awaitable<void> {
    const auto request = co_await peer.read_request();
    if (!request.starts_with("POST")) {
      co_await peer.write(ok("neighbour"));
      co_return co_await tell_number(peer);
    }
    co_await peer.write(ok("right"));
    co_await peer.write(ok("wrong"));
    ++written;
    co_await peer.until_gone();
  }};
  client c{server.ca_pem()};
  for (int i = 0; i != 20; ++i) {
    const auto r = c.send(post(server.origin(), "x"), within(20s));
    REQUIRE(r);
    CHECK(r->body == "right");
    while (written != i + 1) std::this_thread::yield();
    let_bytes_arrive(server);
  }
  CHECK(count_posts(server) == 20);
}

TEST_CASE("many concurrent calls over few connections all complete") {
  fault_server server{tell_number};
  sso::beast_options options;
  options.pool.per_origin = 8;
  client c{server.ca_pem(), options};
  burst many{c};
  for (int i = 0; i != 2000; ++i) many.start(get(server.origin()), within(60s));
  many.finish();
  std::size_t good = 0;
  for (const auto& end : many.ended) good += end.result.has_value() ? 1u : 0u;
  CHECK(good == 2000);
  CHECK(server.connections() == 8);
  CHECK(c.transport.stats().idle == 8);
}

TEST_CASE("a connection leased to a call that is being cancelled goes to the next waiting call") {
  fault_server server{tell_number};
  sso::beast_options options;
  options.pool.per_origin = 1;
  client c{server.ca_pem(), options};
  asio::cancellation_signal signal;
  int ended = 0;
  const auto request = get(server.origin());
  asio::co_spawn(c.io, c.transport.send(request, {}), [&](std::exception_ptr, const exchange_result& r) {
    CHECK(r.has_value());
    ++ended;
    signal.emit(asio::cancellation_type::terminal);  // the second call has just got the lease
  });
  asio::co_spawn(
      c.io, c.transport.send(request, {}),
      asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr, const exchange_result& r) {
        REQUIRE_FALSE(r);
        CHECK(r.error().code() == errc::cancelled);
        CHECK(r.error().outcome() == outcome::not_sent);
        ++ended;
      }));
  asio::co_spawn(c.io, c.transport.send(request, {}), [&](std::exception_ptr, const exchange_result& r) {
    CHECK(r.has_value());
    ++ended;
  });
  c.run_until([&] { return ended == 3; });
  CHECK(server.connections() == 1);
  CHECK(server.requests().size() == 2);
  CHECK(c.transport.stats().idle == 1);
  CHECK(c.transport.stats().waiting == 0);
}

TEST_CASE("the last connection of an origin is closed for a waiting call to another origin") {
  fault_server first{tell_number};
  fault_server second{tell_number};
  sso::beast_options options;
  options.pool.total = 1;
  options.tls.ca_pem = first.ca_pem();
  client c{second.ca_pem() + first.ca_pem(), options};
  for (int i = 0; i != 3; ++i) {
    burst both{c};
    both.start(get(first.origin()));
    both.start(get(second.origin()));
    both.finish();
    for (const auto& end : both.ended) CHECK(end.result.has_value());
    CHECK(c.transport.stats().open == 1);
  }
}
