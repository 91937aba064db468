// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/keycard.hpp>
#include <sso/logger.hpp>
#include <sso/testing/fake_transport.hpp>
#include <sso/testing/manual_runtime.hpp>
#include <sso/testing/run.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <iomanip>
#include <locale>
#include <sstream>
#include <string>
#include <utility>

using namespace std::chrono_literals;
using namespace sso;
using sso::testing::fake_transport;
using sso::testing::manual_runtime;
using sso::testing::run;

namespace {

using client = keycard::basic_client<fake_transport, manual_runtime>;

const std::string uuid = "1ba1f401-7183-47c5-9e39-e8e257e3c795";

struct watched {
  manual_runtime time;
  fake_transport network{time};
  std::ostringstream log;

  std::string transcript(log_level level, call_options options = {}) {
    client_options client_options;
    client_options.observer = make_logger(log, level);
    const client c{network, client_credentials{"id", secret{"pw"}}, std::move(client_options), time};
    (void)run(c.disable("acme", options.client_request_id(uuid)));
    auto text = log.str();
    const auto prefix = "sso keycard.disable " + uuid + ": ";
    for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix))
      text.erase(at, prefix.size());
    return text;
  }
};

}  // namespace

TEST_CASE("the debug log shows a call with token refresh and retry and second refresh", "[logger]") {
  watched w;
  w.network.latency(10ms)
      .reply(200, R"({"access_token":"t","expires_in":600})")
      .reply(503, "", {{"Retry-After", "2"}, {"X-Request-Id", "r-1"}})
      .reply(401)
      .reply(200, R"({"access_token":"u","expires_in":600})")
      .reply(204, "", {{"X-Request-Id", "r-3"}});
  CHECK(w.transcript(log_level::debug) == "access token refresh started\n"
                                          "access token refreshed, expires in 600 s in 10 ms\n"
                                          "attempt 1: DELETE /organizations/acme/sso-connection\n"
                                          "attempt 1: 503 in 10 ms (request id r-1)\n"
                                          "attempt 1 failed: 503, retry in 2000 ms\n"
                                          "attempt 2: DELETE /organizations/acme/sso-connection\n"
                                          "attempt 2: 401 in 10 ms\n"
                                          "access token refresh started\n"
                                          "access token refreshed, expires in 600 s in 10 ms\n"
                                          "attempt 3: DELETE /organizations/acme/sso-connection\n"
                                          "attempt 3: 204 in 10 ms (request id r-3)\n"
                                          "finished 204 after 3 attempts in 2050 ms (request id r-3)\n");
}

TEST_CASE("the info log shows failures and the end of the call", "[logger]") {
  watched w;
  w.network.fail(errc::connect_failed, outcome::not_sent)
      .reply(200, R"({"access_token":"t"})")
      .fail(errc::incomplete_response, outcome::maybe_executed)
      .reply(404, "", {{"X-Request-Id", "r\n2"}});
  w.time.every_random(0);
  CHECK(w.transcript(log_level::info) ==
        "no access token: connect_failed, retry in 0 ms\n"
        "attempt 1 failed: incomplete_response, retry in 0 ms\n"
        "finished 404 not_found after 2 attempts in 0 ms (request id r\\x0a2)\n");
}

TEST_CASE("a logger with a clock writes the time of each line", "[logger]") {
  manual_runtime time;
  fake_transport network{time};
  network.latency(1500ms).reply(503, "", {{"Retry-After", "2"}}).reply(204);
  std::ostringstream log;
  client_options options;
  options.observer = make_logger(log, log_level::info, [time] { return time.wall_now(); });
  const client c{network, bearer_token{"t"}, options, time};
  REQUIRE(run(c.disable("acme", call_options{}.client_request_id(uuid))));
  const auto head = std::string{"Z sso keycard.disable "} + uuid + ": ";
  CHECK(log.str() == "2024-01-01T00:00:01.500" + head + "attempt 1 failed: 503, retry in 2000 ms\n" +
                         "2024-01-01T00:00:05.000" + head + "finished 204 after 2 attempts in 5000 ms\n");
}

TEST_CASE("a log line has the same text for any stream state", "[logger]") {
  struct grouping : std::numpunct<char> {
    std::string do_grouping() const override { return "\1"; }
    char do_thousands_sep() const override { return '\''; }
  };
  std::ostringstream log;
  log.imbue(std::locale{std::locale::classic(), new grouping});
  log << std::hex << std::setfill('*') << std::setw(400);
  manual_runtime time;
  fake_transport network{time};
  network.latency(1000ms).reply(404);
  client_options options;
  options.observer = make_logger(log);
  const client c{network, bearer_token{"t"}, options, time};
  (void)run(c.disable("acme"));
  CHECK(log.str().find("finished 404 not_found after 1 attempt in 1000 ms\n") != std::string::npos);
  CHECK(log.str().find('*') == std::string::npos);
}

TEST_CASE("the info log shows a failed token request that is retried", "[logger]") {
  watched w;
  w.network.reply(503, "", {{"Retry-After", "2"}}).reply(200, R"({"access_token":"t"})").reply(204);
  CHECK(w.transcript(log_level::info) == "no access token: 503 server_error, retry in 2000 ms\n"
                                         "finished 204 after 1 attempt in 2000 ms\n");
}

TEST_CASE("the debug log shows a refresh that fails permanently", "[logger]") {
  watched w;
  w.network.expect_token().reply(503).expect_token().reply(401, R"({"error":"invalid_client"})");
  w.time.every_random(0);
  CHECK(w.transcript(log_level::debug) == "access token refresh started\n"
                                          "no access token: 503 server_error, retry in 0 ms\n"
                                          "access token not refreshed: 401 credentials_rejected in 0 ms\n"
                                          "finished 401 credentials_rejected after 0 attempts in 0 ms\n");
}

TEST_CASE("the debug log shows a timeout", "[logger]") {
  watched w;
  w.network.reply(200, R"({"access_token":"t"})").stall();
  CHECK(w.transcript(log_level::debug, call_options{}.timeout(3s)) ==
        "access token refresh started\n"
        "access token refreshed, expires in 3600 s in 0 ms\n"
        "attempt 1: DELETE /organizations/acme/sso-connection\n"
        "attempt 1: timeout in 3000 ms\n"
        "finished timeout after 1 attempt in 3000 ms\n");
}

TEST_CASE("the debug log shows a cancelled call", "[logger]") {
  watched w;
  w.network.reply(200, R"({"access_token":"t"})").stall();
  client_options options;
  options.observer = make_logger(w.log, log_level::debug);
  const client c{w.network, client_credentials{"id", secret{"pw"}}, options, w.time};
  boost::asio::io_context io;
  boost::asio::cancellation_signal signal;
  boost::asio::co_spawn(io, c.disable("acme", call_options{}.client_request_id(uuid)),
                        boost::asio::bind_cancellation_slot(signal.slot(), boost::asio::detached));
  while (w.network.request_count() < 2) REQUIRE(io.run_one() != 0);
  signal.emit(boost::asio::cancellation_type::terminal);
  io.run();
  const auto head = "sso keycard.disable " + uuid + ": ";
  CHECK(w.log.str() == head + "access token refresh started\n" + head +
                           "access token refreshed, expires in 3600 s in 0 ms\n" + head +
                           "attempt 1: DELETE /organizations/acme/sso-connection\n" + head +
                           "attempt 1: cancelled in 0 ms\n" + head +
                           "finished cancelled after 1 attempt in 0 ms\n");
}
