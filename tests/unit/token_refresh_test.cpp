// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/keycard.hpp>
#include <sso/testing/fake_keycard.hpp>
#include <sso/testing/fake_transport.hpp>
#include <sso/testing/manual_runtime.hpp>
#include <sso/testing/run.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using namespace sso;
using sso::testing::fake_keycard;
using sso::testing::fake_transport;
using sso::testing::manual_runtime;
using sso::testing::run;
namespace asio = boost::asio;

namespace {

using client = keycard::basic_client<fake_transport, manual_runtime>;
using retrieved = result<response<keycard::sso_connection>>;

struct service {
  manual_runtime time;
  fake_keycard keycard{time};
  fake_transport network{time};
  client c;

  explicit service(client_options options = {})
      : c{prepared(), client_credentials{"id", secret{"pw"}}, std::move(options), time} {}

  fake_transport prepared() {
    keycard.add_connection("acme").add_client("id", "pw");
    network.handle(keycard);
    return network;
  }
  std::size_t token_requests() const {
    std::size_t n = 0;
    for (const auto& request : network.requests()) n += request.target == "/service-account-token" ? 1 : 0;
    return n;
  }
};

/// Starts `calls` concurrent retrieves and returns the number of successes.
unsigned retrieve_at_once(const client& c, unsigned calls) {
  asio::io_context io;
  unsigned good = 0;
  for (unsigned i = 0; i != calls; ++i) {
    asio::co_spawn(io, c.retrieve("acme"), [&good](std::exception_ptr thrown, retrieved a) {
      if (!thrown && a) ++good;
    });
  }
  io.run();
  return good;
}

}  // namespace

TEST_CASE("concurrent calls share one token request", "[token_refresh]") {
  service s;
  CHECK(retrieve_at_once(s.c, 10000) == 10000);
  CHECK(s.token_requests() == 1);

  s.time.advance(3595s);
  CHECK(retrieve_at_once(s.c, 10000) == 10000);
  CHECK(s.token_requests() == 2);

  s.keycard.revoke_tokens();
  CHECK(retrieve_at_once(s.c, 10000) == 10000);
  CHECK(s.token_requests() == 3);
}

TEST_CASE("copies of a client share its token and other clients do not", "[token_refresh]") {
  service s;
  const client copy = s.c;
  REQUIRE(run(s.c.retrieve("acme")));
  REQUIRE(run(copy.retrieve("acme")));
  CHECK(s.token_requests() == 1);
  const client other{s.network, client_credentials{"id", secret{"pw"}}, {}, s.time};
  REQUIRE(run(other.retrieve("acme")));
  CHECK(s.token_requests() == 2);
}

TEST_CASE("a cancelled waiter does not affect the other waiters of a refresh", "[token_refresh]") {
  for (const unsigned cancelled : {0u, 1u, 2u}) {
    CAPTURE(cancelled);
    service s;
    asio::io_context io;
    asio::cancellation_signal signals[3];
    std::optional<retrieved> results[3];
    for (int i = 0; i != 3; ++i) {
      asio::co_spawn(io, s.c.retrieve("acme"),
                     asio::bind_cancellation_slot(signals[i].slot(), [&, i](std::exception_ptr, retrieved a) {
                       results[i] = std::move(a);
                     }));
    }
    s.network.latency(1s);
    while (s.network.request_count() == 0) REQUIRE(io.run_one() != 0);
    asio::post(
        io, [&] { signals[cancelled].emit(asio::cancellation_type::terminal); });  // all have started by then
    io.run();
    for (unsigned i = 0; i != 3; ++i) {
      REQUIRE(results[i]);
      CHECK(results[i]->has_value() == (i != cancelled));
      if (i == cancelled) CHECK(results[i]->error().code() == errc::cancelled);
    }
    CHECK(s.token_requests() == 1);
  }
}

