// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/auth/shared_token.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

using namespace std::chrono_literals;
using namespace sso;
using auth::cached_token;
using auth::cached_token_ptr;
using auth::shared_token;
using auth::token_demand;
using auth::token_waiter;

namespace {

using clock_type = std::chrono::steady_clock;
constexpr clock_type::time_point t0{1000s};

cached_token_ptr token_until(std::string value, std::chrono::seconds life) {
  return std::make_shared<const cached_token>(secret{std::move(value)}, auth::window_of(t0, life));
}

error failure(errc code = errc::server_error) {
  return error{code, outcome::not_sent, "no token"};
}

struct fixture {
  asio::io_context io;
  asio::io_context elsewhere;
  shared_token shared{nullptr};

  token_waiter waiter(clock_type::duration timeout, unsigned retries = 2) {
    return {io.get_executor(), token_demand{t0 + timeout, 30s, retries}};
  }
  cached_token_ptr token_of(const token_waiter& waiter) {
    const auto outcome = shared.outcome_of(waiter);
    return outcome && *outcome ? **outcome : nullptr;
  }
};

}  // namespace

TEST_CASE("waiters for a token join one refresh", "[shared_token]") {
  fixture f;
  auto first = f.waiter(60s);
  auto second = f.waiter(60s);
  const auto begun = f.shared.join(first, t0);
  REQUIRE(begun);
  CHECK_FALSE(f.shared.join(second, t0));
  CHECK_FALSE(f.shared.outcome_of(first));

  const auto token = token_until("t", 3600s);
  f.shared.finish(*begun, token);
  CHECK(f.token_of(first) == token);
  CHECK(f.token_of(second) == token);
  CHECK(f.shared.find(t0).token == token);

  auto late = f.waiter(60s);
  CHECK_FALSE(f.shared.join(late, t0));
  CHECK(f.token_of(late) == token);
}

TEST_CASE("a refresh ends when its last waiter leaves", "[shared_token]") {
  fixture f;
  auto first = f.waiter(60s);
  auto second = f.waiter(60s);
  const auto begun = f.shared.join(first, t0);
  (void)f.shared.join(second, t0);
  f.shared.leave(first);
  auto third = f.waiter(60s);
  CHECK_FALSE(f.shared.join(third, t0));  // still in progress
  f.shared.leave(second);
  f.shared.leave(third);
  auto fourth = f.waiter(60s);
  CHECK(f.shared.join(fourth, t0));  // a new refresh
  f.shared.leave(fourth);
}

TEST_CASE("an expired refresh is not joined", "[shared_token]") {
  fixture f;
  auto first = f.waiter(60s);
  const auto begun = f.shared.join(first, t0);
  CHECK(f.shared.begin_request(*begun, t0) == 30s);
  auto second = f.waiter(60s);
  CHECK_FALSE(f.shared.join(second, t0 + 30s));
  auto third = f.waiter(90s);
  CHECK(f.shared.join(third, t0 + 31s));
  f.shared.leave(first);
  f.shared.leave(second);
  f.shared.leave(third);
}

TEST_CASE("the timeout of a token request is the longest that a waiter allows", "[shared_token]") {
  fixture f;
  auto hasty = f.waiter(5s);
  const auto begun = f.shared.join(hasty, t0);
  CHECK(f.shared.begin_request(*begun, t0) == 5s);
  CHECK_FALSE(f.shared.needs_timer(hasty));  // the request ends in time
  auto patient = f.waiter(60s);
  (void)f.shared.join(patient, t0);
  CHECK(f.shared.begin_request(*begun, t0 + 1s) == 30s);
  CHECK(f.shared.needs_timer(hasty));
  CHECK_FALSE(f.shared.needs_timer(patient));
  f.shared.leave(hasty);
  f.shared.leave(patient);
}

TEST_CASE("a waiter on another executor needs its own timer", "[shared_token]") {
  fixture f;
  auto first = f.waiter(60s);
  const auto begun = f.shared.join(first, t0);
  token_waiter other{f.elsewhere.get_executor(), token_demand{t0 + 60s, 30s, 2}};
  (void)f.shared.join(other, t0);
  CHECK(f.shared.needs_timer(other));
  f.shared.leave(first);
  f.shared.leave(other);
}

