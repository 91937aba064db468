// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <optional>
#include <utility>

/// How the kit's transports meet cancellation: they look at the awaiting coroutine's state and leave it alone.
namespace sso::testing::detail {

/// Whether the awaiting coroutine was cancelled by what its state lets through.
inline asio::awaitable<bool> is_cancelled() {
  const auto state = co_await asio::this_coro::cancellation_state;
  co_return state.cancelled() != asio::cancellation_type::none;
}

/// Awaits `operation` without an exception of Asio's where the coroutine is cancelled meanwhile.
template <class T>
asio::awaitable<T> without_throwing(asio::awaitable<T> operation) {
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  std::optional<T> value;
  std::exception_ptr thrown;
  try {
    value.emplace(co_await std::move(operation));
  } catch (...) {
    thrown = std::current_exception();
  }
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (thrown) std::rethrow_exception(thrown);
  co_return std::move(*value);
}

/// Lets whatever else is ready run on the awaiting coroutine's executor; true if the coroutine was cancelled.
///
/// Two passes, because a cancellation emitted outside the executor is handed on through it (Asio's `co_spawn`
/// dispatches it), and so arrives behind the first pass. Precondition: not cancelled yet; `without_throwing`.
inline asio::awaitable<bool> yield() {
  for (int pass = 0; pass != 2; ++pass) {
    co_await asio::post(asio::use_awaitable);
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) co_return true;
  }
  co_return false;
}

}  // namespace sso::testing::detail
