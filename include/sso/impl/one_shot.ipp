// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/duration.hpp>
#include <sso/detail/one_shot.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace sso::detail {

/// Begins the timer's wait under the lock, so that it does not race with `set`.
struct one_shot::initiation {
  std::shared_ptr<one_shot> event;
  std::chrono::steady_clock::duration at_most;

  template <class Handler>
  void operator()(Handler handler) const {
    const std::lock_guard lock{event->mutex_};
    event->timer_.expires_after(event->set_ ? std::chrono::steady_clock::duration::zero() : at_most);
    event->timer_.async_wait(std::move(handler));
  }
};

SSO_DECL one_shot::one_shot(const asio::any_io_executor& waiter) : timer_{waiter} {}

SSO_DECL asio::awaitable<wait_status> one_shot::wait(std::chrono::steady_clock::duration at_most) {
  return perform(shared_from_this(), bounded(at_most));
}

SSO_DECL asio::awaitable<wait_status> one_shot::perform(std::shared_ptr<one_shot> self,
                                                        std::chrono::steady_clock::duration at_most) {
  boost::system::error_code ended;
  auto token = asio::redirect_error(asio::use_awaitable, ended);
  initiation begin{self, at_most};
  co_await asio::async_initiate<decltype(token), void(boost::system::error_code)>(std::move(begin), token);
  const std::lock_guard lock{self->mutex_};
  if (self->set_) co_return wait_status::set;
  co_return ended == asio::error::operation_aborted ? wait_status::cancelled : wait_status::timeout;
}

SSO_DECL void one_shot::set() {
  const std::lock_guard lock{mutex_};
  set_ = true;
  timer_.cancel();
}

}  // namespace sso::detail
