// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/testing/fake_transport.hpp>
#include <sso/testing/manual_runtime.hpp>
#include <sso/testing/run.hpp>
#include <sso/truto.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <concepts>
#include <exception>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

using namespace std::chrono_literals;
using namespace sso;
using sso::testing::fake_transport;
using sso::testing::manual_runtime;
using sso::testing::run;

namespace {

using client = truto::basic_client<fake_transport, manual_runtime>;

const std::string id = "1ba1f401-7183-47c5-9e39-e8e257e3c795";
const std::string pending = R"({"domain":"example.com","verified":false,"detail":"no TXT record found"})";
const std::string passed = R"({"domain":"example.com","verified":true})";

using any_client = truto::basic_client<any_transport>;

static_assert(std::convertible_to<client, any_client>);
static_assert(std::convertible_to<truto::basic_client<fake_transport>, any_client>);
static_assert(!std::constructible_from<client, any_client>);
static_assert(!std::constructible_from<truto::basic_client<any_transport, manual_runtime>, any_client>);
static_assert(std::copyable<any_client> && std::is_nothrow_move_constructible_v<any_client>);
static_assert(std::same_as<decltype(truto::basic_client{std::declval<any_client>()}), any_client>);
static_assert(std::same_as<decltype(truto::basic_client{std::declval<client>()}), client>);
static_assert(std::same_as<decltype(truto::basic_client{std::declval<fake_transport>(), bearer_token{""},
                                                        client_options{}, manual_runtime{}}),
                           client>);

struct scripted {
  manual_runtime time;
  fake_transport network{time};

  client make(client_options options = {}) {
    return client{network, bearer_token{"token"}, std::move(options), time};
  }
};

template <class T>
error failure(result<T> r) {
  REQUIRE(!r);
  return r.error();
}

}  // namespace

