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
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <atomic>
#include <chrono>
#include <exception>
#include <limits>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
namespace asio = boost::asio;
using sso::testing::manual_runtime;

static_assert(sso::runtime<manual_runtime>);

namespace {

/// Sleeps repeatedly and records the times at which it woke.
asio::awaitable<void> nap(manual_runtime time, std::vector<manual_runtime::duration> naps, std::string name,
                          std::vector<std::string>& log) {
  const auto start = time.now();
  for (const auto d : naps) {
    co_await time.sleep(d);
    const auto at = std::chrono::duration_cast<std::chrono::seconds>(time.now() - start).count();
    log.push_back(name + std::to_string(at));
  }
}

/// Posts to its executor `steps` times.
asio::awaitable<void> work(int steps, manual_runtime time, std::vector<std::string>& log) {
  const auto start = time.now();
  for (int i = 0; i != steps; ++i) co_await asio::post(asio::use_awaitable);
  log.push_back(time.now() == start ? "no time passed" : "time passed");
}

using strings = std::vector<std::string>;

boost::system::error_code code_of(std::exception_ptr thrown) {
  if (!thrown) return {};
  try {
    std::rethrow_exception(thrown);
  } catch (const boost::system::system_error& e) {
    return e.code();
  }
}

}  // namespace

TEST_CASE("manual_runtime: a sleep advances both clocks at once and is recorded") {
  manual_runtime time;
  const auto start = time.now();
  const auto wall = time.wall_now();
  sso::testing::run(time.sleep(1500ms));
  sso::testing::run(time.sleep(24h));
  CHECK(time.now() - start == 24h + 1500ms);
  CHECK(time.wall_now() - wall == 24h + 1500ms);
  CHECK(time.slept() == std::vector<manual_runtime::duration>{1500ms, 24h});
}

TEST_CASE("manual_runtime: a sleep may be zero or negative or unlimited") {
  manual_runtime time;
  const auto start = time.now();
  sso::testing::run(time.sleep(0s));
  sso::testing::run(time.sleep(-5s));
  CHECK(time.now() == start);
  sso::testing::run(time.sleep(manual_runtime::duration::max()));
  CHECK(time.now() - start == std::chrono::hours{24 * 365 * 100});
}

