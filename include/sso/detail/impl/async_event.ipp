// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/async_event.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace sso::detail {

/// Starts the timer's wait under the lock, so that it does not race with `set`.
struct async_event::initiation {
  async_event* self;

  template <class Handler>
  void operator()(Handler handler) const {
    using time_point = asio::steady_timer::time_point;
    const std::lock_guard lock{self->mutex_};
    self->timer_.expires_at(self->set_ ? (time_point::min)() : (time_point::max)());
    self->timer_.async_wait(std::move(handler));
  }
};

SSO_DECL async_event::async_event(const asio::any_io_executor& waiter) : timer_{waiter} {}

SSO_DECL asio::awaitable<void> async_event::wait() {
  boost::system::error_code ended;
  auto token = asio::redirect_error(asio::use_awaitable, ended);
  initiation begin{this};
  co_await asio::async_initiate<decltype(token), void(boost::system::error_code)>(begin, token);
  const std::lock_guard lock{mutex_};
  set_ = false;
}

SSO_DECL void async_event::set() {
  const std::lock_guard lock{mutex_};
  set_ = true;
  timer_.cancel();
}

}  // namespace sso::detail