TEST_CASE("a token close to expiry is refreshed concurrently with the call", "[token_refresh]") {
  service s;
  REQUIRE(run(s.c.retrieve("acme")));
  const auto before = s.network.requests();
  const std::string old_token{before.back().headers.get("Authorization").value_or("")};
  s.time.advance(3540s);
  REQUIRE(run(s.c.retrieve("acme")));
  CHECK(s.token_requests() == 2);
  // The call did not wait: it was sent with the old token.
  bool used_old = false;
  for (const auto& request : s.network.requests()) {
    if (request.method == http::method::get) used_old = request.headers.get("Authorization") == old_token;
  }
  CHECK(used_old);
  REQUIRE(run(s.c.retrieve("acme")));
  CHECK(s.network.requests().back().headers.get("Authorization") != old_token);
  CHECK(s.token_requests() == 2);
}

TEST_CASE("a failed early refresh keeps the cached token and delays the next early refresh",
          "[token_refresh]") {
  service s;
  REQUIRE(run(s.c.retrieve("acme")));
  s.time.advance(3531s);
  s.keycard.fail_next_token(503);
  REQUIRE(run(s.c.retrieve("acme")));
  CHECK(s.token_requests() == 2);
  REQUIRE(run(s.c.retrieve("acme")));
  CHECK(s.token_requests() == 2);
  s.time.advance(2s);
  REQUIRE(run(s.c.retrieve("acme")));
  CHECK(s.token_requests() == 3);
  REQUIRE(run(s.c.retrieve("acme")));
  CHECK(s.token_requests() == 3);
}

TEST_CASE("a refused token is replaced once per call", "[token_refresh]") {
  service s;
  REQUIRE(run(s.c.retrieve("acme")));
  s.keycard.revoke_tokens();
  const auto renewed = run(s.c.retrieve("acme"));
  REQUIRE(renewed);
  CHECK(renewed->http.attempts == 2);
  CHECK(s.token_requests() == 2);

  manual_runtime time;
  fake_transport network{time};
  network.handle([](const http::request& request) {
    const bool token = request.target == "/service-account-token";
    return http::response{token ? 200u : 401u, {}, token ? R"({"access_token":"t"})" : "{}"};
  });
  const client refused{network, client_credentials{"id", secret{"pw"}}, {}, time};
  const auto e = run(refused.retrieve("acme"));
  REQUIRE(!e);
  CHECK(e.error().code() == errc::unauthorized);
  CHECK(network.request_count() == 4);  // token, 401, token, 401
}

TEST_CASE("a write refused with 401 is sent again because it was not executed", "[token_refresh]") {
  service s;
  s.keycard.add_organization("new");
  REQUIRE(run(s.c.retrieve("acme")));
  s.keycard.revoke_tokens();
  REQUIRE(run(s.c.enable("new", keycard::enable_params{"client", "https://idp"})));
}

TEST_CASE("a late 401 response for an old token keeps the newer token", "[token_refresh]") {
  manual_runtime time;
  fake_transport network{time};
  // Two calls are sent with token 1. Both get 401, the second one after the first has refreshed the token.
  unsigned tokens = 0;
  network.handle([&](const http::request& request) {
    if (request.target == "/service-account-token") {
      return http::response{200, {}, R"({"access_token":"t)" + std::to_string(++tokens) + R"("})"};
    }
    const bool good = request.headers.get("Authorization") == "Bearer t2";
    return http::response{
        good ? 200u : 401u,
        {},
        R"({"id":"1","client_id":null,"client_secret_set":false,"created_at":"2024-01-01T00:00:00Z",)"
        R"("identifier":"x","updated_at":"2024-01-01T00:00:00Z"})"};
  });
  const client c{network, client_credentials{"id", secret{"pw"}}, {}, time};
  CHECK(retrieve_at_once(c, 50) == 50);
  CHECK(tokens == 2);
}

