// SPDX-License-Identifier: BSL-1.0
#include "beast_fixture.hpp"
#include "silent_port.hpp"
#include "test_names.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <atomic>
#include <exception>
#include <optional>
#include <string>

using namespace net_test;
using sso::errc;
using sso::outcome;
using sso::testing::fault_options;
using sso::testing::fault_peer;
using sso::testing::fault_server;

namespace {

constexpr std::array every_type{asio::cancellation_type::terminal, asio::cancellation_type::partial,
                                asio::cancellation_type::total};

/// A request that can be cancelled.
class pending {
public:
  pending(client& c, const http::request& request, const http::limits& limits = {}) : client_{c} {
    asio::co_spawn(
        c.io, one(c.transport, request, limits),
        asio::bind_cancellation_slot(signal_.slot(), [this](std::exception_ptr thrown, exchange_result r) {
          thrown_ = thrown;
          ended_ = std::move(r);
        }));
  }

  /// Posted, as Asio up to Boost 1.81 does: the call has started by then.
  void emit(asio::cancellation_type type) {
    asio::post(client_.io, [this, type] { signal_.emit(type); });
  }
  [[nodiscard]] bool has_ended() const { return ended_.has_value(); }

  const exchange_result& wait() {
    client_.run_until([this] { return has_ended(); });
    if (thrown_) std::rethrow_exception(thrown_);
    return *ended_;
  }

private:
  static asio::awaitable<exchange_result> one(sso::beast_transport transport, http::request request,
                                              http::limits limits) {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    auto r = co_await transport.send(request, limits);
    co_return r;
  }

  client& client_;
  asio::cancellation_signal signal_;
  std::optional<exchange_result> ended_;
  std::exception_ptr thrown_;
};

void check_cancelled(const exchange_result& r, outcome expected, const std::string& words) {
  REQUIRE_FALSE(r);
  INFO(r.error());
  CHECK(r.error().code() == errc::cancelled);
  CHECK(r.error().outcome() == expected);
  CHECK(contains(r.error().message(), words));
}

/// Runs all ready handlers of the loop.
void settle(client& c) {
  for (int idle = 0; idle < 3;) {
    c.io.restart();
    idle = c.io.run_one_for(5ms) == 0 ? idle + 1 : 0;
  }
}

}  // namespace

