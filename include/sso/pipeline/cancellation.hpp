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

/// Operations report cancellation as an error instead of throwing. They do not change the cancellation
/// filters or `throw_if_cancelled` of the awaiting coroutine.
namespace sso::pipeline {

/// Awaits `operation` with `throw_if_cancelled(false)`, then restores the previous setting. The operation
/// must check `is_cancelled`.
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

/// Sleeps. Returns whether the awaiting coroutine is cancelled. Precondition: `throw_if_cancelled(false)`.
[[nodiscard]] SSO_DECL asio::awaitable<bool> sleep_unless_cancelled(any_runtime& runtime,
                                                                    std::chrono::steady_clock::duration wait);

}  // namespace sso::pipeline

#if defined(SSO_HEADER_ONLY)
#include <sso/pipeline/impl/cancellation.ipp>
#endif