TEST_CASE("each Truto operation sends its method and path and body", "[truto]") {
  scripted s;
  s.network.reply(200, R"({"id":"1ba1f401-7183-47c5-9e39-e8e257e3c795","protocol":"ws-fed"})")
      .reply(200, R"({"id":"1ba1f401-7183-47c5-9e39-e8e257e3c795"})")
      .reply(200, R"({"result":[]})")
      .reply(201, R"({"domain":"example.com","verification_token":"tok","verification_record":"as given"})")
      .reply(200, passed);
  const auto c = s.make();
  const auto connection = run(c.retrieve(id));
  REQUIRE(connection);
  CHECK(connection->protocol.value().str() == "ws-fed");
  REQUIRE(run(c.update(
      id, truto::update_params{}.enforced(true).config(truto::config_params{}.issuer("https://idp")))));
  REQUIRE(run(c.list_domains(id, truto::list_params{}.limit(10).next_cursor("a b&"))));
  const auto added = run(c.add_domain(id, "example.com"));
  REQUIRE(added);
  CHECK(added->verification_record == "as given");
  const auto verified = run(c.verify_domain(id, "example.com"));
  REQUIRE(verified);
  CHECK(verified->verified);

  const auto sent = s.network.requests();
  const std::string base = "/sso-connection/" + id;
  CHECK(to_string(sent[0].origin) == "https://api.truto.one");
  CHECK(sent[0].target == base);
  CHECK(sent[0].method == http::method::get);
  CHECK(sent[0].headers.get("Authorization") == "Bearer token");
  CHECK_FALSE(sent[0].headers.contains("X-Client-Request-ID"));
  CHECK(sent[1].target == base);
  CHECK(sent[1].method == http::method::patch);
  CHECK(sent[1].body == R"({"enforced":true,"config":{"issuer":"https://idp"}})");
  CHECK(sent[2].target == base + "/domains?limit=10&next_cursor=a%20b%26");
  CHECK(sent[3].target == base + "/domains");
  CHECK(sent[3].method == http::method::post);
  CHECK(sent[3].body == R"({"domain":"example.com"})");
  CHECK_FALSE(sent[3].replayable);
  CHECK(sent[4].target == base + "/domains/example.com/verify");
  CHECK(sent[4].method == http::method::post);
  CHECK(sent[4].body.empty());
  CHECK_FALSE(sent[4].headers.contains("Content-Type"));
  CHECK(sent[4].replayable);
}

TEST_CASE("a missing TXT record of a domain is built from its token", "[truto]") {
  scripted s;
  s.network.reply(200,
                  R"({"result":[{"domain":"a.example","verification_token":"t-1"},{"domain":"b.example"}],)"
                  R"("next_cursor":"c-2"})");
  const auto listed = run(s.make().list_domains(id));
  REQUIRE(listed);
  REQUIRE(listed->items.size() == 2);
  CHECK(listed->items[0].verification_record == "truto-domain-verification=t-1");
  CHECK_FALSE(listed->items[1].verification_record);
  CHECK(listed->next_cursor == "c-2");
}

TEST_CASE("to_json writes a model as the JSON that it was decoded from", "[truto]") {
  scripted s;
  const std::string domain = R"({"domain":"a.example","verified":true})";
  s.network.reply(200, domain).reply(200, R"({"result":[)" + domain + R"(],"next_cursor":"c"})");
  const auto added = run(s.make().add_domain(id, "a.example"));
  REQUIRE(added);
  CHECK(to_json(*added) == domain);
  const auto page = run(s.make().list_domains(id));
  REQUIRE(page);
  CHECK(to_json(*page) == R"({"result":[)" + domain + R"(],"next_cursor":"c"})");
}

TEST_CASE("an empty cursor means that there is no next page", "[truto]") {
  scripted s;
  s.network.reply(200, R"({"result":[],"next_cursor":""})");
  const auto listed = run(s.make().list_domains(id));
  REQUIRE(listed);
  CHECK_FALSE(listed->next_cursor);
}

TEST_CASE("list_all_domains has one deadline and stops at endless pages", "[truto]") {
  scripted s;
  const auto c = s.make();
  SECTION("three pages") {
    s.network.reply(200, R"({"result":[{"domain":"a.example"}],"next_cursor":"1"})")
        .reply(200, R"({"result":[{"domain":"b.example"}],"next_cursor":"2"})")
        .reply(200, R"({"result":[{"domain":"c.example"}],"next_cursor":null})");
    const auto all = run(c.list_all_domains(id, truto::list_params{}.limit(1)));
    REQUIRE(all);
    REQUIRE(all->size() == 3);
    CHECK((*all)[2].domain == "c.example");
    CHECK(s.network.requests()[2].target == "/sso-connection/" + id + "/domains?limit=1&next_cursor=2");
  }
  SECTION("a repeated cursor") {
    s.network.handle([](const http::request& request) {
      const bool a = request.target.find("next_cursor=a") != std::string::npos;
      return http::response{
          200, {}, std::string{R"({"result":[],"next_cursor":")"} + (a ? "b" : "a") + "\"}"};
    });
    CHECK(run(c.list_all_domains(id)).error().code() == errc::protocol_error);
    CHECK(s.network.request_count() == 3);
  }
  SECTION("an endless list of pages") {
    int n = 0;
    s.network.handle([&n](const http::request&) {
      return http::response{200, {}, R"({"result":[],"next_cursor":")" + std::to_string(++n) + "\"}"};
    });
    CHECK(run(c.list_all_domains(id)).error().code() == errc::protocol_error);
    CHECK(s.network.request_count() == 1000);
  }
  SECTION("slow pages") {
    int n = 0;
    s.network.latency(400ms).handle([&n](const http::request&) {
      return http::response{200, {}, R"({"result":[],"next_cursor":")" + std::to_string(++n) + "\"}"};
    });
    const auto began = c.now();
    CHECK(run(c.list_all_domains(id, {}, call_options{}.timeout(1s))).error().code() == errc::timeout);
    CHECK(c.now() - began == 1s);
  }
}

TEST_CASE("Truto operations accept string views as arguments", "[truto]") {
  scripted s;
  s.network.reply(200, passed).reply(200, passed);
  const std::string text = id + "example.com";
  const auto connection = std::string_view{text}.substr(0, id.size());
  const auto domain = std::string_view{text}.substr(id.size());
  const auto c = s.make();
  REQUIRE(run(c.verify_domain(connection, domain)));
  REQUIRE(run(c.wait_until_verified(connection, domain)));
  for (const auto& sent : s.network.requests()) {
    CHECK(sent.target.ends_with("/sso-connection/" + id + "/domains/example.com/verify"));
  }
}

