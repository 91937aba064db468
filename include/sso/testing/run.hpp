// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

namespace sso::testing {

/// Runs a coroutine on an event loop of its own, on this thread, and returns what it returns.
///
///     auto connection = sso::testing::run(client.retrieve("acme"));
///
/// Lifetimes: what the coroutine refers to must outlive the call. Errors: what the coroutine throws;
/// `std::logic_error` if the loop ran out of work before the coroutine ended, as it does where a coroutine
/// waits for what nobody is going to do.
template <class T>
T run(asio::awaitable<T> coroutine) {
  asio::io_context io;
  std::optional<T> value;
  std::exception_ptr thrown;
  bool ended = false;
  asio::co_spawn(io, std::move(coroutine), [&](std::exception_ptr e, T returned) {
    ended = true;
    thrown = e;
    if (!e) value.emplace(std::move(returned));
  });
  io.run();
  if (!ended)
    throw std::logic_error{"sso::testing::run: the coroutine waits for something that never happens"};
  if (thrown) std::rethrow_exception(thrown);
  return std::move(*value);
}

/// @overload
inline void run(asio::awaitable<void> coroutine) {
  asio::io_context io;
  std::exception_ptr thrown;
  bool ended = false;
  asio::co_spawn(io, std::move(coroutine), [&](std::exception_ptr e) {
    ended = true;
    thrown = e;
  });
  io.run();
  if (!ended)
    throw std::logic_error{"sso::testing::run: the coroutine waits for something that never happens"};
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace sso::testing
