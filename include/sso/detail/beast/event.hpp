// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/io.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/steady_timer.hpp>

#include <mutex>
#include <utility>

namespace sso::detail::net {

/// Wakes the one coroutine that waits for it, from any thread, before or after its wait begins. A timer that does not
/// expire by itself is Asio's condition variable; no object for two threads at once, hence the mutex.
class event : public stoppable {
public:
  explicit event(const asio::any_io_executor& executor) : timer_{executor, (clock::time_point::max)()} {}
  virtual ~event() = default;

  void set() {
    const std::lock_guard lock{mutex_};
    set_ = true;
    timer_.expires_at((clock::time_point::min)());
  }
  /// If not, a wait that has ended was cancelled.
  [[nodiscard]] bool is_set() const {
    const std::lock_guard lock{mutex_};
    return set_;
  }

  void stop() noexcept override { set(); }

  /// Completes with an error code that says nothing: see `is_set`.
  template <class Token>
  auto async_wait(Token&& token) {
    return asio::async_initiate<Token, void(error_code)>(wait{this}, token);
  }

private:
  struct wait {
    event* self;

    template <class Handler>
    void operator()(Handler&& handler) const {
      const std::lock_guard lock{self->mutex_};
      self->timer_.async_wait(std::forward<Handler>(handler));
    }
  };

  mutable std::mutex mutex_;
  bool set_ = false;
  asio::steady_timer timer_;
};

}  // namespace sso::detail::net