TEST_CASE("an invalid Truto argument is named and nothing is sent", "[truto]") {
  scripted s;
  const auto c = s.make();
  for (const std::string bad :
       {"", "42", "1ba1f401-7183-47c5-9e39-e8e257e3c79", "1ba1f401-7183-47c5-9e39-e8e257e3c7956",
        "1ba1f401x7183-47c5-9e39-e8e257e3c795", "gba1f401-7183-47c5-9e39-e8e257e3c795"}) {
    CAPTURE(bad);
    const auto e = failure(run(c.retrieve(bad)));
    CHECK(e.code() == errc::invalid_argument);
    CHECK(e.what().find("id: must be a UUID") != std::string::npos);
  }
  for (const std::string& bad :
       {std::string{}, std::string{"."}, std::string{"a..b"}, std::string{"a.example."},
        std::string{"-a.example"}, std::string{"a-.example"}, std::string{"a b.example"}, std::string{"a/b"},
        std::string{"b\xc3\xbc.example"}, std::string{"a@example.com"}, std::string(64, 'a') + ".example",
        std::string(254, 'a')}) {
    CAPTURE(bad);
    CHECK(failure(run(c.add_domain(id, bad))).code() == errc::invalid_argument);
    CHECK(failure(run(c.verify_domain(id, bad))).what().rfind("domain: ", 0) == 0);
  }
  CHECK(failure(run(c.list_domains(id, truto::list_params{}.limit(0)))).code() == errc::invalid_argument);
  CHECK(failure(run(c.update(id, truto::update_params{}.config(truto::config_params{}.idp_sso_url("x")))))
            .what()
            .find("config.idp_sso_url") != std::string::npos);
  CHECK(failure(run(c.wait_until_verified("x", "example.com"))).code() == errc::invalid_argument);
  CHECK(failure(run(c.wait_until_verified(id, "example.com", truto::poll{}.interval(0s))))
            .what()
            .find("poll.interval") != std::string::npos);
  CHECK(failure(run(c.wait_until_verified(id, "example.com", truto::poll{}.max_interval(1s))))
            .what()
            .find("poll.max_interval") != std::string::npos);
  CHECK(failure(run(c.wait_until_verified(id, "example.com", truto::poll{}.timeout(0s))))
            .what()
            .find("poll.timeout") != std::string::npos);
  CHECK(s.network.request_count() == 0);
}

TEST_CASE("a Truto error keeps code and message of the server", "[truto]") {
  scripted s;
  s.network.reply(404, R"({"statusCode":404,"error":"Not Found","message":"no such connection"})");
  const auto e = failure(run(s.make().retrieve(id)));
  CHECK(e.code() == errc::not_found);
  CHECK(e.server_code() == "Not Found");
  CHECK(e.server_message() == "no such connection");
}

TEST_CASE("a call with a refused bearer token is not retried", "[truto]") {
  scripted s;
  s.network.reply(401, R"({"statusCode":401,"error":"Unauthorized","message":"bad token"})");
  CHECK(failure(run(s.make().retrieve(id))).code() == errc::unauthorized);
  CHECK(s.network.request_count() == 1);
}

TEST_CASE("a call waits for the end of the Truto rate limit", "[truto]") {
  scripted s;
  s.network.reply(429, "", {{"ratelimit-limit", "110;w=10"}, {"ratelimit-reset", "7"}})
      .reply(201, R"({"domain":"example.com"})");
  REQUIRE(run(s.make().add_domain(id, "example.com")));
  CHECK(s.time.slept() == std::vector<manual_runtime::duration>{7s});
}

TEST_CASE("a Truto client refuses options without effect", "[truto]") {
  client_options options;
  options.expand_format = expand_format::brackets;
  CHECK_THROWS_AS(scripted{}.make(options), exception);
  CHECK_THROWS_AS((client{fake_transport{}, client_credentials{"id", secret{"pw"}}}), exception);
}

TEST_CASE("wait_until_verified returns when the domain is verified", "[truto]") {
  scripted s;
  s.time.every_random(0);
  s.network.reply(200, pending).reply(200, pending).reply(200, passed);
  const auto verified = run(s.make().wait_until_verified(id, "example.com"));
  REQUIRE(verified);
  CHECK(verified->verified);
  CHECK(s.time.slept() == std::vector<manual_runtime::duration>{2500ms, 5s});
}

