// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/cancellation_scope.hpp>

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>

namespace sso::detail {

SSO_DECL asio::awaitable<cancellation_scope> enter_cancellation() {
  cancellation_scope scope;
  scope.throws = co_await asio::this_coro::throw_if_cancelled();
  const auto state = co_await asio::this_coro::cancellation_state;
  scope.cancelled = state.cancelled() != asio::cancellation_type::none;
  co_await asio::this_coro::throw_if_cancelled(false);
  if (!scope.cancelled) {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  }
  co_return scope;
}

SSO_DECL asio::awaitable<void> leave_cancellation(cancellation_scope scope, bool ended_by_it) {
  const auto state = co_await asio::this_coro::cancellation_state;
  const auto terminal = state.cancelled() & asio::cancellation_type::terminal;
  if (ended_by_it && !scope.cancelled && terminal == asio::cancellation_type::none) {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  }
  co_await asio::this_coro::throw_if_cancelled(scope.throws);
}

}  // namespace sso::detail
