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

/// Cancellation in the kit's transports. They read the awaiting coroutine's state and do not change it.
namespace sso::testing::detail {

/// Whether the awaiting coroutine was cancelled with a type that its state accepts.
inline asio::awaitable<bool> is_cancelled() {
  const auto state = co_await asio::this_coro::cancellation_state;
  co_return state.cancelled() != asio::cancellation_type::none;
}

/// Awaits `operation` with `throw_if_cancelled` off.
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

/// Runs other ready work on the awaiting coroutine's executor. Returns whether the coroutine was cancelled.
///
/// Two passes: Asio's `co_spawn` dispatches a cancellation emitted outside the executor, so it may arrive after the
/// first pass. Preconditions: not cancelled yet; called within `without_throwing`.
inline asio::awaitable<bool> yield() {
  for (int pass = 0; pass != 2; ++pass) {
    co_await asio::post(asio::use_awaitable);
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) co_return true;
  }
  co_return false;
}

}  // namespace sso::testing::detail
