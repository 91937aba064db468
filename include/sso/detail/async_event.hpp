// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <mutex>

namespace sso::detail {

/// Wakes one coroutine. Any thread may set it; nothing may set it while it is destroyed.
class async_event {
public:
  /// `waiter`: the executor of the coroutine that waits.
  SSO_DECL explicit async_event(const asio::any_io_executor& waiter);

  /// Completes when the event is set, which resets it, or when the awaiting coroutine is cancelled. Throws
  /// nothing if that coroutine has said `throw_if_cancelled(false)`. One wait at a time.
  [[nodiscard]] SSO_DECL asio::awaitable<void> wait();

  /// Thread-safe.
  SSO_DECL void set();

private:
  struct initiation;

  std::mutex mutex_;
  asio::steady_timer timer_;  // never expires: a condition variable
  bool set_ = false;
};

}  // namespace sso::detail

#if defined(SSO_HEADER_ONLY)
#include <sso/detail/impl/async_event.ipp>
#endif
