// SPDX-License-Identifier: BSL-1.0
// What public bug reports about clients of this kind found, tried on this one.
#include "catch.hpp"

#include <sso/keycard.hpp>
#include <sso/logger.hpp>
#include <sso/testing/fake_transport.hpp>
#include <sso/testing/manual_runtime.hpp>
#include <sso/testing/run.hpp>
#include <sso/truto.hpp>

#include <chrono>
#include <iomanip>
#include <locale>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using namespace sso;
using sso::testing::fake_transport;
using sso::testing::manual_runtime;
using sso::testing::run;

namespace {

const std::string id = "3b6f0c4e-6f37-4b8e-9a55-0d9f5cf0a001";

struct scripted {
  manual_runtime time;
  fake_transport network{time};

  keycard::basic_client<fake_transport, manual_runtime> keycard(client_options options = {}) {
    return {network, bearer_token{"a-long-token"}, std::move(options), time};
  }
  truto::basic_client<fake_transport, manual_runtime> truto(client_options options = {}) {
    return {network, bearer_token{"t"}, std::move(options), time};
  }
};

error failure_of(unsigned status, const std::string& body, http::headers headers = {}) {
  scripted s;
  s.network.reply(status, body, std::move(headers));
  client_options options;
  options.retry.max_retries = 0;
  return run(s.keycard(options).disable("acme")).error();
}

}  // namespace

TEST_CASE("the token endpoint URL is sent exactly as configured", "[bug_reports]") {
  struct row {
    std::string base_url, token_url, target;
  };
  const row rows[] = {
      {"", "https://login.example/o/token/", "/o/token/"},
      {"", "https://login.example/token?tenant=a%2Fb", "/token?tenant=a%2Fb"},
      {"", "https://login.example", "/"},
      {"", "https://login.example?x=1", "/?x=1"},
      {"https://api.example/v1/", "/token/", "/v1/token/"},
      {"https://api.example/v1", "/token?a=b", "/v1/token?a=b"},
  };
  for (const auto& r : rows) {
    CAPTURE(r.token_url);
    fake_transport network;
    network.reply(200, R"({"access_token":"t"})").reply(204);
    client_options options;
    options.base_url = r.base_url;
    options.token_url = r.token_url;
    const keycard::basic_client<fake_transport> c{network, client_credentials{"id", secret{"pw"}}, options};
    REQUIRE(run(c.disable("acme")));
    CHECK(network.requests()[0].target == r.target);
  }
}

TEST_CASE("the error for a redirected token request names the target without its query", "[bug_reports]") {
  fake_transport network;
  network.expect_token().reply(301, "", {{"Location", "https://login.example/o/token/?secret=canary"}});
  const keycard::basic_client<fake_transport> c{network, client_credentials{"id", secret{"pw"}}};
  const auto failed = run(c.disable("acme")).error();
  CHECK(failed.code() == errc::unexpected_status);
  CHECK(failed.message().find("redirects are not followed; to https://login.example/o/token/") !=
        std::string::npos);
  CHECK(failed.message().find("canary") == std::string::npos);
}

TEST_CASE("Retry-After as a date is measured against the Date field of the response", "[bug_reports]") {
  scripted s;  // it is 2024-01-01 00:00:00 here, and an hour later there
  s.network
      .reply(503, "",
             {{"Date", "Mon, 01 Jan 2024 01:00:00 GMT"}, {"Retry-After", "Mon, 01 Jan 2024 01:00:10 GMT"}})
      .reply(204);
  REQUIRE(run(s.keycard().disable("acme")));
  CHECK(s.time.slept() == std::vector<manual_runtime::duration>{10s});
}

TEST_CASE("an error reads code and message from other common body formats", "[bug_reports]") {
  struct row {
    std::string body, code, message;
  };
  const row rows[] = {
      {R"({"code":"a","message":"b"})", "a", "b"},
      {R"({"error":{"code":"a","message":"b"}})", "a", "b"},
      {R"({"error":{"code":7,"message":"b"}})", "7", "b"},
      {R"({"type":"about:blank","title":"t","detail":"d"})", "", "d"},
      {R"({"title":"t"})", "", "t"},
      {R"({"message":["a","b"]})", "", "a; b"},
      {R"({"message":["a","b","c","d"]})", "", "a; b; c; ..."},
      {R"({"error":"words"})", "", "words"},
      {R"({"error":"x","error_description":"y"})", "", "y"},
      {R"([1])", "", ""},
  };
  for (const auto& r : rows) {
    CAPTURE(r.body);
    const auto failed = failure_of(403, r.body);
    CHECK(failed.server_code() == r.code);
    CHECK(failed.server_message() == r.message);
  }
  const auto html = failure_of(403, "<html>\n blocked", {{"Content-Type", "text/html"}});
  CHECK(html.message().find("403 forbidden: the response is text/html: <html>") != std::string::npos);
}

TEST_CASE("an HTML response with status 200 is an error", "[bug_reports]") {
  for (const std::string type : {"text/html", "Text/HTML; charset=utf-8"}) {
    const auto failed = failure_of(200, "<html>login</html>", {{"Content-Type", type}});
    CHECK(failed.code() == errc::decode_failed);
    CHECK(failed.outcome() == outcome::maybe_executed);
    CHECK(failed.unsettled());
  }
}

