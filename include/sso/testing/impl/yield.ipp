// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace sso::testing::detail {

/// Lets whatever else is ready run on the awaiting coroutine's executor; true if the coroutine was cancelled.
///
/// Two passes, because a cancellation emitted outside the executor is handed on through it (Asio's `co_spawn`
/// dispatches it), and so arrives behind the first pass. Precondition: not cancelled yet.
inline asio::awaitable<bool> yield() {
  for (int pass = 0; pass != 2; ++pass) {
    co_await asio::post(asio::use_awaitable);
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    if (cancellation.cancelled() != asio::cancellation_type::none) co_return true;
  }
  co_return false;
}

}  // namespace sso::testing::detail
