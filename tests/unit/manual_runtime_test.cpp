// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/runtime.hpp>
#include <sso/testing/manual_runtime.hpp>
#include <sso/testing/run.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <exception>
#include <limits>
#include <optional>
#include <set>
#include <vector>

using namespace std::chrono_literals;
namespace asio = boost::asio;
using sso::testing::manual_runtime;

static_assert(sso::runtime<manual_runtime>);

namespace {

boost::system::error_code code_of(std::exception_ptr thrown) {
  if (!thrown) return {};
  try {
    std::rethrow_exception(thrown);
  } catch (const boost::system::system_error& e) {
    return e.code();
  }
}

}  // namespace

TEST_CASE("manual_runtime: sleeping moves both clocks at once and is recorded") {
  manual_runtime time;
  const auto start = time.now();
  const auto wall = time.wall_now();
  sso::testing::run(time.sleep(1500ms));
  sso::testing::run(time.sleep(24h));
  CHECK(time.now() - start == 24h + 1500ms);
  CHECK(time.wall_now() - wall == 24h + 1500ms);
  CHECK(time.slept() == std::vector<manual_runtime::duration>{1500ms, 24h});
}

TEST_CASE("manual_runtime: nothing, negative and endless sleeps are harmless") {
  manual_runtime time;
  const auto start = time.now();
  sso::testing::run(time.sleep(0s));
  sso::testing::run(time.sleep(-5s));
  CHECK(time.now() == start);
  sso::testing::run(time.sleep(manual_runtime::duration::max()));
  CHECK(time.now() - start == std::chrono::hours{24 * 365 * 100});
}

TEST_CASE("manual_runtime: sleeps that overlap do not add up") {
  manual_runtime time;
  const auto start = time.now();
  asio::io_context io;
  asio::co_spawn(io, time.sleep(5s), asio::detached);
  asio::co_spawn(io, time.sleep(2s), asio::detached);
  asio::co_spawn(io, time.sleep(7s), asio::detached);
  io.run();
  CHECK(time.now() - start == 7s);
  CHECK(time.slept().size() == 3);
}

TEST_CASE("manual_runtime: a copy is the same clock") {
  manual_runtime time;
  const auto start = time.now();
  const manual_runtime copy = time;
  sso::testing::run(copy.sleep(1s));
  time.advance(2s);
  CHECK(copy.now() - start == 3s);
  CHECK(time.slept().size() == 1);
}

TEST_CASE("manual_runtime: clocks are set by the test") {
  manual_runtime time;
  CHECK(time.wall_now() == std::chrono::sys_days{std::chrono::year{2024} / 1 / 1});
  const auto start = time.now();
  time.set_wall(std::chrono::sys_days{std::chrono::year{2031} / 5 / 6} + 250ms);
  CHECK(time.wall_now() == std::chrono::sys_days{std::chrono::year{2031} / 5 / 6} + 250ms);
  CHECK(time.now() == start);
  time.advance_to(start + 10s);
  time.advance_to(start + 4s);
  CHECK(time.now() - start == 10s);
  CHECK(time.wall_now() == std::chrono::sys_days{std::chrono::year{2031} / 5 / 6} + 10s + 250ms);
}

TEST_CASE("manual_runtime: random numbers follow from the seed or are given") {
  manual_runtime one;
  manual_runtime other;
  const auto first = one.random();
  CHECK(other.random() == first);
  CHECK(one.random() != first);

  one.seed(7);
  other.seed(7);
  std::set<std::uint64_t> seen;
  for (int i = 0; i != 100; ++i) {
    const auto number = one.random();
    CHECK(other.random() == number);
    seen.insert(number);
  }
  CHECK(seen.size() == 100);

  one.every_random(42).next_random(1).next_random(std::numeric_limits<std::uint64_t>::max());
  CHECK(one.random() == 1);
  CHECK(one.random() == std::numeric_limits<std::uint64_t>::max());
  CHECK(one.random() == 42);
  CHECK(one.random() == 42);
  one.seed(0);
  CHECK(one.random() == first);
}

TEST_CASE("manual_runtime: a cancelled sleep ends with operation_aborted and moves no clock") {
  manual_runtime time;
  const auto start = time.now();
  asio::io_context io;
  asio::cancellation_signal stop;
  std::optional<boost::system::error_code> ended;
  asio::co_spawn(io, time.sleep(10s), asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr e) {
                   ended = code_of(e);
                 }));
  while (time.slept().empty()) io.run_one();
  REQUIRE_FALSE(ended.has_value());
  stop.emit(asio::cancellation_type::terminal);
  io.run();
  REQUIRE(ended.has_value());
  CHECK(*ended == asio::error::operation_aborted);
  CHECK(time.now() == start);
  CHECK(time.slept() == std::vector<manual_runtime::duration>{10s});
}