TEST_CASE("an error and a log line print the same text for any stream state", "[bug_reports]") {
  struct grouping : std::numpunct<char> {
    std::string do_grouping() const override { return "\1"; }
    char do_thousands_sep() const override { return '\''; }
  };
  const auto failed = failure_of(404, R"({"message":"gone"})");
  std::ostringstream odd;
  odd.imbue(std::locale{std::locale::classic(), new grouping});
  odd << std::hex << std::showbase << std::setfill('*') << std::setw(400) << failed;
  CHECK(odd.str() == failed.message());

  std::ostringstream log;
  log.imbue(std::locale{std::locale::classic(), new grouping});
  log << std::hex << std::setfill('*') << std::setw(400);
  scripted s;
  s.network.latency(1000ms).reply(404);
  client_options options;
  options.observer = make_logger(log);
  (void)run(s.keycard(options).disable("acme"));
  CHECK(log.str().find("finished 404 not_found after 1 attempt in 1000 ms\n") != std::string::npos);
  CHECK(log.str().find('*') == std::string::npos);
}

TEST_CASE("a secret repeated by the server is redacted in the error", "[bug_reports]") {
  scripted s;
  s.network.reply(400, R"({"message":"bad token a-long-token for key k-canary"})",
                  {{"X-Request-Id", "a-long-token"}});
  client_options options;
  options.headers = {{"X-Api-Key", "k-canary"}};
  const auto failed = run(s.keycard(options).disable("acme")).error();
  CHECK(failed.server_message() == "bad token [redacted] for key [redacted]");
  CHECK(failed.message().find("a-long-token") == std::string::npos);
  CHECK(failed.body().find("canary") == std::string::npos);
  CHECK(failed.headers().wire().find("a-long-token") == std::string::npos);

  fake_transport network;
  network.expect_token().reply(400, R"({"error":"x","error_description":"no such secret: s3cr3t"})");
  const keycard::basic_client<fake_transport> c{network, client_credentials{"id", secret{"s3cr3t"}}};
  const auto refused = run(c.disable("acme")).error();
  CHECK(refused.server_message() == "no such secret: [redacted]");
}

TEST_CASE("a call without time left is a timeout and sends nothing", "[bug_reports]") {
  scripted s;
  const auto c = s.keycard();
  for (const auto& options : {call_options{}.timeout(0s), call_options{}.timeout(-5s),
                              call_options{}.deadline(c.now()), call_options{}.deadline(c.now() - 1h)}) {
    const auto failed = run(c.disable("acme", options)).error();
    CHECK(failed.code() == errc::timeout);
    CHECK(failed.outcome() == outcome::not_sent);
  }
  CHECK(s.network.request_count() == 0);
  const auto failed =
      run(s.truto().wait_until_verified(id, "acme.example", {}, call_options{}.timeout(0s))).error();
  CHECK(failed.code() == errc::timeout);

  s.network.stall();
  const auto began = c.now();
  CHECK(run(c.disable("acme", call_options{}.deadline(began + 3s))).error().code() == errc::timeout);
  CHECK(c.now() - began == 3s);
}

TEST_CASE("an error message does not repeat the name of its code", "[bug_reports]") {
  CHECK(error{errc::cancelled, outcome::not_sent, "cancelled while waiting"}.message().find(
            "cancelled while waiting") == 0);
  CHECK(error{errc::cancelled, outcome::not_sent, "before the first attempt"}.message().find(
            "cancelled: before the first attempt") == 0);
}

TEST_CASE("list_all_domains has one deadline and stops at endless pages", "[bug_reports]") {
  scripted s;
  const auto c = s.truto();
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
  SECTION("new cursors without end") {
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

TEST_CASE("wait_until_verified calls on_check for each unsuccessful check", "[bug_reports]") {
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
  REQUIRE(run(s.truto().wait_until_verified(id, "acme.example", how, call_options{}.max_retries(0))));
  CHECK(seen == std::vector<std::string>{"no record", "still none"});
}

TEST_CASE("wait_until_verified emits one start event and one finish event", "[bug_reports]") {
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
  REQUIRE(run(s.truto(options).wait_until_verified(id, "acme.example", {}, own_id)));
  CHECK(run(s.truto(options).wait_until_verified(id, "acme.example", {}, own_id)).error().status() == 403);
  const std::string start = "start /sso-connection/" + std::string{id} + "/domains/acme.example/verify";
  const std::string check = "check 1ba1f401-7183-47c5-9e39-e8e257e3c795";
  CHECK(log == std::vector<std::string>{start, check, check, "end", start, check, "failure"});
  CHECK(checks == std::vector<unsigned>{2, 1});
}

TEST_CASE("to_json writes a model as the JSON that it was decoded from", "[bug_reports]") {
  scripted s;
  const std::string domain = R"({"domain":"a.example","verified":true})";
  s.network.reply(200, domain).reply(200, R"({"result":[)" + domain + R"(],"next_cursor":"c"})");
  const auto added = run(s.truto().add_domain(id, "a.example"));
  REQUIRE(added);
  CHECK(to_json(*added) == domain);
  const auto page = run(s.truto().list_domains(id));
  REQUIRE(page);
  CHECK(to_json(*page) == R"({"result":[)" + domain + R"(],"next_cursor":"c"})");
}