namespace {

struct renewal {
  unsigned tokens = 0;
  unsigned refusals = 0;
  unsigned successes = 0;
};

/// Refuses token 1. The second refusal comes after a call has succeeded with token 2.
asio::awaitable<result<http::response>> refuse_late(std::shared_ptr<renewal> seen, http::request request) {
  http::response reply{204, {}, {}};
  if (request.target == "/service-account-token") {
    reply = {200, {}, R"({"access_token":"t)" + std::to_string(++seen->tokens) + R"("})"};
  } else if (request.headers.get("Authorization") == "Bearer t1") {
    const bool late = ++seen->refusals == 2;
    for (int i = 0; late && seen->successes == 0 && i != 1000; ++i) co_await asio::post(asio::use_awaitable);
    reply.status = 401;
  } else {
    ++seen->successes;
  }
  co_return reply;
}

}  // namespace

TEST_CASE("a 401 response after a completed refresh keeps the new token", "[token_refresh]") {
  manual_runtime time;
  fake_transport network{time};
  const auto seen = std::make_shared<renewal>();
  network.handle([seen](const http::request& request) { return refuse_late(seen, request); });
  const client c{network, client_credentials{"id", secret{"pw"}}, {}, time};
  asio::io_context io;
  unsigned good = 0;
  for (int i = 0; i != 2; ++i) {
    asio::co_spawn(io, c.disable("acme"),
                   [&good](std::exception_ptr, result<response<void>> a) { good += a ? 1 : 0; });
  }
  io.run();
  CHECK(good == 2);
  CHECK(seen->refusals == 2);
  CHECK(seen->tokens == 2);
}

TEST_CASE("all waiters get the refusal of the token endpoint and nothing is retried", "[token_refresh]") {
  service s;
  const client wrong{s.network, client_credentials{"id", secret{"wrong"}}, {}, s.time};
  asio::io_context io;
  std::vector<error> errors;
  for (int i = 0; i != 5; ++i) {
    asio::co_spawn(io, wrong.retrieve("acme"), [&](std::exception_ptr, retrieved a) {
      if (!a) errors.push_back(a.error());
    });
  }
  io.run();
  REQUIRE(errors.size() == 5);
  for (const auto& e : errors) {
    CHECK(e.code() == errc::credentials_rejected);
    CHECK(e.server_code() == "invalid_client");
    CHECK(e.outcome() == outcome::not_sent);
    CHECK(e.attempts() == 0);
    CHECK(e.message().find("token request to https://api.keycard.ai/service-account-token") !=
          std::string::npos);
    CHECK(e.message().rfind("GET /organizations/acme/sso-connection: 401 credentials_rejected", 0) == 0);
  }
  CHECK(s.token_requests() == 1);
}

TEST_CASE("a transient token endpoint failure is retried within the call even for a write",
          "[token_refresh]") {
  service s;
  s.keycard.add_organization("new").fail_next_token(503, {{"Retry-After", "2"}});
  REQUIRE(run(s.c.enable("new", keycard::enable_params{"client", "https://idp"})));
  CHECK(s.token_requests() == 2);
  CHECK(s.time.slept() == std::vector<manual_runtime::duration>{2s});
}

TEST_CASE("a token_source of the user supplies the tokens", "[token_refresh]") {
  manual_runtime time;
  fake_transport network{time};
  network.handle([](const http::request& request) {
    return http::response{request.headers.get("Authorization") == "Bearer mine-2" ? 204u : 401u, {}, {}};
  });
  auto calls = std::make_shared<int>(0);
  const token_source source{[calls]() -> asio::awaitable<result<access_token>> {
    access_token token{secret{"mine-" + std::to_string(++*calls)}, std::nullopt};
    co_return token;
  }};
  const client c{network, source, {}, time};
  const auto done = run(c.disable("acme"));
  REQUIRE(done);
  CHECK(done->http.attempts == 2);
  CHECK(*calls == 2);
  REQUIRE(run(c.disable("acme")));
  CHECK(*calls == 2);
}

