// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/http/retry_after.hpp>

#include <chrono>
#include <optional>
#include <string>

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

// Sun, 06 Nov 1994 08:49:37 GMT
constexpr std::chrono::system_clock::time_point now{std::chrono::seconds{784111777}};

std::optional<milliseconds> wait_of(unsigned status, const sso::http::headers& headers) {
  return sso::http::retry_after(status, headers, now);
}

}  // namespace

TEST_CASE("Retry-After is parsed in all its formats", "[retry_after]") {
  struct row {
    std::string value;
    std::optional<milliseconds> expected;
  };
  const row rows[] = {
      {"0", 0ms},
      {"3", 3000ms},
      {" 3 ", 3000ms},
      {"1.5", 1500ms},
      {"0.0001", 1ms},
      {"120", 120000ms},
      {"99999999999", milliseconds{365LL * 24 * 3600 * 1000}},
      {std::string(400, '9'), milliseconds{365LL * 24 * 3600 * 1000}},
      {"-" + std::string(400, '9'), std::nullopt},
      {std::string(400, '9') + "x", std::nullopt},
      {"Sun, 06 Nov 1994 08:49:47 GMT", 10000ms},
      {"Sunday, 06-Nov-94 08:49:47 GMT", 10000ms},
      {"Sun Nov  6 08:49:47 1994", 10000ms},
      {"Sun, 06 Nov 1994 08:00:00 GMT", 0ms},
      {"Fri, 31 Dec 9999 23:59:59 GMT", milliseconds{365LL * 24 * 3600 * 1000}},
      {"", std::nullopt},
      {"-1", std::nullopt},
      {"-0.0", std::nullopt},
      {"soon", std::nullopt},
      {"3 s", std::nullopt},
      {"1e3", std::nullopt},
      {"inf", std::nullopt},
      {"nan", std::nullopt},
      {"0x10", std::nullopt},
      {"1,5", std::nullopt},
  };
  for (const auto& r : rows) {
    CAPTURE(r.value);
    CHECK(wait_of(503, {{"Retry-After", r.value}}) == r.expected);
  }
}

TEST_CASE("retry-after-ms precedes Retry-After and Retry-After precedes ratelimit-reset", "[retry_after]") {
  CHECK(wait_of(429, {{"Retry-After", "9"}, {"retry-after-ms", "250"}, {"ratelimit-reset", "4"}}) == 250ms);
  CHECK(wait_of(429, {{"Retry-After", "9"}, {"ratelimit-reset", "4"}}) == 9s);
  CHECK(wait_of(429, {{"ratelimit-reset", "4"}}) == 4s);
  CHECK(wait_of(429, {{"Retry-After-Ms", "?"}, {"Retry-After", "soon"}, {"ratelimit-reset", "4"}}) == 4s);
  CHECK(wait_of(429, {}) == std::nullopt);
}

TEST_CASE("ratelimit-reset is used only with status 429", "[retry_after]") {
  CHECK(wait_of(500, {{"ratelimit-reset", "4"}}) == std::nullopt);
}
