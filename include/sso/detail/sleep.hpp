// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/runtime.hpp>

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>

namespace sso::detail {

/// Sleeps, and tells whether the awaiting coroutine was cancelled meanwhile or before.
template <runtime Runtime>
asio::awaitable<bool> sleep_or_stop(Runtime& runtime, std::chrono::steady_clock::duration wait) {
  const auto before = co_await asio::this_coro::cancellation_state;
  if (before.cancelled() != asio::cancellation_type::none) co_return true;
  try {
    co_await runtime.sleep(wait);
  } catch (const boost::system::system_error& stopped) {
    if (stopped.code() != asio::error::operation_aborted) throw;
    co_return true;
  }
  const auto state = co_await asio::this_coro::cancellation_state;
  co_return state.cancelled() != asio::cancellation_type::none;
}

}  // namespace sso::detail
