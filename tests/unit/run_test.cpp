// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/testing/manual_runtime.hpp>
#include <sso/testing/run.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

using namespace std::chrono_literals;
namespace asio = boost::asio;
using sso::testing::manual_runtime;
using sso::testing::run;

namespace {

asio::awaitable<std::unique_ptr<int>> give(int value) {
  co_await asio::post(asio::use_awaitable);
  co_return std::make_unique<int>(value);
}

asio::awaitable<void> fail() {
  co_await asio::post(asio::use_awaitable);
  throw std::runtime_error{"no luck"};
}

asio::awaitable<void> count(manual_runtime time, int& seconds) {
  for (;;) {
    co_await time.sleep(1s);
    ++seconds;
  }
}

asio::awaitable<void> stop_own_loop(asio::io_context& io) {
  io.stop();
  co_await asio::post(asio::use_awaitable);
}

}  // namespace

TEST_CASE("run returns the value of the coroutine or throws its exception", "[run]") {
  CHECK(*run(give(1)) == 1);
  CHECK_THROWS_WITH(run(fail()), "no luck");
  asio::io_context io;
  CHECK(*run(io, give(2)) == 2);
  CHECK_THROWS_WITH(run(io, fail()), "no luck");
  CHECK(*run(io, give(3)) == 3);
}

TEST_CASE("run with a given loop ends with its coroutine and other work continues in the next run", "[run]") {
  manual_runtime time;
  asio::io_context io;
  int seconds = 0;
  asio::co_spawn(io, count(time, seconds), asio::detached);
  run(io, time.sleep(10500ms));
  CHECK(seconds == 10);
  run(io, time.sleep(5s));
  CHECK(seconds == 15);
}

TEST_CASE("run with a given loop throws if the loop is stopped and can be called again", "[run]") {
  asio::io_context io;
  CHECK_THROWS_AS(run(io, stop_own_loop(io)), std::logic_error);
  CHECK(*run(io, give(4)) == 4);
}

TEST_CASE("run throws an exception of another handler and its coroutine continues in the next run", "[run]") {
  asio::io_context io;
  int seconds = 0;
  asio::post(io, [] { throw std::runtime_error{"of another"}; });
  CHECK_THROWS_WITH(run(io, give(5)), "of another");
  manual_runtime time;
  asio::co_spawn(io, count(time, seconds), asio::detached);
  run(io, time.sleep(2500ms));
  CHECK(seconds == 2);
}
