// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/one_shot.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace sso::detail {

SSO_DECL one_shot::one_shot(const asio::any_io_executor& waiter)
    : strand_{asio::make_strand(waiter)}, timer_{strand_} {}

SSO_DECL asio::awaitable<wait_status> one_shot::wait(std::chrono::steady_clock::duration at_most) {
  return asio::co_spawn(strand_, wait_on_strand(shared_from_this(), at_most), asio::use_awaitable);
}

SSO_DECL void one_shot::set() {
  asio::post(strand_, [self = shared_from_this()] {
    self->set_ = true;
    self->timer_.cancel();
  });
}

SSO_DECL asio::awaitable<wait_status> one_shot::wait_on_strand(std::shared_ptr<one_shot> self,
                                                               std::chrono::steady_clock::duration at_most) {
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  co_await asio::this_coro::throw_if_cancelled(false);
  constexpr std::chrono::steady_clock::duration longest = std::chrono::hours{24 * 365};
  if (!self->set_) {
    self->timer_.expires_after(std::min(at_most, longest));
    boost::system::error_code ignored;  // a cancelled timer means `set` or the caller's cancellation
    co_await self->timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  if (self->set_) co_return wait_status::set;
  const auto cancellation = co_await asio::this_coro::cancellation_state;
  co_return cancellation.cancelled() == asio::cancellation_type::none ? wait_status::timeout
                                                                      : wait_status::cancelled;
}

}  // namespace sso::detail
