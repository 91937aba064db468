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

/// Wakes the one coroutine that waits for it, before or after its wait begins. Any thread may set it; nothing may set it
/// while it is destroyed. A timer that does not expire by itself is Asio's condition variable; no object for two threads
/// at once, hence the mutex.
class async_event {
public:
  /// `waiter`: the executor of the coroutine that waits.
  explicit async_event(const asio::any_io_executor& waiter)
      : timer_{waiter, (asio::steady_timer::time_point::max)()} {}

  /// Thread-safe.
  void set() {
    const std::lock_guard lock{mutex_};
    set_ = true;
    timer_.expires_at((asio::steady_timer::time_point::min)());
  }

  /// If not, a wait that has ended was cancelled.
  [[nodiscard]] bool is_set() const {
    const std::lock_guard lock{mutex_};
    return set_;
  }

  /// Completes when the event is set, which it stays, or when the wait is cancelled; with an error code that says nothing.
  template <class Token>
  auto async_wait(Token&& token) {
    return asio::async_initiate<Token, void(boost::system::error_code)>(initiation{this}, token);
  }

  /// The same, and resets the event. Throws nothing if the awaiting coroutine has said `throw_if_cancelled(false)`.
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