TEST_CASE("wait_until_verified calls on_check for each check that finds the domain unverified", "[truto]") {
  scripted s;
  s.network.reply(200, R"({"verified":false,"detail":"no record"})")
      .reply(503)
      .reply(200, R"({"verified":false,"detail":"still none"})")
      .reply(200, R"({"verified":true})");
  std::vector<std::string> seen;
  const auto how =
      truto::poll{}.on_check([&](const truto::domain_verification& check, truto::poll::duration next) {
        CHECK(next > 0s);
        seen.push_back(check.detail.value_or(""));
      });
  REQUIRE(run(s.make().wait_until_verified(id, "acme.example", how, call_options{}.max_retries(0))));
  CHECK(seen == std::vector<std::string>{"no record", "still none"});
}

TEST_CASE("wait_until_verified increases its interval up to the maximum and times out with the last detail",
          "[truto]") {
  scripted s;
  s.time.every_random(0);
  s.network.handle([](const http::request&) { return http::response{200, {}, pending}; });
  const auto started = s.time.now();
  const auto e = failure(run(s.make().wait_until_verified(
      id, "example.com", truto::poll{}.interval(2s).max_interval(10s).timeout(30s))));
  CHECK(e.code() == errc::timeout);
  CHECK(e.server_message() == "no TXT record found");
  CHECK(e.message().find("example.com was not verified in time \"no TXT record found\"") !=
        std::string::npos);
  CHECK(s.time.slept() == std::vector<manual_runtime::duration>{1s, 2s, 4s, 5s, 5s, 5s, 5s});
  CHECK(s.time.now() - started <= 30s);
  CHECK(e.message().rfind("POST /sso-connection/" + id + "/domains/example.com/verify: timeout", 0) == 0);
}

TEST_CASE("waiting continues after a transient error and stops after any other", "[truto]") {
  client_options no_retries;
  no_retries.retry.max_retries = 0;
  {
    scripted s;
    s.time.every_random(0);
    s.network.reply(408)
        .reply(502)
        .fail(errc::connect_failed, outcome::not_sent)
        .reply(429, "", {{"Retry-After", "9"}})
        .reply(200, passed);
    REQUIRE(run(s.make(no_retries).wait_until_verified(id, "example.com")));
    CHECK(s.time.slept() == std::vector<manual_runtime::duration>{2500ms, 5s, 10s, 20s});
  }
  {
    scripted s;
    s.network.reply(200, pending).reply(404);
    CHECK(failure(run(s.make(no_retries).wait_until_verified(id, "example.com"))).code() == errc::not_found);
  }
  {
    scripted s;
    s.network.handle([](const http::request&) { return http::response{500, {}, {}}; });
    const auto e =
        failure(run(s.make(no_retries).wait_until_verified(id, "example.com", truto::poll{}.timeout(20s))));
    CHECK(e.code() == errc::timeout);
    CHECK(e.cause() == errc::server_error);
    CHECK(e.message().find("the last check: 500 server_error") != std::string::npos);
  }
}

TEST_CASE("wait_until_verified ends at its timeout even during a check", "[truto]") {
  scripted s;
  s.network.stall();
  const auto started = s.time.now();
  client_options options;
  options.retry.max_retries = 0;
  const auto e =
      failure(run(s.make(options).wait_until_verified(id, "example.com", truto::poll{}.timeout(8s))));
  CHECK(e.code() == errc::timeout);
  CHECK(s.time.now() - started == 8s);
}

TEST_CASE("wait_until_verified without time left is a timeout and sends nothing", "[truto]") {
  scripted s;
  const auto failed =
      failure(run(s.make().wait_until_verified(id, "example.com", {}, call_options{}.timeout(0s))));
  CHECK(failed.code() == errc::timeout);
  CHECK(s.network.request_count() == 0);
}

