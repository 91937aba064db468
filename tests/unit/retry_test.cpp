// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/keycard.hpp>
#include <sso/testing/fake_transport.hpp>
#include <sso/testing/manual_runtime.hpp>
#include <sso/testing/run.hpp>

#include <chrono>
#include <limits>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using namespace sso;
using sso::testing::fake_transport;
using sso::testing::manual_runtime;
using sso::testing::run;

namespace {

using client = keycard::basic_client<fake_transport, manual_runtime>;
using waits = std::vector<manual_runtime::duration>;

struct scripted {
  manual_runtime time;
  fake_transport network{time};

  scripted() {
    time.every_random(std::numeric_limits<std::uint64_t>::max() / 2);
  }  // jitter: half of each backoff bound
  client make(client_options options = {}) {
    return client{network, bearer_token{"t"}, std::move(options), time};
  }
  waits slept() const {
    waits rounded;
    for (const auto d : time.slept()) rounded.push_back(std::chrono::round<std::chrono::milliseconds>(d));
    return rounded;
  }
};

}  // namespace

TEST_CASE("a call makes the expected attempts and waits for each sequence of failures", "[retry]") {
  struct row {
    std::string what;
    bool write;  // enable, not idempotent; otherwise disable, idempotent
    void (*script)(fake_transport&);
    unsigned attempts;
    waits slept;
    errc end;  // errc{}: success
  };
  const row rows[] = {
      {"success", false, [](fake_transport& n) { n.reply(204); }, 1, {}, errc{}},
      {"two bad gateways",
       false,
       [](fake_transport& n) { n.reply(502).reply(502).reply(204); },
       3,
       {250ms, 500ms},
       errc{}},
      {"three bad gateways",
       false,
       [](fake_transport& n) { n.reply(502).reply(502).reply(502); },
       3,
       {250ms, 500ms},
       errc::server_error},
      {"a write and a bad gateway", true, [](fake_transport& n) { n.reply(502); }, 1, {}, errc::server_error},
      {"a write and a 503",
       true,
       [](fake_transport& n) { n.reply(503).reply(409); },
       2,
       {250ms},
       errc::conflict},
      {"a write and a 429 with its wait",
       true,
       [](fake_transport& n) {
         n.reply(429, "", {{"Retry-After", "3"}}).reply(409);
       },
       2,
       {3s},
       errc::conflict},
      {"no connection",
       true,
       [](fake_transport& n) { n.fail(errc::connect_failed, outcome::not_sent).reply(409); },
       2,
       {250ms},
       errc::conflict},
      {"a write cut off",
       true,
       [](fake_transport& n) { n.fail(errc::transport_failed, outcome::maybe_executed); },
       1,
       {},
       errc::transport_failed},
      {"a write cut off before its first byte",
       true,
       [](fake_transport& n) { n.fail(errc::transport_failed, outcome::not_sent).reply(409); },
       2,
       {250ms},
       errc::conflict},
      {"a read cut off",
       false,
       [](fake_transport& n) { n.fail(errc::incomplete_response, outcome::maybe_executed).reply(204); },
       2,
       {250ms},
       errc{}},
      {"an untrusted peer",
       false,
       [](fake_transport& n) { n.fail(errc::tls_failed, outcome::not_sent); },
       1,
       {},
       errc::tls_failed},
      {"a conflict", false, [](fake_transport& n) { n.reply(409); }, 1, {}, errc::conflict},
      {"a conflict the server wants repeated",
       true,
       [](fake_transport& n) {
         n.reply(409, "", {{"x-should-retry", "true"}}).reply(422);
       },
       2,
       {250ms},
       errc::unprocessable},
      {"a failure the server wants left",
       false,
       [](fake_transport& n) {
         n.reply(500, "", {{"x-should-retry", "false"}});
       },
       1,
       {},
       errc::server_error},
      {"a wait over the cap",
       false,
       [](fake_transport& n) {
         n.reply(503, "", {{"Retry-After", "61"}});
       },
       1,
       {},
       errc::server_error},
      {"a wait beyond the deadline",
       false,
       [](fake_transport& n) {
         n.reply(503, "", {{"Retry-After", "59"}}).reply(429, "", {{"Retry-After", "2"}});
       },
       2,
       {59s},
       errc::rate_limited},
  };
  for (const auto& r : rows) {
    CAPTURE(r.what);
    scripted s;
    r.script(s.network);
    const auto c = s.make();
    errc end{};
    if (r.write) {
      const auto a = run(c.enable("acme", keycard::enable_params{"c", "https://idp"}));
      if (!a) end = static_cast<errc>(a.error().code().value());
    } else {
      const auto a = run(c.disable("acme"));
      if (!a) end = static_cast<errc>(a.error().code().value());
    }
    CHECK(end == r.end);
    CHECK(s.network.request_count() == r.attempts);
    CHECK(s.slept() == r.slept);
    CHECK(s.network.steps_left() == 0);
  }
}