TEST_CASE("manual_runtime: overlapping sleeps do not add up") {
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

TEST_CASE("manual_runtime: sleepers wake in the order of their wake times at the right clock time") {
  manual_runtime time;
  strings log;
  asio::io_context io;
  asio::co_spawn(io, nap(time, {60s}, "a", log), asio::detached);
  asio::co_spawn(io, nap(time, {1s, 30s, 40s}, "b", log), asio::detached);
  asio::co_spawn(io, nap(time, {31s, 1s}, "c", log), asio::detached);
  io.run();
  CHECK(log == strings{"b1", "c31", "b31", "c32", "a60", "b71"});
  CHECK(time.slept().size() == 6);
}

TEST_CASE("manual_runtime: sleepers with the same wake time wake in the order in which they started") {
  manual_runtime time;
  strings log;
  asio::io_context io;
  asio::co_spawn(io, nap(time, {2s}, "a", log), asio::detached);
  asio::co_spawn(io, nap(time, {1s, 1s}, "b", log), asio::detached);
  asio::co_spawn(io, nap(time, {2s}, "c", log), asio::detached);
  asio::co_spawn(io, nap(time, {0s, -1s}, "d", log), asio::detached);
  io.run();
  CHECK(log == strings{"d0", "d0", "b1", "a2", "c2", "b2"});
}

TEST_CASE("manual_runtime: no sleeper wakes while another handler is ready") {
  manual_runtime time;
  strings log;
  asio::io_context io;
  asio::co_spawn(io, nap(time, {1s, 1s}, "a", log), asio::detached);
  asio::co_spawn(io, work(1000, time, log), asio::detached);
  asio::co_spawn(asio::make_strand(io), work(500, time, log), asio::detached);
  asio::co_spawn(asio::make_strand(asio::any_io_executor{io.get_executor()}), nap(time, {1s}, "b", log),
                 asio::detached);
  io.run();
  CHECK(log == strings{"no time passed", "no time passed", "a1", "b1", "a2"});
}

TEST_CASE("manual_runtime: separate runtimes in one loop do not block each other") {
  manual_runtime one;
  manual_runtime other;
  strings log;
  asio::io_context io;
  asio::co_spawn(io, nap(one, {3s, 4s}, "a", log), asio::detached);
  asio::co_spawn(io, nap(other, {5s}, "b", log), asio::detached);
  io.run();
  CHECK(log == strings{"a3", "b5", "a7"});
  CHECK(other.now() + 2s == one.now());
}

TEST_CASE("manual_runtime: advancing the clock past the wake times does not change the order of sleepers") {
  manual_runtime time;
  strings log;
  asio::io_context io;
  asio::co_spawn(io, nap(time, {9s}, "a", log), asio::detached);
  asio::co_spawn(io, nap(time, {8s}, "b", log), asio::detached);
  while (time.slept().size() != 2) io.run_one();
  time.advance(20s);
  io.run();
  CHECK(log == strings{"b20", "a20"});
}

TEST_CASE("manual_runtime: an exception of a handler does not affect the sleepers") {
  manual_runtime time;
  strings log;
  asio::io_context io;
  asio::co_spawn(io, nap(time, {2s}, "a", log), asio::detached);
  asio::co_spawn(io, nap(time, {1s}, "b", log), asio::detached);
  while (time.slept().size() != 2) io.run_one();
  asio::post(io, [] { throw std::runtime_error{"thrown by a handler"}; });
  CHECK_THROWS_WITH(io.run(), "thrown by a handler");
  CHECK(log.empty());
  io.run();
  CHECK(log == strings{"b1", "a2"});
}

TEST_CASE("manual_runtime: time does not advance in a stopped loop") {
  manual_runtime time;
  const auto start = time.now();
  strings log;
  asio::io_context io;
  asio::co_spawn(io, nap(time, {1s}, "a", log), asio::detached);
  while (time.slept().empty()) io.run_one();
  asio::post(io, [&io] { io.stop(); });
  io.run();
  CHECK(time.now() == start);
  io.restart();
  io.run();
  CHECK(log == strings{"a1"});
}

TEST_CASE("manual_runtime: a destroyed loop destroys its sleepers") {
  manual_runtime time;
  const auto start = time.now();
  strings log;
  for (int steps = 0; steps != 6; ++steps) {
    asio::io_context io;
    asio::co_spawn(io, nap(time, {1s}, "a", log), asio::detached);
    asio::co_spawn(io, nap(time, {2s}, "b", log), asio::detached);
    for (int i = 0; i != steps && log.empty(); ++i) io.run_one();
  }
  log.clear();
  const auto before = time.now();
  sso::testing::run(time.sleep(5s));
  CHECK(time.now() - before == 5s);
  CHECK(before - start <= 12s);
}

TEST_CASE("manual_runtime: a cancelled sleeper does not affect the order of the others") {
  manual_runtime time;
  const auto start = time.now();
  strings log;
  asio::io_context io;
  asio::cancellation_signal stop;
  asio::co_spawn(io, nap(time, {1s}, "a", log), asio::bind_cancellation_slot(stop.slot(), asio::detached));
  asio::co_spawn(io, nap(time, {3s}, "b", log), asio::detached);
  while (time.slept().size() != 2) io.run_one();
  stop.emit(asio::cancellation_type::terminal);
  io.run();
  CHECK(log == strings{"b3"});
  CHECK(time.now() - start == 3s);
}

TEST_CASE("manual_runtime: each sleeper on a thread pool wakes at its time or later") {
  manual_runtime time;
  const auto start = time.now();
  std::atomic<int> early{0};
  std::atomic<int> woken{0};
  asio::thread_pool pool{3};
  const auto sleeper = [](manual_runtime clock, manual_runtime::duration d, std::atomic<int>& too_early,
                          std::atomic<int>& count) -> asio::awaitable<void> {
    const auto begun = clock.now();
    co_await clock.sleep(d);
    if (clock.now() - begun < d) ++too_early;
    ++count;
  };
  for (int i = 0; i != 200; ++i) {
    asio::co_spawn(asio::make_strand(pool), sleeper(time, std::chrono::seconds{i % 20}, early, woken),
                   asio::detached);
  }
  pool.join();
  CHECK(woken == 200);
  CHECK(early == 0);
  CHECK(time.now() - start >= 19s);
}

TEST_CASE("manual_runtime: each sleeper of a loop run by several threads wakes at its time or later") {
  manual_runtime time;
  std::atomic<int> early{0};
  std::atomic<int> woken{0};
  asio::io_context io;
  const auto sleeper = [](manual_runtime clock, manual_runtime::duration d, std::atomic<int>& too_early,
                          std::atomic<int>& count) -> asio::awaitable<void> {
    for (int i = 0; i != 3; ++i) {
      const auto begun = clock.now();
      co_await clock.sleep(d);
      if (clock.now() - begun < d) ++too_early;
    }
    ++count;
  };
  for (int i = 0; i != 100; ++i) {
    asio::co_spawn(asio::make_strand(io), sleeper(time, std::chrono::seconds{i % 7}, early, woken),
                   asio::detached);
  }
  std::vector<std::thread> threads;
  for (int i = 0; i != 3; ++i) threads.emplace_back([&io] { io.run(); });
  for (auto& one : threads) one.join();
  CHECK(woken == 100);
  CHECK(early == 0);
}

TEST_CASE("manual_runtime: copies share one clock") {
  manual_runtime time;
  const auto start = time.now();
  const manual_runtime copy = time;
  sso::testing::run(copy.sleep(1s));
  time.advance(2s);
  CHECK(copy.now() - start == 3s);
  CHECK(time.slept().size() == 1);
}

TEST_CASE("manual_runtime: a test can set the clocks") {
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

TEST_CASE("manual_runtime: random numbers depend on the seed or are given by the test") {
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

TEST_CASE("manual_runtime: a cancelled sleep ends with operation_aborted and does not advance the clock") {
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
