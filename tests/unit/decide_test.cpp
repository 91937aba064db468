// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/pipeline/decide.hpp>
#include <sso/pipeline/retry_budget.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>

using namespace std::chrono_literals;
using namespace sso;
using pipeline::attempt_report;
using pipeline::decide;

namespace {

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
const pipeline::retry_allowance plenty{0, 2, 60s};

attempt_report report_of_status(unsigned status, bool replayable) {
  attempt_report r;
  r.status = status;
  r.outcome = pipeline::outcome_of_status(status);
  r.replayable = replayable;
  return r;
}

attempt_report failed(errc failure, outcome how, bool replayable) {
  attempt_report r;
  r.failure = failure;
  r.outcome = how;
  r.replayable = replayable;
  return r;
}

bool repeats(const attempt_report& report) {
  return decide({}, report, plenty, 0).has_value();
}

}  // namespace

TEST_CASE("the retry decision depends on the status of the response", "[decide]") {
  struct row {
    unsigned status;
    bool replayable_repeats;  // GET, DELETE, PATCH
    bool enable_repeats;      // POST, not idempotent
  };
  const row rows[] = {
      {300, false, false}, {301, false, false}, {307, false, false}, {400, false, false}, {401, false, false},
      {403, false, false}, {404, false, false}, {408, true, false},  {409, false, false}, {410, false, false},
      {422, false, false}, {429, true, true},   {500, true, false},  {501, true, false},  {502, true, false},
      {503, true, true},   {504, true, false},  {599, true, false},
  };
  for (const auto& r : rows) {
    CAPTURE(r.status);
    CHECK(repeats(report_of_status(r.status, true)) == r.replayable_repeats);
    CHECK(repeats(report_of_status(r.status, false)) == r.enable_repeats);
  }
}

TEST_CASE("the retry decision depends on the code and outcome of a failure", "[decide]") {
  struct row {
    errc failure;
    bool replayable_repeats;
    bool enable_not_sent_repeats;
    bool enable_maybe_executed_repeats;
  };
  const row rows[] = {
      {errc::invalid_argument, false, false, false},
      {errc::cancelled, false, false, false},
      {errc::timeout, true, true, false},
      {errc::connect_failed, true, true, false},
      {errc::tls_failed, false, false, false},
      {errc::transport_failed, true, true, false},
      {errc::incomplete_response, true, true, false},
      {errc::protocol_error, false, false, false},
      {errc::response_too_large, false, false, false},
      {errc::decode_failed, false, false, false},
      {errc::credentials_rejected, false, false, false},
      {errc::rate_limited, true, true, false},
      {errc::server_error, true, true, false},
  };
  for (const auto& r : rows) {
    CAPTURE(r.failure);
    CHECK(repeats(failed(r.failure, outcome::maybe_executed, true)) == r.replayable_repeats);
    CHECK(repeats(failed(r.failure, outcome::not_sent, false)) == r.enable_not_sent_repeats);
    CHECK(repeats(failed(r.failure, outcome::maybe_executed, false)) == r.enable_maybe_executed_repeats);
  }
}

TEST_CASE("the retry decision follows X-Should-Retry for any status and for writes", "[decide]") {
  for (const unsigned status : {400u, 409u, 500u, 503u}) {
    for (const bool replayable : {true, false}) {
      CAPTURE(status, replayable);
      auto report = report_of_status(status, replayable);
      report.should_retry = true;
      CHECK(repeats(report));
      report.should_retry = false;
      CHECK_FALSE(repeats(report));
    }
  }
}

TEST_CASE("a response that requests a retry with X-Should-Retry has the outcome rejected", "[decide]") {
  const auto response_with = [](unsigned status, std::string_view word) {
    http::response response{.status = status};
    response.headers.add("X-Should-Retry", word);
    return response;
  };
  for (const unsigned status : {408u, 409u, 500u, 503u}) {
    CAPTURE(status);
    CHECK(pipeline::outcome_of(response_with(status, "true")) == outcome::rejected);
    CHECK(pipeline::outcome_of(response_with(status, "TRUE")) == outcome::rejected);
    CHECK(pipeline::outcome_of(response_with(status, "false")) == pipeline::outcome_of_status(status));
    CHECK(pipeline::outcome_of(response_with(status, "yes")) == pipeline::outcome_of_status(status));
    CHECK(pipeline::outcome_of({.status = status}) == pipeline::outcome_of_status(status));
  }
}

TEST_CASE("the retry decision uses the wait time of the server exactly or does not retry", "[decide]") {
  auto report = report_of_status(429, true);
  report.server_wait = 1234ms;
  for (const std::uint64_t random : {std::uint64_t{0}, most}) {
    CHECK(decide({}, report, plenty, random) == std::optional<std::chrono::steady_clock::duration>{1234ms});
  }
  report.server_wait = 60s;
  CHECK(decide({}, report, {0, 2, 61s}, 0) == std::optional<std::chrono::steady_clock::duration>{60s});
  report.server_wait = 60001ms;
  CHECK_FALSE(decide({}, report, {0, 2, 120s}, 0));
  report.server_wait = 10s;
  CHECK_FALSE(decide({}, report, {0, 2, 10s}, 0));
  CHECK(decide({}, report, {0, 2, 10001ms}, 0));
}

TEST_CASE("a server wait time of zero uses backoff with jitter", "[decide]") {
  auto report = report_of_status(429, true);
  report.server_wait = 0ms;
  CHECK(decide({}, report, plenty, most / 2) == std::optional{pipeline::backoff({}, 0, most / 2)});
}