TEST_CASE("an error after too long a Retry-After has that wait time", "[retry]") {
  scripted s;
  s.network.reply(429, "", {{"Retry-After", "3600"}});
  const auto a = run(s.make().disable("acme"));
  REQUIRE(!a);
  CHECK(a.error().code() == errc::rate_limited);
  CHECK(a.error().retry_after() == 3600s);
  CHECK(a.error().attempts() == 1);
}

TEST_CASE("Retry-After as a date is measured against the Date field of the response", "[retry]") {
  scripted s;  // the local clock is at 2024-01-01 00:00:00, one hour behind the server
  s.network
      .reply(503, "",
             {{"Date", "Mon, 01 Jan 2024 01:00:00 GMT"}, {"Retry-After", "Mon, 01 Jan 2024 01:00:10 GMT"}})
      .reply(204);
  REQUIRE(run(s.make().disable("acme")));
  CHECK(s.time.slept() == std::vector<manual_runtime::duration>{10s});
}

TEST_CASE("a call to a server that never responds ends at its deadline for any number of retries",
          "[retry]") {
  for (const unsigned retries : {0u, 2u, 20u}) {
    CAPTURE(retries);
    scripted s;
    for (int i = 0; i != 30; ++i) s.network.stall();
    client_options options;
    options.timeout = 30s;
    options.attempt_timeout = 7s;
    options.retry.max_retries = retries;
    const auto started = s.time.now();
    const auto a = run(s.make(options).disable("acme"));
    REQUIRE(!a);
    CHECK(a.error().code() == errc::timeout);
    CHECK(s.time.now() - started <= 30s);
    if (retries == 0) CHECK(s.time.now() - started == 7s);
    if (retries == 20) CHECK(s.time.now() - started > 29s);  // the next wait would exceed the deadline
  }
}

TEST_CASE("a call without time left is a timeout and sends nothing", "[retry]") {
  scripted s;
  const auto c = s.make();
  for (const auto& options : {call_options{}.timeout(0s), call_options{}.timeout(-5s),
                              call_options{}.deadline(c.now()), call_options{}.deadline(c.now() - 1h)}) {
    const auto failed = run(c.disable("acme", options)).error();
    CHECK(failed.code() == errc::timeout);
    CHECK(failed.outcome() == outcome::not_sent);
  }
  CHECK(s.network.request_count() == 0);
  s.network.stall();
  const auto began = c.now();
  CHECK(run(c.disable("acme", call_options{}.deadline(began + 3s))).error().code() == errc::timeout);
  CHECK(c.now() - began == 3s);
}

TEST_CASE("a timeout error names the failure of the attempt before", "[retry]") {
  scripted s;
  s.network.reply(503, "", {{"Retry-After", "1"}}).stall();
  client_options options;
  options.timeout = 5s;
  const auto a = run(s.make(options).disable("acme"));
  REQUIRE(!a);
  const auto e = a.error();
  CHECK(e.code() == errc::timeout);
  CHECK(e.cause() == errc::server_error);
  CHECK(e.message().find("the attempt before: 503 server_error") != std::string::npos);
  CHECK(e.attempts() == 2);
  CHECK(e.outcome() == outcome::maybe_executed);
}

TEST_CASE("an error has the worst outcome of all attempts", "[retry]") {
  scripted s;
  s.network.fail(errc::incomplete_response, outcome::maybe_executed)
      .fail(errc::connect_failed, outcome::not_sent)
      .fail(errc::connect_failed, outcome::not_sent);
  const auto a = run(s.make().update("acme", keycard::update_params{}.identifier("x")));
  REQUIRE(!a);
  CHECK(a.error().code() == errc::connect_failed);
  CHECK(a.error().outcome() == outcome::maybe_executed);
  CHECK(a.error().attempts() == 3);
}

TEST_CASE("a write with a retry requested by the server has the outcome rejected", "[retry]") {
  scripted s;
  const http::headers again{{"x-should-retry", "true"}};
  s.network.reply(500, "", again).reply(500, "", again).reply(500, "", again);
  const auto a = run(s.make().enable("acme", keycard::enable_params{"client", "https://idp"}));
  REQUIRE(!a);
  CHECK(a.error().code() == errc::server_error);
  CHECK(a.error().attempts() == 3);
  CHECK(a.error().outcome() == outcome::rejected);
}