TEST_CASE("each cancellation type ends a call in each phase") {
  for (const auto type : every_type) {
    SECTION("waiting for the response with type " + std::to_string(static_cast<int>(type))) {
      for (const std::string begin : {"", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nha"}) {
        fault_server server{stall_after(begin)};
        client c{server.ca_pem()};
        REQUIRE(c.send(post(server.origin(), "x")));
        pending call{c, get(server.origin())};
        c.run_until([&] { return server.requests().size() == 2; });
        client neighbour{server.ca_pem()};
        REQUIRE(neighbour.send(post(server.origin(), "x")));  // the server has everything written before
        settle(c);
        call.emit(type);
        check_cancelled(call.wait(), outcome::maybe_executed,
                        begin.empty() ? "cancelled while waiting for the response of"
                                      : "cancelled while receiving the response of");
        CHECK(c.transport.stats().open == 0);
        REQUIRE(c.send(post(server.origin(), "x")));
      }
    }
    SECTION("waiting for a connection with type " + std::to_string(static_cast<int>(type))) {
      fault_server server{stall_after("")};
      sso::beast_options options;
      options.pool.per_origin = 1;
      client c{server.ca_pem(), options};
      pending holder{c, get(server.origin())};
      pending first{c, post(server.origin(), "1")};
      pending second{c, post(server.origin(), "2")};
      c.run_until([&] { return c.transport.stats().waiting == 2; });
      settle(c);
      first.emit(type);
      check_cancelled(first.wait(), outcome::not_sent, "cancelled while waiting for a connection to");
      CHECK(c.transport.stats().waiting == 1);
      holder.emit(type);
      CHECK_FALSE(holder.wait());
      CHECK(second.wait().has_value());
    }
    SECTION("name lookup with type " + std::to_string(static_cast<int>(type))) {
      client c{""};
      const stalled_name stalled{
          "cancelled.test"};  // destroyed before the loop, which waits for the resolver's thread
      pending call{c, get({"https", "cancelled.test", 443})};
      const auto before = lookups_of("cancelled.test");
      c.run_until([&] { return lookups_of("cancelled.test") > before || c.transport.stats().open == 1; });
      settle(c);
      call.emit(type);
      check_cancelled(call.wait(), outcome::not_sent, "cancelled while resolving the name of");
      CHECK(c.transport.stats().open == 0);
    }
    SECTION("TCP connect with type " + std::to_string(static_cast<int>(type))) {
      const silent_port port{"127.0.0.1"};
      client c{""};
      pending call{c, get({"https", "127.0.0.1", port.port()})};
      settle(c);
      call.emit(type);
      check_cancelled(call.wait(), outcome::not_sent, "cancelled while connecting to");
    }
    SECTION("TLS handshake with type " + std::to_string(static_cast<int>(type))) {
      fault_options plain;
      plain.tls = false;
      fault_server server{stall_after(""), plain};
      auto where = server.origin();
      where.scheme = "https";
      client c{""};
      pending call{c, get(where)};
      c.run_until([&] { return server.connections() == 1; });
      settle(c);
      call.emit(type);
      check_cancelled(call.wait(), outcome::not_sent, "cancelled while in the TLS handshake with");
    }
    SECTION("writing the request with type " + std::to_string(static_cast<int>(type))) {
      fault_server server{[](fault_peer& peer) -> asio::awaitable<void> {
        if (peer.number() == 0) {
          asio::steady_timer for_ever{co_await asio::this_coro::executor, std::chrono::hours{1}};
          co_await for_ever.async_wait(asio::use_awaitable);
        }
        co_await peer.read_request();
        co_await peer.write(ok("fine"));
      }};
      client c{server.ca_pem()};
      pending call{c, post(server.origin(), std::string(30'000'000, 'x'))};
      c.run_until([&] { return c.transport.stats().opened == 1; });
      settle(c);
      call.emit(type);
      check_cancelled(call.wait(), outcome::maybe_executed, "cancelled while sending the request to");
      REQUIRE(c.send(get(server.origin())));
    }
  }
}

TEST_CASE(
    "a call cancelled after any number of steps is cancelled or completes and the transport stays usable") {
  fault_server server{always(ok("fine"))};
  for (const auto type : every_type) {
    bool too_late = false;
    for (int steps = 0; !too_late; ++steps) {
      REQUIRE(steps < 1000);
      client c{server.ca_pem()};
      pending call{c, get(server.origin())};
      for (int i = 0; i != steps && !call.has_ended(); ++i) {
        c.io.restart();
        c.io.run_one_for(1s);
      }
      too_late = call.has_ended();
      call.emit(type);
      const auto& r = call.wait();
      if (r) {
        CHECK(r->body == "fine");
      } else {
        INFO(r.error());
        CHECK(r.error().code() == errc::cancelled);
      }
      const auto again = c.send(get(server.origin()));
      REQUIRE(again);
      CHECK(again->body == "fine");
      CHECK(c.transport.stats().open == c.transport.stats().idle);
    }
  }
}

TEST_CASE("a call to a name with several addresses ends when cancelled after any number of steps") {
  define_name("steps.test", {"127.0.0.3", "127.0.0.1"});  // the first one refuses
  fault_server server{always(ok("fine")), named("steps.test")};
  const auto request = get(server.origin());
  int cancelled = 0;
  int completed = 0;
  for (int steps = 0; steps != 40; ++steps) {
    client c{server.ca_pem()};
    pending call{c, request};
    for (int i = 0; i != steps; ++i) {
      c.io.restart();
      c.io.run_one_for(1s);
      if (call.has_ended()) break;
    }
    call.emit(asio::cancellation_type::total);
    if (const auto& r = call.wait()) {
      ++completed;
    } else {
      INFO(r.error());
      REQUIRE(r.error().code() == errc::cancelled);
      ++cancelled;
    }
    REQUIRE(c.send(request));
    CHECK(c.transport.stats().open == 1);
  }
  CHECK(cancelled > 5);
  CHECK(completed > 0);
}

namespace {

/// The awaiting coroutine's cancellation state after a call, and the call's result.
struct observed {
  exchange_result response{http::response{}};
  bool throws_if_cancelled = false;
  asio::cancellation_type seen = asio::cancellation_type::none;
};

template <class Filter>
asio::awaitable<observed> send_behind(Filter filter, bool throws, sso::beast_transport transport,
                                      http::request request) {
  co_await asio::this_coro::reset_cancellation_state(filter);
  co_await asio::this_coro::throw_if_cancelled(throws);
  observed out;
  out.response = co_await transport.send(request, {});
  out.throws_if_cancelled = co_await asio::this_coro::throw_if_cancelled();
  const auto state = co_await asio::this_coro::cancellation_state;
  out.seen = state.cancelled();
  co_return out;
}

/// Emits `type` while the server delays its response. If the filter rejects the type, the call must succeed.
template <class Filter>
void check_filter(Filter filter, asio::cancellation_type type, bool let_through) {
  for (const bool throws : {true, false}) {
    CAPTURE(static_cast<int>(type), throws);
    std::atomic<bool> respond = false;
    fault_server server{[&](fault_peer& peer) -> asio::awaitable<void> {
      co_await peer.read_request();
      asio::steady_timer pause{co_await asio::this_coro::executor};
      while (!respond) {
        pause.expires_after(1ms);
        co_await pause.async_wait(asio::use_awaitable);
      }
      co_await peer.write(ok("fine"));
      co_await peer.until_gone();
    }};
    client c{server.ca_pem()};
    asio::cancellation_signal signal;
    std::optional<observed> ended;
    asio::co_spawn(c.io, send_behind(filter, throws, c.transport, get(server.origin())),
                   asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr thrown, observed o) {
                     if (thrown) std::rethrow_exception(thrown);
                     ended = std::move(o);
                   }));
    c.run_until([&] { return server.requests().size() == 1; });
    settle(c);
    signal.emit(type);
    settle(c);
    CHECK(ended.has_value() == let_through);
    respond = true;
    c.run_until([&] { return ended.has_value(); });
    if (let_through) {
      check_cancelled(ended->response, outcome::maybe_executed,
                      "cancelled while waiting for the response of");
    } else {
      CHECK(ended->response.has_value());
    }
    CHECK(ended->throws_if_cancelled == throws);
    CHECK((ended->seen != asio::cancellation_type::none) == let_through);
  }
}

}  // namespace

