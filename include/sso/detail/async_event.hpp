// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>

#include <mutex>
#include <utility>

namespace sso::detail {

/// An event that wakes one waiting coroutine. It may be set before the wait begins, and by any thread, but
/// not during its destruction. It is a timer that never expires by itself; a mutex guards the timer, which is
/// not thread-safe.
class async_event {
public:
  /// `waiter`: the executor of the waiting coroutine.
  explicit async_event(const asio::any_io_executor& waiter)
      : timer_{waiter, (asio::steady_timer::time_point::max)()} {}

  /// Thread-safe.
  void set() {
    const std::lock_guard lock{mutex_};
    set_ = true;
    timer_.expires_at((asio::steady_timer::time_point::min)());
  }

  /// False after a wait if the wait was cancelled.
  [[nodiscard]] bool is_set() const {
    const std::lock_guard lock{mutex_};
    return set_;
  }

  /// Completes when the event is set or the wait is cancelled. The event stays set. The error code has no
  /// meaning.
  template <class Token>
  auto async_wait(Token&& token) {
    return asio::async_initiate<Token, void(boost::system::error_code)>(initiation{this}, token);
  }

  /// Waits like `async_wait`, then resets the event. Does not throw after `throw_if_cancelled(false)`.
  [[nodiscard]] asio::awaitable<void> wait() {
    co_await async_wait(asio::as_tuple(asio::deferred));
    const std::lock_guard lock{mutex_};
    set_ = false;
    timer_.expires_at((asio::steady_timer::time_point::max)());
  }

private:
  struct initiation {
    async_event* self;

    template <class Handler>
    void operator()(Handler&& handler) const {
      const std::lock_guard lock{self->mutex_};
      self->timer_.async_wait(std::forward<Handler>(handler));
    }
  };

  mutable std::mutex mutex_;
  asio::steady_timer timer_;
  bool set_ = false;
};

}  // namespace sso::detail
