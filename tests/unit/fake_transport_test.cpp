// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/http/transport.hpp>
#include <sso/testing/fake_transport.hpp>
#include <sso/testing/run.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace http = sso::http;
using sso::errc;
using sso::outcome;
using sso::testing::fake_transport;
using sso::testing::manual_runtime;

static_assert(sso::transport<fake_transport>);
static_assert(!sso::testing::request_handler<int>);
static_assert(!sso::testing::request_handler<int (*)(const http::request&)>);
static_assert(!sso::testing::request_handler<http::response (*)(std::string)>);
static_assert(sso::testing::request_handler<http::response (*)(const http::request&)>);
static_assert(
    sso::testing::request_handler<asio::awaitable<sso::result<http::response>> (*)(const http::request&)>);

namespace {

http::request get(std::string target) {
  http::request request;
  request.origin.host = "api.example.com";
  request.target = std::move(target);
  return request;
}

http::limits within(std::chrono::steady_clock::duration timeout) {
  http::limits limits;
  limits.timeout = timeout;
  return limits;
}

sso::result<http::response> send(const fake_transport& server, const http::request& request,
                                 http::limits limits = {}) {
  return sso::testing::run(server.send(request, limits));
}

http::response response_of(unsigned status, std::string body = {}) {
  http::response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

/// A caller that accepts every type of cancellation.
asio::awaitable<sso::result<http::response>> open_to_all(fake_transport server, http::request request,
                                                         http::limits limits) {
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  co_return co_await server.send(request, limits);
}

/// A call in progress that a test can cancel.
struct call {
  call(const fake_transport& server, const http::request& request, http::limits limits = {}) {
    asio::co_spawn(io, open_to_all(server, request, limits),
                   asio::bind_cancellation_slot(stop.slot(),
                                                [this](std::exception_ptr e, sso::result<http::response> r) {
                                                  thrown = e;
                                                  if (!e) result = std::move(r);
                                                }));
  }

  /// Runs the call until it first suspends after sending the request.
  void run_until_sent(const fake_transport& server) {
    for (const auto before = server.request_count(); server.request_count() == before;) io.run_one();
  }

  asio::io_context io;
  asio::cancellation_signal stop;
  std::exception_ptr thrown;
  std::optional<sso::result<http::response>> result;
};

asio::awaitable<sso::result<http::response>> forever(const http::request&) {
  asio::steady_timer timer{co_await asio::this_coro::executor};
  timer.expires_at(std::chrono::steady_clock::time_point::max());
  co_await timer.async_wait(asio::use_awaitable);
  co_return response_of(200);
}

asio::awaitable<sso::result<http::response>> broken(const http::request&) {
  co_await asio::post(asio::use_awaitable);
  throw std::runtime_error{"handler broke"};
}

}  // namespace

TEST_CASE("fake_transport: gives scripted responses in order and records the requests") {
  fake_transport server;
  server.reply(503, "", {{"Retry-After", "2"}})
      .reply(200, "{}")
      .fail(errc::connect_failed, outcome::not_sent);
  CHECK(server.steps_left() == 3);

  auto request = get("/one?a=b");
  request.method = http::method::post;
  request.headers.set("X-A", "b");
  request.body = "body";
  auto limits = within(3s);
  limits.body_bytes = 77;

  const auto first = send(server, request, limits);
  REQUIRE(first.has_value());
  CHECK(first->status == 503);
  CHECK(first->headers.get("retry-after") == "2");
  const auto second = send(server, get("/two"));
  REQUIRE(second.has_value());
  CHECK(second->status == 200);
  CHECK(second->body == "{}");
  const auto third = send(server, get("/three"));
  REQUIRE(third.has_error());
  CHECK(third.error().code() == errc::connect_failed);
  CHECK(third.error().outcome() == outcome::not_sent);
  CHECK(third.error().what() == "scripted failure");

  const auto seen = server.requests();
  REQUIRE(seen.size() == 3);
  CHECK(seen[0].method == http::method::post);
  CHECK(seen[0].target == "/one?a=b");
  CHECK(seen[0].headers.get("x-a") == "b");
  CHECK(seen[0].body == "body");
  CHECK(seen[2].target == "/three");
  REQUIRE(server.limits().size() == 3);
  CHECK(server.limits()[0].timeout == 3s);
  CHECK(server.limits()[0].body_bytes == 77);
  CHECK(server.steps_left() == 0);
}

TEST_CASE("fake_transport: a recorded request keeps its address") {
  fake_transport server;
  server.handle([](const http::request&) { return http::response{.status = 204}; });
  auto request = get("/first");
  request.headers.add("Authorization", "Bearer token");
  REQUIRE(send(server, request));

  const auto& first = server.requests()[0];
  const auto proof = server.requests().at(0).headers.get("authorization");
  std::string names;
  for (const auto field : server.requests().front().headers) names += field.name;
  for (int i = 0; i != 100; ++i) REQUIRE(send(server, get("/later")));
  CHECK(first.target == "/first");
  CHECK(proof == "Bearer token");
  CHECK(names == "Authorization");
  CHECK(&server.requests().front() == &first);
  CHECK(server.requests().back().target == "/later");

  const auto all = server.requests();
  CHECK(std::count_if(all.begin(), all.end(), [](const auto& r) { return r.target == "/later"; }) == 100);
  STATIC_REQUIRE(std::forward_iterator<decltype(all.begin())>);
  REQUIRE(send(server, get("/after")));
  CHECK(all.size() == 101);
  CHECK_THROWS_AS(all.at(101), std::out_of_range);

  std::vector<http::request> copies = all;
  REQUIRE(copies.size() == 101);
  copies[0].target = "/changed";
  CHECK(first.target == "/first");
  CHECK(fake_transport{}.requests().empty());
}

TEST_CASE("fake_transport: a coroutine step may return a response or a result") {
  fake_transport server;
  server.step([](const http::request& asked) -> asio::awaitable<http::response> {
    co_return http::response{.status = 200, .body = asked.target};
  });
  server.step([](const http::request&) -> asio::awaitable<sso::result<http::response>> {
    co_return sso::error{errc::connect_failed, outcome::not_sent};
  });
  const auto first = send(server, get("/first"));
  REQUIRE(first);
  CHECK(first->body == "/first");
  const auto second = send(server, get("/second"));
  REQUIRE(!second);
  CHECK(second.error().code() == errc::connect_failed);
}

TEST_CASE("fake_transport: a scripted error is returned unchanged") {
  fake_transport server;
  server.fail(sso::error{errc::tls_failed, outcome::not_sent, "certificate has expired"}.with_attempts(3));
  server.fail(errc::transport_failed, outcome::maybe_executed, "reset by peer");
  CHECK(send(server, get("/")).error().attempts() == 3);
  const auto second = send(server, get("/"));
  CHECK(second.error().what() == "reset by peer");
  CHECK(second.error().outcome() == outcome::maybe_executed);
}

TEST_CASE("fake_transport: the error for an unscripted request names it without its query") {
  fake_transport server;
  server.reply(200);
  CHECK(send(server, get("/first")).has_value());
  auto request = get("/second/thing?token=s3cret");
  request.method = http::method::delete_;
  request.origin.port = 8443;
  const auto unexpected = send(server, request);
  REQUIRE(unexpected.has_error());
  CHECK(unexpected.error().code() == errc::transport_failed);
  CHECK(unexpected.error().outcome() == outcome::not_sent);
  CHECK(unexpected.error().what() ==
        "fake_transport has no response for request 2: DELETE https://api.example.com:8443/second/thing");
  CHECK(server.request_count() == 2);
}

TEST_CASE("fake_transport: a handler responds to unscripted requests and keeps its state") {
  fake_transport server;
  server.handle([calls = 0](const http::request& request) mutable {
    return response_of(200, request.target + ' ' + std::to_string(++calls));
  });
  server.reply(404).step([](const http::request&) -> sso::result<http::response> {
    return sso::error{errc::incomplete_response, outcome::maybe_executed};
  });
  CHECK(send(server, get("/a"))->status == 404);
  CHECK(send(server, get("/b")).error().code() == errc::incomplete_response);
  CHECK(send(server, get("/c"))->body == "/c 1");
  CHECK(send(server, get("/d"))->body == "/d 2");
  server.handle([](const http::request&) { return response_of(204); });
  CHECK(send(server, get("/e"))->status == 204);
}

TEST_CASE("fake_transport: a handler may be a coroutine") {
  manual_runtime time;
  for (auto server : {fake_transport{}, fake_transport{time}}) {
    server.handle([greeting = std::string{"a text long enough to live on the heap"}](
                      const http::request& request) -> asio::awaitable<sso::result<http::response>> {
      co_await asio::post(asio::use_awaitable);
      co_return response_of(200, greeting + request.target);
    });
    CHECK(send(server, get("/x"))->body == "a text long enough to live on the heap/x");
  }
}

TEST_CASE("fake_transport: an exception of a handler is passed on") {
  manual_runtime time;
  for (auto server : {fake_transport{}, fake_transport{time}}) {
    server.step(broken).step(
        [](const http::request&) -> http::response { throw std::runtime_error{"broke"}; });
    CHECK_THROWS_WITH(send(server, get("/")), "handler broke");
    CHECK_THROWS_WITH(send(server, get("/")), "broke");
  }
}

TEST_CASE("fake_transport: a timeout of zero or less sends nothing") {
  fake_transport server;
  server.reply(200);
  for (const auto timeout : {0s, -1s}) {
    const auto late = send(server, get("/"), within(timeout));
    REQUIRE(late.has_error());
    CHECK(late.error().code() == errc::timeout);
    CHECK(late.error().outcome() == outcome::not_sent);
  }
  CHECK(server.requests().empty());
  CHECK(server.steps_left() == 1);
}

TEST_CASE("fake_transport: latency passes in virtual time up to the timeout") {
  manual_runtime time;
  fake_transport server{time};
  server.handle([](const http::request&) { return response_of(200); }).latency(300ms);
  const auto start = time.now();

  CHECK(send(server, get("/"), within(301ms)).has_value());
  CHECK(time.now() - start == 300ms);

  const auto late = send(server, get("/"), within(200ms));
  REQUIRE(late.has_error());
  CHECK(late.error().code() == errc::timeout);
  CHECK(late.error().outcome() == outcome::maybe_executed);
  CHECK(late.error().what() == "no response within 200 ms");
  CHECK(time.now() - start == 500ms);

  CHECK(send(server, get("/"), within(300ms)).error().code() == errc::timeout);
  CHECK(time.slept().empty());
}

TEST_CASE("fake_transport: a stalled request ends at the timeout") {
  manual_runtime time;
  fake_transport server{time};
  server.stall().stall().reply(200);
  const auto start = time.now();
  const auto late = send(server, get("/"), within(30s));
  REQUIRE(late.has_error());
  CHECK(late.error().code() == errc::timeout);
  CHECK(time.now() - start == 30s);
  CHECK(send(server, get("/"), within(std::chrono::steady_clock::duration::max())).error().code() ==
        errc::timeout);
  CHECK(send(server, get("/")).has_value());
}

TEST_CASE("fake_transport: a timeout takes real time without a manual_runtime") {
  fake_transport server;
  server.stall().step(forever);
  for (int i = 0; i != 2; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const auto late = send(server, get("/"), within(20ms));
    REQUIRE(late.has_error());
    CHECK(late.error().code() == errc::timeout);
    CHECK(std::chrono::steady_clock::now() - start >= 20ms);
  }
}

TEST_CASE("fake_transport: a coroutine step that exceeds the timeout in virtual time is a timeout") {
  manual_runtime time;
  fake_transport server{time};
  const auto slow = [time](const http::request&) -> asio::awaitable<sso::result<http::response>> {
    co_await time.sleep(5s);
    co_return response_of(200);
  };
  server.handle(slow);
  CHECK(send(server, get("/"), within(5s)).has_value());
  CHECK(send(server, get("/"), within(4s)).error().code() == errc::timeout);
}

TEST_CASE("fake_transport: a response above the header or body limit is refused") {
  fake_transport server;
  server.handle([](const http::request&) {
    auto response = response_of(200, "12345678");
    response.headers.set("A", "b");  // `A: b` CRLF, 6 bytes
    return response;
  });
  http::limits limits;
  limits.body_bytes = 8;
  limits.header_bytes = 6;
  CHECK(send(server, get("/"), limits).has_value());
  limits.body_bytes = 7;
  const auto body = send(server, get("/"), limits);
  REQUIRE(body.has_error());
  CHECK(body.error().code() == errc::response_too_large);
  CHECK(body.error().outcome() == outcome::maybe_executed);
  CHECK(body.error().what() == "the response's body of 8 bytes exceeds the limit of 7");
  limits = {};
  limits.header_bytes = 5;
  CHECK(send(server, get("/"), limits).error().what() ==
        "the response's header of 6 bytes exceeds the limit of 5");
}

TEST_CASE("fake_transport: every type of cancellation ends a call at each of its suspension points") {
  const auto type = GENERATE(asio::cancellation_type::terminal, asio::cancellation_type::partial,
                             asio::cancellation_type::total);
  manual_runtime time;
  const bool virtual_time = GENERATE(true, false);
  const auto start = time.now();
  const auto request = get("/");

  enum class server_is { slow, stalled, handled };
  const auto what = GENERATE(server_is::slow, server_is::stalled, server_is::handled);
  fake_transport server = virtual_time ? fake_transport{time} : fake_transport{};
  switch (what) {
  case server_is::slow:
    server.handle([](const http::request&) { return response_of(200); }).latency(1h);
    break;
  case server_is::stalled: server.stall().stall().stall(); break;
  case server_is::handled: server.handle(forever); break;
  }
  const bool has_later_points = !virtual_time || what == server_is::handled;

  for (int steps = 0; steps != (has_later_points ? 3 : 1); ++steps) {
    CAPTURE(steps);
    call one{server, request, within(2h)};
    one.run_until_sent(server);
    for (int i = 0; i != steps; ++i) one.io.poll_one();
    REQUIRE_FALSE(one.result.has_value());
    one.stop.emit(type);
    one.io.run();
    REQUIRE_FALSE(one.thrown);
    REQUIRE(one.result.has_value());
    REQUIRE(one.result->has_error());
    CHECK(one.result->error().code() == errc::cancelled);
    CHECK(one.result->error().outcome() == outcome::maybe_executed);
    CHECK(time.now() == start);
  }
}

TEST_CASE("fake_transport: a handler is cancelled at the timeout in virtual time if another coroutine sleeps "
          "that long") {
  manual_runtime time;
  fake_transport server{time};
  const auto start = time.now();
  bool cancelled = false;
  server.handle([time, &cancelled](const http::request&) -> asio::awaitable<http::response> {
    try {
      co_await time.sleep(60s);
    } catch (const boost::system::system_error&) {
      cancelled = true;
      throw;
    }
    co_return response_of(200);
  });
  CHECK(send(server, get("/"), within(10s)).error().code() == errc::timeout);
  CHECK(time.now() - start == 10s);
  CHECK(cancelled);
}

TEST_CASE("fake_transport: virtual time does not advance while a handler waits for a real event") {
  manual_runtime time;
  fake_transport server{time};
  const auto start = time.now();
  asio::io_context io;
  asio::steady_timer gate{io, std::chrono::steady_clock::time_point::max()};
  server.handle([&gate](const http::request&) -> asio::awaitable<http::response> {
    boost::system::error_code opened;
    co_await gate.async_wait(asio::redirect_error(asio::use_awaitable, opened));
    co_return response_of(200);
  });
  const auto request = get("/");
  std::optional<sso::result<http::response>> got;
  asio::co_spawn(io, server.send(request, within(10s)),
                 [&](std::exception_ptr, sso::result<http::response> r) { got = std::move(r); });
  io.poll();
  CHECK_FALSE(got.has_value());
  gate.cancel();
  io.run();
  REQUIRE(got.has_value());
  CHECK(got->has_value());
  CHECK(time.now() == start);
}

TEST_CASE("fake_transport: a delayed response and a concurrent sleep complete in the order of their times") {
  manual_runtime time;
  fake_transport server{time};
  server.handle([](const http::request&) { return response_of(200); }).latency(20s);
  std::vector<std::string> log;
  asio::io_context io;
  const auto caller = [](fake_transport to, std::vector<std::string>& seen) -> asio::awaitable<void> {
    const auto request = get("/");
    const auto limits = within(10s);
    const auto got = co_await to.send(request, limits);
    seen.push_back(got ? "response" : std::string{to_string(errc::timeout)});
  };
  const auto sleeper = [](manual_runtime clock, std::chrono::seconds d,
                          std::vector<std::string>& seen) -> asio::awaitable<void> {
    co_await clock.sleep(d);
    seen.push_back("slept " + std::to_string(d.count()));
  };
  asio::co_spawn(io, sleeper(time, 41s, log), asio::detached);
  asio::co_spawn(io, caller(server, log), asio::detached);
  asio::co_spawn(io, sleeper(time, 9s, log), asio::detached);
  io.run();
  CHECK(log == std::vector<std::string>{"slept 9", "timeout", "slept 41"});
}

TEST_CASE("fake_transport: a call cancelled before it starts sends nothing") {
  fake_transport server;
  server.reply(200);
  const auto request = get("/");
  asio::io_context io;
  asio::cancellation_signal stop;
  std::optional<sso::result<http::response>> result;
  bool started = false;
  const auto cancelled_caller = [&]() -> asio::awaitable<void> {
    co_await asio::this_coro::throw_if_cancelled(false);
    started = true;
    co_await asio::post(asio::use_awaitable);
    co_await asio::post(asio::use_awaitable);
    result = co_await server.send(request, {});
  };
  asio::co_spawn(io, cancelled_caller(),
                 asio::bind_cancellation_slot(stop.slot(), [](std::exception_ptr) {}));
  while (!started) io.run_one();
  stop.emit(asio::cancellation_type::terminal);
  io.run();
  REQUIRE(result.has_value());
  CHECK(result->error().code() == errc::cancelled);
  CHECK(result->error().outcome() == outcome::not_sent);
  CHECK(server.request_count() == 0);
}

TEST_CASE("fake_transport: completes through the executor") {
  fake_transport server;
  server.handle([](const http::request&) { return response_of(200); });
  const auto request = get("/");
  call one{server, request};
  one.run_until_sent(server);
  one.io.run_one();
  CHECK_FALSE(one.result.has_value());
  one.io.run();
  CHECK(one.result.has_value());
}

TEST_CASE("fake_transport: serves many threads concurrently") {
  constexpr int calls = 400;
  fake_transport server;
  for (int i = 0; i != calls / 2; ++i) server.reply(201);
  server.handle([](const http::request&) { return response_of(202); });
  const auto request = get("/");
  std::atomic<int> scripted{0};
  std::atomic<int> handled{0};
  asio::thread_pool threads{4};
  for (int i = 0; i != calls; ++i) {
    asio::co_spawn(threads, server.send(request, {}), [&](std::exception_ptr, sso::result<http::response> r) {
      ++(r && r->status == 201 ? scripted : handled);
    });
  }
  threads.join();
  CHECK(scripted == calls / 2);
  CHECK(handled == calls / 2);
  CHECK(server.requests().size() == calls);
}

TEST_CASE("fake_transport: a step with an expected request refuses any other request", "[fake_transport]") {
  fake_transport server;
  server.expect(http::method::get, "/a?x=1").reply(200).reply(204);
  CHECK(server.faults() ==
        "no request for step 1 of the script, GET /a?x=1\nno request for step 2 of the script\n");
  auto other = get("/a?x=2");
  other.method = http::method::delete_;
  const auto refused = send(server, other);
  REQUIRE(!refused);
  CHECK(refused.error().code() == errc::transport_failed);
  CHECK(refused.error().outcome() == outcome::not_sent);
  CHECK(refused.error().what() ==
        "fake_transport expects GET /a?x=1 in step 1 of its script, and got request "
        "1: DELETE https://api.example.com/a");
  CHECK(send(server, get("/a?x=1")));
  CHECK(send(server, get("/anything")));
  CHECK_FALSE(send(server, get("/more")));
  CHECK(server.faults() == refused.error().what() + "\nfake_transport has no response for request 4: GET "
                                                    "https://api.example.com/more\n");
}

TEST_CASE("fake_transport: a step may have its own latency", "[fake_transport]") {
  manual_runtime time;
  fake_transport server{time};
  server.latency(1s).reply(200).after(20s).reply(200).fail(errc::connect_failed, outcome::not_sent).after(0s);
  const auto took = [&](const std::string& target) {
    const auto started = time.now();
    (void)send(server, get(target));
    return time.now() - started;
  };
  CHECK(took("/") == 20s);
  CHECK(took("/") == 1s);
  CHECK(took("/") == 0s);
  server.handle([](const http::request&) { return http::response{200, {}, {}}; });
  CHECK(took("/") == 1s);
  server.latency([](const http::request& request) -> fake_transport::duration {
    return request.target == "/token" ? 5s : 2s;
  });
  CHECK(took("/token") == 5s);
  CHECK(took("/") == 2s);
  server.latency(3s);
  CHECK(took("/token") == 3s);
}

TEST_CASE("fake_transport: an outage starts and ends on time and uses no step", "[fake_transport]") {
  manual_runtime time;
  fake_transport server{time};
  server.outage(10s, 5s).reply(200).reply(201);
  CHECK(send(server, get("/")));
  time.advance(10s);
  const auto down = send(server, get("/"));
  REQUIRE(!down);
  CHECK(down.error().code() == errc::connect_failed);
  time.advance(5s);
  CHECK(send(server, get("/")).value().status == 201);
  CHECK(server.request_count() == 3);
  server.outage(0s, 1s, sso::error{errc::tls_failed, outcome::not_sent, "expired"});
  CHECK(send(server, get("/")).error().code() == errc::tls_failed);
}

TEST_CASE("fake_transport: lose_response runs the handler and returns maybe_executed", "[fake_transport]") {
  manual_runtime time;
  fake_transport server{time};
  int carried_out = 0;
  server.handle([&carried_out](const http::request&) {
    ++carried_out;
    return response_of(201);
  });
  server.lose_response().lose_response(errc::transport_failed, "reset by peer").after(3s);
  const auto first = send(server, get("/"));
  REQUIRE(!first);
  CHECK(first.error().code() == errc::incomplete_response);
  CHECK(first.error().outcome() == outcome::maybe_executed);
  CHECK(first.error().what() == "the response was lost");
  const auto start = time.now();
  const auto second = send(server, get("/"));
  CHECK(second.error().code() == errc::transport_failed);
  CHECK(second.error().what() == "reset by peer");
  CHECK(time.now() - start == 3s);
  CHECK(carried_out == 2);
  CHECK(send(server, get("/"))->status == 201);
}

TEST_CASE(
    "fake_transport: lose_response works for a coroutine handler and a failing handler and without a handler",
    "[fake_transport]") {
  fake_transport server;
  server.lose_response();
  CHECK(send(server, get("/")).error().code() == errc::incomplete_response);
  server.handle([](const http::request&) -> asio::awaitable<http::response> { co_return response_of(200); });
  server.lose_response();
  CHECK(send(server, get("/")).error().code() == errc::incomplete_response);
  server.handle([](const http::request&) -> sso::result<http::response> {
    return sso::error{errc::connect_failed, outcome::not_sent};
  });
  server.lose_response();
  const auto refused = send(server, get("/"));
  CHECK(refused.error().code() == errc::connect_failed);
  CHECK(refused.error().outcome() == outcome::not_sent);
}

namespace {

http::request token_request() {
  auto request = get("/oauth/token");
  request.method = http::method::post;
  request.headers.add("content-type", "application/x-www-form-urlencoded; charset=utf-8");
  request.body = "scope=a&grant_type=client_credentials";
  return request;
}

}  // namespace

TEST_CASE("fake_transport: a token request does not use a step for the API", "[fake_transport]") {
  fake_transport server;
  server.reply(201).expect(http::method::get, "/b").reply(202);
  const auto token = send(server, token_request());
  REQUIRE(token);
  CHECK(token->status == 200);
  CHECK(token->body == R"({"access_token": "fake-token", "token_type": "Bearer", "expires_in": 3600})");
  CHECK(send(server, get("/a"))->status == 201);
  REQUIRE(send(server, token_request()));
  CHECK(send(server, get("/b"))->status == 202);
  CHECK(server.requests().size() == 4);
  CHECK(server.faults() == "");

  server.handle([](const http::request& request) { return response_of(200, request.target); }).reply(503);
  CHECK(send(server, token_request())->body == "/oauth/token");
  CHECK(send(server, get("/a"))->status == 503);
}

TEST_CASE("fake_transport: expect_token adds a step for the token request", "[fake_transport]") {
  fake_transport server;
  server.handle([](const http::request&) { return response_of(200); });
  server.expect_token().reply(503).expect(http::method::post, "/oauth/token").reply(401).reply(404);
  CHECK(send(server, token_request())->status == 503);
  CHECK(send(server, token_request())->status == 401);
  CHECK(send(server, token_request())->status == 200);
  CHECK(send(server, get("/a"))->status == 404);

  server.expect_token().reply(500);
  const auto other = send(server, get("/a"));
  REQUIRE(!other);
  CHECK(other.error().what() ==
        "fake_transport expects the token request in step 4 of its script, and got request 5: GET "
        "https://api.example.com/a");
  auto form = token_request();
  form.body = "my_grant_type=x";
  CHECK_FALSE(send(server, form));
  CHECK(server.steps_left() == 1);
}

TEST_CASE("fake_transport: a scripted token response makes the script apply to all requests in order",
          "[fake_transport]") {
  fake_transport server;
  server.reply(503).reply(200, R"({"access_token":"t"})").reply(204);
  CHECK(send(server, token_request())->status == 503);
  CHECK(send(server, token_request())->body == R"({"access_token":"t"})");
  CHECK(send(server, token_request())->body.find("fake-token") != std::string::npos);
  CHECK(send(server, get("/a"))->status == 204);
}
