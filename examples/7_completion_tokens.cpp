// SPDX-License-Identifier: BSL-1.0
// 7. Completion tokens: calls from code that is not a coroutine.
//
// A call is an awaitable. `co_spawn` starts an awaitable with any completion token: a callback, a future, a deferred
// operation. (`asio::spawn` and its `yield_context` work too, with Boost.Context.)
//
// Runs against a fake on loopback, over TLS.
#include "stand_in.hpp"

#include <sso/client.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <array>
#include <chrono>
#include <exception>
#include <future>
#include <iostream>
#include <stdexcept>
#include <string>

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

using connection = sso::response<sso::keycard::sso_connection>;

void require(bool holds, const char* what) {
  if (!holds) throw std::runtime_error{what};
}

// A callback gets an exception (null, or std::bad_alloc) and the result.
void with_a_callback(const stand_in::keycard& fake) {
  asio::io_context io;
  const auto keycard = fake.client(io.get_executor());
  bool called = false;
  asio::co_spawn(io, keycard.retrieve("acme"),
                 [&called](std::exception_ptr thrown, sso::result<connection> acme) {
                   if (thrown) std::rethrow_exception(thrown);
                   std::cout << "callback: " << acme.value().identifier << '\n';
                   called = true;
                 });
  io.run();
  require(called, "the callback was not called");
}

// A thread of a program without an event loop waits for a future.
void with_a_future() {
  const stand_in::keycard fake;
  asio::thread_pool threads{1};
  const auto keycard = fake.client(threads.get_executor());
  std::future<sso::result<connection>> promised =
      asio::co_spawn(threads, keycard.retrieve("acme"), asio::use_future);
  const auto got = promised.get();  // blocks
  require(!got && got.error().code() == sso::errc::not_found, "expected no connection");
  std::cout << "future: " << got.error() << '\n';
  threads.join();
}

// A callback with a cancellation slot, e.g. for a user who closes a window.
void with_cancellation(const stand_in::keycard& fake) {
  asio::io_context io;
  const auto keycard = fake.client(io.get_executor());
  asio::cancellation_signal closed;
  bool cancelled = false;
  asio::co_spawn(
      io, keycard.retrieve("acme"),
      asio::bind_cancellation_slot(closed.slot(), [&](std::exception_ptr thrown, sso::result<connection> r) {
        if (thrown) std::rethrow_exception(thrown);
        cancelled = !r && r.error().code() == sso::errc::cancelled;
        if (!r) std::cout << "cancelled: " << r.error() << '\n';
      }));
  asio::post(io, [&] { closed.emit(asio::cancellation_type::terminal); });
  io.run();
  require(cancelled, "the call was not cancelled");
}

// A deferred operation starts when it is called; a group runs several of them concurrently.
void several_at_once(const stand_in::keycard& fake) {
  asio::io_context io;
  const auto keycard = fake.client(io.get_executor());
  bool called = false;
  asio::experimental::make_parallel_group(asio::co_spawn(io, keycard.retrieve("acme"), asio::deferred),
                                          asio::co_spawn(io, keycard.retrieve("globex"), asio::deferred))
      .async_wait(asio::experimental::wait_for_all(),
                  [&](std::array<std::size_t, 2>, std::exception_ptr, sso::result<connection> acme,
                      std::exception_ptr, sso::result<connection> globex) {
                    std::cout << "both: " << acme.value().id << ' ' << globex.value().id << '\n';
                    called = true;
                  });
  io.run();
  require(called, "the group did not complete");
}

}  // namespace

int main() {
  try {
    const stand_in::keycard fake;
    fake.backend().add_connection("acme").add_connection("globex");
    with_a_callback(fake);
    with_a_future();
    with_cancellation(fake);
    several_at_once(fake);
    return 0;
  } catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 1;
  }
}