TEST_CASE("backoff with maximum durations does not overflow", "[decide]") {
  retry_policy policy;
  policy.max_backoff = std::chrono::milliseconds::max();
  CHECK(pipeline::backoff(policy, 3, most) > 3s);
  CHECK(pipeline::backoff(policy, 3, most) < 4s);
  policy.initial_backoff = std::chrono::milliseconds::max();
  CHECK(pipeline::backoff(policy, 20, most) > 24h);
}

TEST_CASE("the retry decision does not retry without retries or time left", "[decide]") {
  CHECK_FALSE(decide({}, report_of_status(503, true), {2, 0, 60s}, 0));
  CHECK_FALSE(decide({}, report_of_status(503, true), {0, 2, 0s}, 0));
  CHECK_FALSE(decide({}, report_of_status(503, true), {0, 2, -1s}, 0));
  CHECK_FALSE(decide({}, report_of_status(503, true), {0, 2, 499ms}, most));
}

TEST_CASE("backoff has full jitter below an exponential limit with a maximum", "[decide]") {
  const retry_policy policy;
  const std::chrono::milliseconds bounds[] = {500ms, 1000ms, 2000ms, 4000ms, 8000ms, 8000ms, 8000ms};
  unsigned retries = 0;
  for (const auto bound : bounds) {
    CAPTURE(retries);
    CHECK(pipeline::backoff(policy, retries, 0) == 0ms);
    CHECK(pipeline::backoff(policy, retries, most) < bound);
    CHECK(pipeline::backoff(policy, retries, most) > bound - 1ms);
    const auto middle = pipeline::backoff(policy, retries, most / 2);
    CHECK(middle > bound / 2 - 1ms);
    CHECK(middle <= bound / 2);
    ++retries;
  }
  CHECK(pipeline::backoff(policy, 4000000000u, most) < 8s);
}

TEST_CASE("a retry wait stays within its limits for random inputs", "[decide]") {
  std::mt19937_64 numbers{7};
  for (int i = 0; i != 20000; ++i) {
    retry_policy policy;
    policy.initial_backoff = std::chrono::milliseconds{1 + numbers() % 5000};
    policy.max_backoff = policy.initial_backoff + std::chrono::milliseconds{numbers() % 20000};
    policy.max_server_wait = std::chrono::milliseconds{numbers() % 90000};
    auto report = report_of_status(numbers() % 2 != 0 ? 429 : 503, numbers() % 2 != 0);
    if (numbers() % 2 != 0) report.server_wait = std::chrono::milliseconds{numbers() % 120000};
    const pipeline::retry_allowance left{static_cast<unsigned>(numbers() % 20),
                                         static_cast<unsigned>(numbers() % 3),
                                         std::chrono::milliseconds{numbers() % 100000}};
    const auto wait = decide(policy, report, left, numbers());
    if (!wait) continue;
    REQUIRE(left.retries_left > 0);
    REQUIRE(*wait >= 0ms);
    REQUIRE(*wait < left.time_left);
    if (report.server_wait && *report.server_wait > 0ms) {
      REQUIRE(*wait == *report.server_wait);
      REQUIRE(*wait <= policy.max_server_wait);
    } else {
      REQUIRE(*wait <= policy.max_backoff);
    }
  }
}

TEST_CASE("the outcome of a response depends on its status", "[decide]") {
  CHECK(pipeline::outcome_of_status(301) == outcome::rejected);
  CHECK(pipeline::outcome_of_status(302) == outcome::rejected);
  CHECK(pipeline::outcome_of_status(303) == outcome::maybe_executed);
  CHECK(pipeline::outcome_of_status(307) == outcome::rejected);
  CHECK(pipeline::outcome_of_status(401) == outcome::rejected);
  CHECK(pipeline::outcome_of_status(409) == outcome::rejected);
  CHECK(pipeline::outcome_of_status(429) == outcome::rejected);
  CHECK(pipeline::outcome_of_status(503) == outcome::rejected);
  CHECK(pipeline::outcome_of_status(408) == outcome::maybe_executed);
  CHECK(pipeline::outcome_of_status(500) == outcome::maybe_executed);
  CHECK(pipeline::outcome_of_status(504) == outcome::maybe_executed);
}

TEST_CASE("worse_of ranks maybe_executed over rejected over not_sent", "[decide]") {
  using pipeline::worse_of;
  CHECK(worse_of(outcome::not_sent, outcome::not_sent) == outcome::not_sent);
  CHECK(worse_of(outcome::not_sent, outcome::rejected) == outcome::rejected);
  CHECK(worse_of(outcome::rejected, outcome::maybe_executed) == outcome::maybe_executed);
  CHECK(worse_of(outcome::maybe_executed, outcome::not_sent) == outcome::maybe_executed);
}

TEST_CASE("the retry budget allows retries until it is empty and is refilled by successful calls",
          "[decide]") {
  retry_policy policy;
  policy.budget = 2;
  policy.budget_refill = 0.5;
  pipeline::retry_budget budget{policy};
  CHECK(budget.withdraw());
  CHECK(budget.withdraw());
  CHECK_FALSE(budget.withdraw());
  budget.deposit();
  CHECK_FALSE(budget.withdraw());
  budget.deposit();
  CHECK(budget.withdraw());
  for (int i = 0; i != 100; ++i) budget.deposit();
  CHECK(budget.withdraw());
  CHECK(budget.withdraw());
  CHECK_FALSE(budget.withdraw());
}

TEST_CASE("a retry budget of zero is unlimited", "[decide]") {
  retry_policy policy;
  policy.budget = 0;
  pipeline::retry_budget budget{policy};
  for (int i = 0; i != 1000; ++i) REQUIRE(budget.withdraw());
}