TEST_CASE("a failed token_source gives an error", "[token_refresh]") {
  struct row {
    std::string words;
    token_source source;
    errc code;
  };
  const row rows[] = {
      {"no luck", token_source{[]() -> asio::awaitable<result<access_token>> {
         co_return error{errc::credentials_rejected, outcome::maybe_executed, "no luck"};
       }},
       errc::credentials_rejected},
      {"vault is sealed", token_source{[]() -> asio::awaitable<result<access_token>> {
         throw std::runtime_error{"vault is sealed"};
         co_return error{};
       }},
       errc::credentials_rejected},
      {"empty or not visible ASCII", token_source{[]() -> asio::awaitable<result<access_token>> {
         access_token token{secret{"a\nb"}, std::nullopt};
         co_return token;
       }},
       errc::credentials_rejected},
  };
  for (const auto& r : rows) {
    CAPTURE(r.words);
    fake_transport network;
    const client c{network, r.source};
    const auto failed = run(c.disable("acme"));
    REQUIRE(!failed);
    CHECK(failed.error().code() == r.code);
    CHECK(failed.error().outcome() == outcome::not_sent);
    CHECK(failed.error().message().find(r.words) != std::string::npos);
    CHECK(network.request_count() == 0);
  }
}

TEST_CASE("a refresh destroyed with its executor does not block waiters on other executors",
          "[token_refresh]") {
  fake_transport network;
  network.expect_token().stall();
  network.handle([](const http::request& request) {
    const bool token = request.target == "/service-account-token";
    return http::response{token ? 200u : 204u, {}, token ? R"({"access_token":"t"})" : ""};
  });
  client_options options;
  options.retry.max_retries = 0;
  const keycard::basic_client<fake_transport> c{network, client_credentials{"id", secret{"pw"}}, options};
  asio::io_context survivor;
  std::optional<result<response<void>>> waited;
  {
    asio::io_context doomed;
    asio::co_spawn(doomed, c.disable("acme"), asio::detached);
    while (network.request_count() == 0) REQUIRE(doomed.run_one() != 0);
    asio::co_spawn(survivor, c.disable("acme"),
                   [&](std::exception_ptr, result<response<void>> a) { waited = std::move(a); });
    survivor.poll();
    survivor.restart();
  }
  survivor.run();
  REQUIRE(waited);
  REQUIRE(!*waited);
  CHECK(waited->error().code() == errc::transport_failed);
  CHECK(waited->error().outcome() == outcome::not_sent);
  CHECK(run(c.disable("acme")));
}

TEST_CASE("no token request is sent before the Retry-After time of the token endpoint", "[token_refresh]") {
  service s;
  s.keycard.fail_next_token(429, {{"Retry-After", "120"}});
  for (int i = 0; i != 20; ++i) {
    const auto refused = run(s.c.retrieve("acme", {}, call_options{}.max_retries(0)));
    REQUIRE(!refused);
    CHECK(refused.error().code() == errc::rate_limited);
    CHECK(refused.error().retry_after() == 120s - i * 5s);
    s.time.advance(5s);
  }
  CHECK(s.token_requests() == 1);
  s.time.advance(20s);
  CHECK(run(s.c.retrieve("acme")));
  CHECK(s.token_requests() == 2);

  s.time.advance(3531s);
  s.keycard.fail_next_token(429, {{"Retry-After", "30"}});
  for (int i = 0; i != 6; ++i) {
    REQUIRE(run(s.c.retrieve("acme")));
    s.time.advance(5s);
  }
  CHECK(s.token_requests() == 3);
  REQUIRE(run(s.c.retrieve("acme")));
  CHECK(s.token_requests() == 4);
}

TEST_CASE("a client limits how long Retry-After of the token endpoint blocks token requests",
          "[token_refresh]") {
  service s;
  SECTION("Retry-After is ignored with status 400") {
    s.keycard.fail_next_token(400, {{"Retry-After", "31536000"}});
    CHECK(run(s.c.retrieve("acme")).error().retry_after() == 365 * 24h);
    CHECK(run(s.c.retrieve("acme")));
  }
  SECTION("Retry-After above one hour is limited to one hour") {
    s.keycard.fail_next_token(503, {{"Retry-After", "31536000"}});
    REQUIRE(!run(s.c.retrieve("acme")));
    s.time.advance(59min);
    REQUIRE(!run(s.c.retrieve("acme")));
    CHECK(s.token_requests() == 1);
    s.time.advance(2min);
    CHECK(run(s.c.retrieve("acme")));
  }
}

