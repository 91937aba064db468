// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/any_runtime.hpp>
#include <sso/detail/config.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <utility>

/// Cancellation is what the awaiting coroutine's filter lets through. An operation of this library reports it as an
/// error instead of throwing, and leaves the coroutine's cancellation state as it found it.
namespace sso::pipeline {

/// Awaits `operation`, in which cancellation throws nothing: what it awaits completes, and `is_cancelled` tells.
template <class T>
[[nodiscard]] asio::awaitable<T> without_cancellation_exceptions(asio::awaitable<T> operation) {
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

/// Whether the coroutine with this `this_coro::cancellation_state` was cancelled.
[[nodiscard]] inline bool is_cancelled(const asio::cancellation_state& state) noexcept {
  return state.cancelled() != asio::cancellation_type::none;
}

/// Sleeps, and returns whether the awaiting coroutine is cancelled. Precondition: cancellation throws nothing.
[[nodiscard]] SSO_DECL asio::awaitable<bool> sleep_unless_cancelled(any_runtime& runtime,
                                                                    std::chrono::steady_clock::duration wait);

}  // namespace sso::pipeline

#if defined(SSO_HEADER_ONLY)
#include <sso/pipeline/impl/cancellation.ipp>
#endif