TEST_CASE("wait_until_verified with an interval above its timeout makes one last check", "[truto]") {
  scripted s;
  s.time.every_random(0);
  s.network.handle([](const http::request&) { return http::response{200, {}, pending}; });
  const auto e = failure(run(s.make().wait_until_verified(
      id, "example.com", truto::poll{}.interval(120s).max_interval(120s).timeout(30s))));
  CHECK(e.code() == errc::timeout);
  CHECK(s.time.slept() == std::vector<manual_runtime::duration>{25s});
  CHECK(s.network.request_count() == 2);
}

TEST_CASE("wait_until_verified keeps the last detail if the last check fails", "[truto]") {
  scripted s;
  s.time.every_random(0);
  s.network.reply(200, pending).stall();
  client_options options;
  options.retry.max_retries = 0;
  const auto e =
      failure(run(s.make(options).wait_until_verified(id, "example.com", truto::poll{}.timeout(8s))));
  CHECK(e.code() == errc::timeout);
  CHECK(e.cause() == errc::timeout);
  CHECK(e.server_message() == "no TXT record found");
}

namespace {

/// A runtime whose timers fire late.
struct late_runtime : manual_runtime {
  asio::awaitable<void> sleep(duration d) const { return manual_runtime::sleep(d + 100ms); }
};

}  // namespace

TEST_CASE("wait_until_verified ends with a timeout if a timer fires late", "[truto]") {
  late_runtime time;
  fake_transport network{time};
  network.handle([](const http::request&) { return http::response{200, {}, pending}; });
  const truto::basic_client<fake_transport, late_runtime> c{network, bearer_token{"t"}, {}, time};
  for (int i = 0; i != 20; ++i) {
    const auto e = failure(run(c.wait_until_verified(
        id, "example.com", truto::poll{}.interval(50ms).max_interval(50ms).timeout(1s + i * 10ms))));
    REQUIRE(e.code() == errc::timeout);
  }
}

namespace {

/// A runtime whose clock advances by one millisecond with each reading.
struct passing_time : manual_runtime {
  std::chrono::steady_clock::time_point now() const {
    manual_runtime{*this}.advance(1ms);
    return manual_runtime::now();
  }
};

}  // namespace

TEST_CASE("wait_until_verified ends with a timeout if time passes between two clock reads", "[truto]") {
  client_options no_retries;
  no_retries.retry.max_retries = 0;
  for (auto timeout = 1ms; timeout != 60ms; timeout += 1ms) {
    CAPTURE(timeout.count());
    const passing_time time;
    fake_transport network{time};
    network.handle([](const http::request&) { return http::response{200, {}, pending}; });
    const truto::basic_client<fake_transport, passing_time> c{network, bearer_token{"t"}, no_retries, time};
    const auto e = failure(run(c.wait_until_verified(
        id, "example.com", truto::poll{}.interval(2ms).max_interval(2ms).timeout(timeout))));
    INFO(e);
    CHECK(e.code() == errc::timeout);
  }
}