TEST_CASE("a failed token request ends only the waiters that cannot wait for the retry", "[shared_token]") {
  fixture f;
  auto hasty = f.waiter(5s);
  auto patient = f.waiter(60s);
  const auto begun = f.shared.join(hasty, t0);
  (void)f.shared.join(patient, t0);
  const auto rule = [](const token_demand& waiter) -> std::optional<clock_type::duration> {
    if (waiter.deadline < t0 + 10s || waiter.retries_left == 0) return std::nullopt;
    return 7s;
  };
  CHECK(f.shared.begin_retry(*begun, t0, failure(), rule) == std::optional<clock_type::duration>{7s});
  REQUIRE(f.shared.outcome_of(hasty));
  CHECK(f.shared.outcome_of(hasty)->error().code() == errc::server_error);
  CHECK_FALSE(f.shared.outcome_of(patient));
  CHECK(patient.demand.retries_left == 1);

  (void)f.shared.begin_retry(*begun, t0, failure(), rule);
  CHECK(f.shared.begin_retry(*begun, t0, failure(), rule) == std::nullopt);  // no retries left
  CHECK(f.shared.outcome_of(patient));
}

TEST_CASE("an early refresh starts once and is not retried without waiters", "[shared_token]") {
  fixture f;
  auto first = f.waiter(60s);
  const auto begun = f.shared.join(first, t0);
  f.shared.finish(*begun, token_until("t", 3600s));
  CHECK_FALSE(f.shared.find(t0 + 3529s).refresh_due);
  CHECK(f.shared.find(t0 + 3531s).refresh_due);
  const auto early = f.shared.begin_early(f.io.get_executor(), t0 + 3531s, 30s);
  REQUIRE(early);
  CHECK_FALSE(f.shared.find(t0 + 3531s).refresh_due);
  CHECK_FALSE(f.shared.begin_early(f.io.get_executor(), t0 + 3531s, 30s));
  CHECK(f.shared.begin_request(*early, t0 + 3531s) == 30s);

  const auto always = [](const token_demand&) { return std::optional<clock_type::duration>{1s}; };
  CHECK(f.shared.begin_retry(*early, t0 + 3532s, failure(), always) == std::nullopt);
  f.shared.finish(*early, failure(), {.not_before = {}, .early_not_before = t0 + 3540s});
  CHECK(f.shared.early_failures() == 1);
  CHECK(f.shared.find(t0 + 3539s).token);  // the old token stays in use
  CHECK_FALSE(f.shared.find(t0 + 3539s).refresh_due);
  CHECK(f.shared.find(t0 + 3541s).refresh_due);
}

TEST_CASE("a token request is not sent before the time given by the token endpoint", "[shared_token]") {
  fixture f;
  auto first = f.waiter(60s);
  const auto begun = f.shared.join(first, t0);
  f.shared.finish(*begun, failure(errc::rate_limited), {.not_before = t0 + 20s, .early_not_before = {}});
  auto second = f.waiter(60s);
  CHECK_FALSE(f.shared.join(second, t0 + 15s));
  REQUIRE(f.shared.outcome_of(second));
  CHECK(f.shared.outcome_of(second)->error().code() == errc::rate_limited);
  CHECK(f.shared.outcome_of(second)->error().retry_after() == 5s);
  auto third = f.waiter(60s);
  CHECK(f.shared.join(third, t0 + 20s));
  f.shared.leave(third);
}

TEST_CASE("a refused token is dropped and a newer token is kept", "[shared_token]") {
  fixture f;
  auto first = f.waiter(60s);
  const auto begun = f.shared.join(first, t0);
  const auto old = token_until("old", 3600s);
  f.shared.finish(*begun, old);
  CHECK(f.shared.invalidate(old));
  CHECK_FALSE(f.shared.find(t0).token);
  auto second = f.waiter(60s);
  const auto again = f.shared.join(second, t0);
  const auto fresh = token_until("new", 3600s);
  f.shared.finish(*again, fresh);
  CHECK(f.shared.invalidate(old));
  CHECK(f.shared.find(t0).token == fresh);

  shared_token fixed{token_until("fixed", 3600s)};
  CHECK_FALSE(fixed.invalidate(fixed.find(t0).token));
}
