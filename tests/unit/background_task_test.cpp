// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/detail/async_event.hpp>
#include <sso/detail/background_task.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

using namespace std::chrono_literals;
namespace asio = boost::asio;
using sso::detail::async_event;
using sso::detail::background_task;

namespace {

asio::awaitable<void> wait_for(std::shared_ptr<async_event> waited, std::shared_ptr<std::atomic<int>> ended) {
  co_await asio::this_coro::throw_if_cancelled(false);
  co_await waited->wait();
  ++*ended;
}

struct flag_on_exit {
  std::shared_ptr<std::atomic<int>> exits;
  ~flag_on_exit() { ++*exits; }
};

asio::awaitable<void> sleep_for_ever(std::shared_ptr<std::atomic<int>> exits) {
  const flag_on_exit flag{std::move(exits)};
  asio::steady_timer never{co_await asio::this_coro::executor, std::chrono::steady_clock::time_point::max()};
  co_await never.async_wait(asio::use_awaitable);
}

asio::awaitable<void> fail() {
  throw std::runtime_error{"dropped"};
  co_return;
}

}  // namespace

TEST_CASE("async_event: set wakes the waiting coroutine", "[background_task]") {
  asio::io_context io;
  const auto waited = std::make_shared<async_event>(io.get_executor());
  const auto ended = std::make_shared<std::atomic<int>>(0);
  SECTION("set before the wait") {
    waited->set();
    asio::co_spawn(io, wait_for(waited, ended), asio::detached);
    io.run();
    CHECK(*ended == 1);
  }
  SECTION("set twice during the wait: the second one ends the next wait") {
    asio::co_spawn(io, wait_for(waited, ended), asio::detached);
    io.poll();
    CHECK(*ended == 0);
    waited->set();
    waited->set();
    io.run();
    CHECK(*ended == 1);
  }
  SECTION("cancelled") {
    asio::cancellation_signal signal;
    asio::co_spawn(io, wait_for(waited, ended), asio::bind_cancellation_slot(signal.slot(), asio::detached));
    io.poll();
    signal.emit(asio::cancellation_type::terminal);
    io.run();
    CHECK(*ended == 1);
  }
}

TEST_CASE("async_event: concurrent set and cancellation from several threads end each wait once",
          "[background_task]") {
  constexpr int waits = 2000;
  asio::thread_pool pool{4};
  const auto ended = std::make_shared<std::atomic<int>>(0);
  for (int i = 0; i != waits; ++i) {
    const auto waited = std::make_shared<async_event>(pool.get_executor());
    const background_task task{pool.get_executor(), wait_for(waited, ended)};
    asio::post(pool, [task] { task.stop(); });
    asio::post(pool, [waited] { waited->set(); });
  }
  pool.join();
  // A task that is stopped before it starts does not wait.
  CHECK(*ended <= waits);
}

TEST_CASE("background_task: ends when stopped and does not keep an event loop running", "[background_task]") {
  asio::io_context io;
  const auto exits = std::make_shared<std::atomic<int>>(0);
  const background_task task{io.get_executor(), sleep_for_ever(exits)};
  io.poll();
  CHECK(*exits == 0);
  task.stop();
  io.run();
  CHECK(*exits == 1);
  task.stop();  // no effect
}

TEST_CASE("background_task: may be stopped before it starts", "[background_task]") {
  asio::io_context io;
  const auto exits = std::make_shared<std::atomic<int>>(0);
  background_task{io.get_executor(), sleep_for_ever(exits)}.stop();
  io.run();
  SUCCEED("the loop has ended");
}

TEST_CASE("background_task: ignores an exception of its coroutine", "[background_task]") {
  asio::io_context io;
  const background_task task{io.get_executor(), fail()};
  io.run();
  task.stop();
  SUCCEED("nothing was thrown");
}

TEST_CASE("background_task: may outlive its execution context", "[background_task]") {
  const auto exits = std::make_shared<std::atomic<int>>(0);
  std::optional<background_task> started;
  background_task not_started;
  {
    asio::io_context io;
    started.emplace(asio::make_strand(io), sleep_for_ever(exits));
    io.poll();
    not_started = background_task{asio::make_strand(io), sleep_for_ever(exits)};
  }
  CHECK(*exits == 1);
  started->stop();
  not_started.stop();
}