TEST_CASE("wait_until_verified uses one request id and its errors name the call", "[truto]") {
  scripted s;
  std::set<std::string, std::less<>> ids;
  client_options options;
  options.base_url = "https://staging.example/truto/v1";
  options.retry.max_retries = 0;
  options.observer = [&ids](const event& happened) {
    std::visit([&ids](const auto& e) { ids.emplace(e.call.client_request_id); }, happened);
  };
  const auto c = s.make(options);
  const auto head = "POST /truto/v1/sso-connection/" + id + "/domains/example.com/verify: ";
  const auto check = [&](const error& e) {
    INFO(e);
    CHECK(ids == std::set<std::string, std::less<>>{e.client_request_id()});
    CHECK(e.message().rfind(head, 0) == 0);
    ids.clear();
  };
  SECTION("with a generated id") {
    s.network.reply(200, pending).reply(503).reply(200, pending).reply(404);
    const auto refused = failure(run(c.wait_until_verified(id, "example.com")));
    CHECK(refused.code() == errc::not_found);
    CHECK(refused.client_request_id().size() == 36);
    check(refused);

    s.network.handle([](const http::request&) { return http::response{200, {}, pending}; });
    const auto late = failure(run(c.wait_until_verified(id, "example.com")));
    CHECK(late.code() == errc::timeout);
    CHECK(late.client_request_id() != refused.client_request_id());
    check(late);
  }
  const auto named = [] { return call_options{}.client_request_id("5f0c9d4e-3a52-4d0e-9c41-0f6f2f0a7b11"); };
  SECTION("with an id from the caller") {
    s.network.handle([](const http::request&) { return http::response{500, {}, {}}; });
    const auto late = failure(run(c.wait_until_verified(id, "example.com", {}, named())));
    CHECK(late.code() == errc::timeout);
    CHECK(late.client_request_id() == named().client_request_id());
    check(late);
  }
  SECTION("cancelled between two checks") {
    s.network.handle([](const http::request&) { return http::response{200, {}, pending}; });
    boost::asio::io_context io;
    boost::asio::cancellation_signal stop;
    std::optional<error> ended;
    boost::asio::co_spawn(
        io, c.wait_until_verified(id, "example.com", truto::poll{}.timeout(24h)),
        boost::asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr, const auto& r) {
          if (!r) ended = r.error();
        }));
    while (s.time.slept().empty()) REQUIRE(io.run_one() != 0);
    stop.emit(boost::asio::cancellation_type::terminal);
    io.run();
    REQUIRE(ended);
    CHECK(ended->code() == errc::cancelled);
    CHECK(ended->what() == "while waiting for the next check of example.com");
    check(*ended);
  }
  SECTION("a deadline in the past") {
    const auto late =
        failure(run(c.wait_until_verified(id, "example.com", {}, call_options{}.deadline(c.now() - 1s))));
    CHECK(late.code() == errc::timeout);
    CHECK(late.outcome() == outcome::not_sent);
    CHECK(s.network.request_count() == 0);
  }
  SECTION("an invalid argument") {
    for (const auto& e :
         {failure(run(c.wait_until_verified(id, "example.com", truto::poll{}.interval(0s), named()))),
          failure(run(c.wait_until_verified("x", "example.com", {}, named())))}) {
      INFO(e);
      CHECK(e.code() == errc::invalid_argument);
      CHECK(e.client_request_id() == named().client_request_id());
    }
    CHECK(ids.empty());
  }
}

TEST_CASE("wait_until_verified emits one start event and one finish event", "[truto]") {
  scripted s;
  s.network.reply(200, R"({"verified":false})").reply(200, R"({"verified":true})").reply(403);
  std::vector<std::string> log;
  std::vector<unsigned> checks;
  client_options options;
  options.observer = [&](const event& e) {
    if (const auto* started = std::get_if<events::wait_started>(&e)) {
      log.push_back("start " + std::string{started->call.path});
      CHECK(started->call.operation == "truto.wait_until_verified");
    } else if (const auto* call = std::get_if<events::call_finished>(&e)) {
      log.push_back("check " + std::string{call->call.client_request_id});
    } else if (const auto* finished = std::get_if<events::wait_finished>(&e)) {
      log.push_back(finished->failure ? "failure" : "end");
      checks.push_back(finished->checks);
    }
  };
  const auto own_id = call_options{}.client_request_id("1ba1f401-7183-47c5-9e39-e8e257e3c795");
  REQUIRE(run(s.make(options).wait_until_verified(id, "acme.example", {}, own_id)));
  CHECK(run(s.make(options).wait_until_verified(id, "acme.example", {}, own_id)).error().status() == 403);
  const std::string start = "start /sso-connection/" + id + "/domains/acme.example/verify";
  const std::string check = "check 1ba1f401-7183-47c5-9e39-e8e257e3c795";
  CHECK(log == std::vector<std::string>{start, check, check, "end", start, check, "failure"});
  CHECK(checks == std::vector<unsigned>{2, 1});
}

TEST_CASE("a Truto client converted to any_transport shares its state with the original", "[truto]") {
  scripted s;
  s.network.reply(200, passed).reply(503).reply(200, passed);
  int supplied = 0;
  const client own{s.network,
                   token_source{[&supplied]() -> boost::asio::awaitable<result<access_token>> {
                     ++supplied;
                     co_return access_token{secret{"t"}, std::nullopt};
                   }},
                   {},
                   s.time};
  REQUIRE(run(own.verify_domain(id, "example.com")));
  const any_client stored = own;
  REQUIRE(run(stored.verify_domain(id, "example.com")));
  CHECK(s.network.request_count() == 3);
  CHECK(s.time.slept().size() == 1);
  CHECK(supplied == 1);
}