TEST_CASE("the cancellation state of the caller filters cancellation signals and is left unchanged") {
  using type = asio::cancellation_type;
  check_filter(asio::enable_terminal_cancellation(), type::terminal, true);
  check_filter(asio::enable_terminal_cancellation(), type::partial, false);
  check_filter(asio::enable_terminal_cancellation(), type::total, false);
  check_filter(asio::enable_partial_cancellation(), type::partial, true);
  check_filter(asio::enable_partial_cancellation(), type::total, false);
  check_filter(asio::enable_total_cancellation(), type::total, true);
  for (const auto each : every_type) check_filter(asio::disable_cancellation(), each, false);
}

TEST_CASE("a coroutine cancelled before its call sends nothing") {
  fault_server server{always(ok("fine"))};
  client c{server.ca_pem()};
  asio::cancellation_signal signal;
  std::optional<exchange_result> ended;
  const auto request = get(server.origin());
  const auto late = [&]() -> asio::awaitable<exchange_result> {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    co_await asio::this_coro::throw_if_cancelled(false);
    signal.emit(asio::cancellation_type::total);
    auto r = co_await c.transport.send(request, {});
    co_return r;
  };
  asio::co_spawn(c.io, late(),
                 asio::bind_cancellation_slot(
                     signal.slot(), [&](std::exception_ptr, exchange_result r) { ended = std::move(r); }));
  c.run_until([&] { return ended.has_value(); });
  check_cancelled(*ended, outcome::not_sent, "cancelled before it began");
  CHECK(server.connections() == 0);
}