TEST_CASE("a token_source that never completes times out after attempt_timeout and is called again",
          "[token_refresh]") {
  manual_runtime time;
  fake_transport network{time};
  network.reply(204);
  auto calls = std::make_shared<int>(0);
  const token_source source{[calls]() -> asio::awaitable<result<access_token>> {
    if (++*calls == 1) {
      // It also ignores cancellation.
      co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
      asio::steady_timer never{co_await asio::this_coro::executor,
                               std::chrono::steady_clock::time_point::max()};
      co_await never.async_wait(asio::use_awaitable);
    }
    access_token token{secret{"t"}, std::nullopt};
    co_return token;
  }};
  const client c{network, source, {}, time};
  const auto began = time.now();
  asio::io_context io;
  std::optional<result<response<void>>> done;
  asio::co_spawn(io, c.disable("acme"),
                 [&](std::exception_ptr, result<response<void>> a) { done = std::move(a); });
  while (!done) REQUIRE(io.run_one() != 0);
  CHECK(*done);
  CHECK(*calls == 2);
  CHECK(time.now() - began >= 30s);
  CHECK(time.now() - began < 31s);
}

TEST_CASE("a call refused with 401 has the outcome rejected even if the refresh fails", "[token_refresh]") {
  service s;
  REQUIRE(run(s.c.retrieve("acme")));
  s.keycard.revoke_tokens().fail_next_token(400);
  const auto failed = run(s.c.retrieve("acme"));
  REQUIRE(!failed);
  CHECK(failed.error().code() == errc::credentials_rejected);
  CHECK(failed.error().outcome() == outcome::rejected);
}

TEST_CASE("a failed token request uses the retry budget once for any number of waiters", "[token_refresh]") {
  client_options options;
  options.retry.budget = 5;
  service s{options};
  s.keycard.fail_next_token(503).fail_next_token(503);
  CHECK(retrieve_at_once(s.c, 10000) == 10000);
  CHECK(s.token_requests() == 3);
  // Two of five retries are used: three are left for calls.
  fake_transport& network = s.network;
  network.reply(503).reply(503).reply(200, "{}");
  CHECK(run(s.c.request(http::method::get, "/x")));
}

TEST_CASE("token requests use the retries of the waiting call", "[token_refresh]") {
  service s;
  s.keycard.fail_next_token(503).fail_next_token(503).fail_next_token(503);
  const auto failed = run(s.c.retrieve("acme"));
  REQUIRE(!failed);
  CHECK(failed.error().code() == errc::server_error);
  CHECK(s.token_requests() == 3);

  s.keycard.fail_next_token(503);
  CHECK(run(s.c.retrieve("acme", {}, call_options{}.max_retries(0))).error().code() == errc::server_error);
  CHECK(s.token_requests() == 4);
}

TEST_CASE("each waiter of a refresh waits until its own deadline", "[token_refresh]") {
  service s;
  s.network.latency(20s);
  asio::io_context io;
  std::vector<std::string> ends;
  const auto began = s.time.now();
  const auto note = [&](std::string name) {
    return [&, name](std::exception_ptr, retrieved a) {
      const auto at = std::chrono::duration_cast<std::chrono::seconds>(s.time.now() - began).count();
      ends.push_back(name + (a ? " ok " : " " + a.error().code().message() + ' ') + std::to_string(at));
    };
  };
  asio::co_spawn(io, s.c.retrieve("acme"), note("patient"));
  asio::co_spawn(io, s.c.retrieve("acme", {}, call_options{}.timeout(7s)), note("hasty"));
  io.run();
  CHECK(ends == std::vector<std::string>{"hasty timeout 7", "patient ok 40"});
  CHECK(s.token_requests() == 1);
}