TEST_CASE("the timeout of an attempt is the remaining time of the call, at most attempt_timeout", "[retry]") {
  scripted s;
  s.network.latency(4s).reply(500).reply(500).reply(204);
  client_options options;
  options.timeout = 20s;
  options.attempt_timeout = 12s;
  options.limits.body_bytes = 1234;
  REQUIRE(run(s.make(options).disable("acme", call_options{}.timeout(14s))));
  const auto limits = s.network.limits();
  REQUIRE(limits.size() == 3);
  CHECK(limits[0].timeout == 12s);
  CHECK(std::chrono::round<std::chrono::milliseconds>(limits[1].timeout) == 9750ms);
  CHECK(std::chrono::round<std::chrono::milliseconds>(limits[2].timeout) == 5250ms);
  CHECK(limits[2].body_bytes == 1234);
}

TEST_CASE("attempt_timeout of a call does not exceed the limit of the client for an exchange", "[retry]") {
  scripted s;
  s.network.reply(204).reply(204);
  client_options options;
  options.limits.timeout = 3s;
  const auto c = s.make(options);
  REQUIRE(run(c.disable("acme", call_options{}.attempt_timeout(20s))));
  REQUIRE(run(c.disable("acme", call_options{}.attempt_timeout(2s))));
  CHECK(s.network.limits()[0].timeout == 3s);
  CHECK(s.network.limits()[1].timeout == 2s);
}

TEST_CASE("max_retries of a call overrides the policy of the client", "[retry]") {
  scripted s;
  for (int i = 0; i != 6; ++i) s.network.reply(500);
  REQUIRE(!run(s.make().disable("acme", call_options{}.max_retries(5))));
  CHECK(s.network.request_count() == 6);
  s.network.reply(500);
  REQUIRE(!run(s.make().disable("acme", call_options{}.max_retries(0))));
  CHECK(s.network.request_count() == 7);
}

TEST_CASE("the retry budget limits the retries of all calls of a client", "[retry]") {
  scripted s;
  s.network.handle([](const http::request&) { return http::response{500, {}, {}}; });
  client_options options;
  options.retry.budget = 10;
  const auto c = s.make(options);
  for (int i = 0; i != 100; ++i) REQUIRE(!run(c.disable("acme")));
  CHECK(s.network.request_count() == 110);
}

TEST_CASE("a 404 response refills the retry budget like a success", "[retry]") {
  scripted s;
  client_options options;
  options.retry.budget = 1;
  options.retry.budget_refill = 1;
  const auto c = s.make(options);
  for (int i = 0; i != 5; ++i) {
    s.network.reply(500).reply(404).reply(404);
    REQUIRE(!run(c.disable("acme")));  // 500, then a retry from the budget: 404
    REQUIRE(!run(c.disable("acme")));  // 404 at once
  }
  CHECK(s.network.request_count() == 15);
}

TEST_CASE("an exception of the transport is a transport_failed error", "[retry]") {
  scripted s;
  s.network.handle([](const http::request&) -> http::response { throw std::runtime_error{"out of order"}; });
  const auto read = run(s.make().disable("acme"));
  REQUIRE(!read);
  CHECK(read.error().code() == errc::transport_failed);
  CHECK(read.error().outcome() == outcome::maybe_executed);
  CHECK(read.error().message().find("out of order") != std::string::npos);
  CHECK(read.error().attempts() == 3);
  const auto write = run(s.make().enable("acme", keycard::enable_params{"c", "https://idp"}));
  REQUIRE(!write);
  CHECK(write.error().attempts() == 1);

  // A token request fails with the same message.
  const client asks{s.network, client_credentials{"id", secret{"pw"}}, {}, s.time};
  const auto unasked = run(asks.enable("acme", keycard::enable_params{"c", "https://idp"}));
  REQUIRE(!unasked);
  CHECK(unasked.error().code() == errc::transport_failed);
  CHECK(unasked.error().outcome() == outcome::not_sent);
}

TEST_CASE("an unlimited timeout is limited to one year", "[retry]") {
  for (const auto limit :
       {std::chrono::milliseconds::max(), std::chrono::milliseconds{std::chrono::hours{24 * 365 * 300}}}) {
    scripted s;
    s.network.reply(204).reply(204);
    client_options options;
    options.timeout = options.attempt_timeout = limit;
    const auto c = s.make(options);
    CHECK(run(c.disable("acme")));
    CHECK(run(c.disable("acme", call_options{}
                                    .timeout(manual_runtime::duration::max())
                                    .attempt_timeout(manual_runtime::duration::max()))));
    for (const auto& given : s.network.limits()) CHECK(given.timeout == std::chrono::hours{24 * 365});
  }
}

TEST_CASE("attempt_timeout may exceed one minute", "[retry]") {
  scripted s;
  s.network.reply(204);
  client_options options;
  options.timeout = 300s;
  options.attempt_timeout = 200s;
  REQUIRE(run(s.make(options).disable("acme")));
  CHECK(s.network.limits()[0].timeout == 200s);
}