TEST_CASE("an event loop destroyed in any phase of a call destroys the call") {
  define_name("destroyed.test", {"127.0.0.3", "127.0.0.1"});  // the first one refuses
  fault_server server{stall_after("HTTP/1.1 200 OK\r\n"), named("destroyed.test")};
  asio::cancellation_signal outlives_the_loop;
  for (int steps = 0; steps != 60; ++steps) {
    asio::io_context io;
    sso::beast_options options;
    options.tls.ca_pem = server.ca_pem();
    options.pool.per_origin = 2;
    const auto request = get(server.origin());
    {
      const sso::beast_transport transport{io.get_executor(), options};
      for (int i = 0; i != 4; ++i) asio::co_spawn(io, transport.send(request, {}), asio::detached);
      asio::co_spawn(io, transport.send(request, {}),
                     asio::bind_cancellation_slot(outlives_the_loop.slot(),
                                                  [](std::exception_ptr, const exchange_result&) {}));
    }
    for (int i = 0; i != steps; ++i) io.run_one_for(5ms);
  }
  SUCCEED("nothing was touched after its end");
}

TEST_CASE("a transport may be destroyed before its calls complete") {
  fault_server server{always(ok("fine"))};
  asio::io_context io;
  const auto request = get(server.origin());
  int good = 0;
  {
    sso::beast_options options;
    options.tls.ca_pem = server.ca_pem();
    options.pool.per_origin = 1;
    const sso::beast_transport transport{io.get_executor(), options};
    for (int i = 0; i != 5; ++i) {
      asio::co_spawn(io, transport.send(request, {}),
                     [&](std::exception_ptr, const exchange_result& r) { good += r.has_value() ? 1 : 0; });
    }
    while (transport.stats().waiting != 4) io.run_one();
  }
  io.run();  // returns: no work is left
  CHECK(good == 5);
}

TEST_CASE("a signal blocked by the cancellation filter does not revoke an earlier signal") {
  for (const bool long_request : {false, true}) {
    CAPTURE(long_request);
    fault_server server{[](fault_peer& peer) -> asio::awaitable<void> {
      co_await peer.read_request();
      co_await peer.write(ok("kept"));
      asio::steady_timer for_ever{co_await asio::this_coro::executor, std::chrono::hours{1}};
      co_await for_ever.async_wait(asio::use_awaitable);
    }};
    client c{server.ca_pem()};
    REQUIRE(c.send(get(server.origin())));
    auto request = get(server.origin());
    if (long_request) request.body.assign(30'000'000, 'x');
    asio::cancellation_signal signal;
    std::optional<exchange_result> ended;
    asio::co_spawn(
        c.io, c.transport.send(request, {}),
        asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr thrown, exchange_result r) {
          if (thrown) std::rethrow_exception(thrown);
          ended = std::move(r);
        }));
    settle(c);
    signal.emit(asio::cancellation_type::terminal);
    signal.emit(asio::cancellation_type::total);
    c.run_until([&] { return ended.has_value(); });
    check_cancelled(*ended, outcome::maybe_executed, "cancelled while ");
    CHECK(c.transport.stats().opened == 1);
    CHECK(c.transport.stats().replaced == 0);
  }
}
