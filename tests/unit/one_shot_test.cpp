// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/detail/one_shot.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>

using namespace std::chrono_literals;
namespace asio = boost::asio;
using sso::detail::one_shot;
using sso::detail::wait_status;

namespace {

asio::awaitable<wait_status> wait_for(std::shared_ptr<one_shot> event,
                                      std::chrono::steady_clock::duration time) {
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  co_return co_await event->wait(time);
}

}  // namespace

TEST_CASE("an event is set, runs out of time, or its wait is cancelled") {
  asio::io_context io;
  const auto event = std::make_shared<one_shot>(io.get_executor());
  std::optional<wait_status> ended;
  const auto note = [&](std::exception_ptr, wait_status status) { ended = status; };
  SECTION("set before the wait") {
    event->set();
    asio::co_spawn(io, wait_for(event, 1h), note);
    io.run();
    CHECK(ended == wait_status::set);
  }
  SECTION("set during the wait, twice") {
    asio::co_spawn(io, wait_for(event, 1h), note);
    io.poll();
    CHECK_FALSE(ended);
    event->set();
    event->set();
    io.run();
    CHECK(ended == wait_status::set);
  }
  SECTION("time over") {
    asio::co_spawn(io, wait_for(event, 1ms), note);
    io.run();
    CHECK(ended == wait_status::timeout);
  }
  SECTION("set with no time at all") {
    event->set();
    asio::co_spawn(io, wait_for(event, 0s), note);
    io.run();
    CHECK(ended == wait_status::set);
  }
  SECTION("cancelled") {
    for (const auto type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                            asio::cancellation_type::total}) {
      const auto own = std::make_shared<one_shot>(io.get_executor());
      asio::cancellation_signal signal;
      ended.reset();
      asio::co_spawn(io, wait_for(own, std::chrono::steady_clock::duration::max()),
                     asio::bind_cancellation_slot(signal.slot(), note));
      io.restart();
      io.poll();
      signal.emit(type);
      io.run();
      CHECK(ended == wait_status::cancelled);
    }
  }
}

TEST_CASE("setting and cancelling at once, from several threads, ends each wait once") {
  constexpr int waits = 2000;
  asio::thread_pool pool{4};
  std::atomic<int> ended = 0;
  for (int i = 0; i != waits; ++i) {
    const auto strand = asio::make_strand(pool.get_executor());
    const auto event = std::make_shared<one_shot>(pool.get_executor());
    const auto signal = std::make_shared<asio::cancellation_signal>();
    asio::co_spawn(
        strand, wait_for(event, 1h),
        asio::bind_cancellation_slot(
            signal->slot(), asio::bind_executor(strand, [&, signal](std::exception_ptr thrown, wait_status) {
              if (!thrown) ++ended;
            })));
    asio::post(strand, [signal] { signal->emit(asio::cancellation_type::total); });
    asio::post(pool, [event] { event->set(); });
  }
  pool.join();
  CHECK(ended == waits);
}