namespace {

/// A call that tells when its coroutine has begun: `co_spawn` of a coroutine cancelled before that throws.
asio::awaitable<retrieved> counted(client c, int& begun) {
  ++begun;
  co_return co_await c.retrieve("acme");
}

}  // namespace

TEST_CASE("a token request ends with its last waiter and does not keep an event loop running",
          "[token_refresh]") {
  service s;
  s.network.expect_token().stall();
  asio::io_context io;
  asio::cancellation_signal signals[2];
  int begun = 0;
  int cancelled = 0;
  for (auto& signal : signals) {
    asio::co_spawn(io, counted(s.c, begun),
                   asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr, retrieved a) {
                     cancelled += !a && a.error().code() == errc::cancelled ? 1 : 0;
                   }));
  }
  while (begun != 2 || s.network.request_count() == 0) REQUIRE(io.run_one() != 0);
  const auto began = s.time.now();
  for (auto& signal : signals) signal.emit(asio::cancellation_type::terminal);
  io.run();
  CHECK(cancelled == 2);
  CHECK(s.time.now() == began);      // the request would have taken 30 s
  CHECK(run(s.c.retrieve("acme")));  // starts another refresh
  CHECK(s.token_requests() == 2);
}

namespace {

/// A client with an aging token, over a token endpoint that takes 25 s.
struct aging {
  manual_runtime time;
  fake_transport network{time};
  std::optional<client> c;

  aging() {
    network.handle([](const http::request& request) {
      const bool token = request.target == "/service-account-token";
      return http::response{
          token ? 200u : 204u, {}, token ? R"({"access_token":"t","expires_in":1000})" : ""};
    });
    c.emplace(network, client_credentials{"id", secret{"pw"}}, client_options{}, time);
    REQUIRE(run(c->disable("acme")));
    time.advance(935s);
    network.latency([](const http::request& request) {
      return request.target == "/service-account-token" ? manual_runtime::duration{25s} : 0s;
    });
  }
};

}  // namespace

TEST_CASE("an early refresh has the attempt_timeout of its call", "[token_refresh]") {
  aging s;
  REQUIRE(run(s.c->disable("acme", call_options{}.attempt_timeout(4s))));
  CHECK(s.network.request_count() == 4);
  std::vector<manual_runtime::duration> timeouts;
  for (const auto& limit : s.network.limits()) timeouts.push_back(limit.timeout);
  CHECK(timeouts == std::vector<manual_runtime::duration>{30s, 30s, 4s, 4s});
}

TEST_CASE("an early refresh ends when its client is destroyed", "[token_refresh]") {
  aging s;
  const auto began = s.time.now();
  asio::io_context io;
  bool done = false;
  asio::co_spawn(io, s.c->disable("acme"),
                 [&](std::exception_ptr, result<response<void>> a) { done = a.has_value(); });
  s.c.reset();
  io.run();
  CHECK(done);
  CHECK(s.network.request_count() == 4);
  CHECK(s.time.now() - began < 1s);
}

TEST_CASE("a token_source whose last waiter is cancelled is reported as cancelled", "[token_refresh]") {
  manual_runtime time;
  fake_transport network{time};
  asio::io_context io;
  asio::cancellation_signal stop;
  const token_source source{[time, &io, &stop]() -> asio::awaitable<result<access_token>> {
    asio::post(io, [&stop] { stop.emit(asio::cancellation_type::terminal); });
    auto clock = time;
    co_await clock.sleep(10s);
    access_token token{secret{"t"}, std::nullopt};
    co_return token;
  }};
  std::optional<errc> failure;
  client_options options;
  options.observer = [&](const event& e) {
    if (const auto* ended = std::get_if<events::token_refreshed>(&e)) failure = ended->failure;
  };
  const client c{network, source, options, time};
  asio::co_spawn(
      io, c.disable("acme"),
      asio::bind_cancellation_slot(stop.slot(), [](std::exception_ptr, result<response<void>>) {}));
  io.run();
  REQUIRE(failure);
  CHECK(*failure == errc::cancelled);
}
