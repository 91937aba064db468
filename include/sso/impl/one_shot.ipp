// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/one_shot.hpp>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace sso::detail {

/// Starts a wait on the strand and completes it on the waiter's executor. `co_spawn` onto the strand would be
/// shorter, but in Boost 1.81 its cancellation handler leaves a pointer behind on the strand that may outlive
/// the signal it points to.
struct one_shot::initiation {
  std::shared_ptr<one_shot> event;
  std::chrono::steady_clock::duration at_most;

  template <class Handler>
  void operator()(Handler handler) const {
    auto slot = asio::get_associated_cancellation_slot(handler);
    if (slot.is_connected()) {
      slot.assign([weak = std::weak_ptr<one_shot>{event}](asio::cancellation_type) {
        if (const auto alive = weak.lock()) alive->cancel();
      });
    }
    auto waiter = asio::any_io_executor{
        asio::prefer(asio::get_associated_executor(handler), asio::execution::outstanding_work.tracked)};
    auto begin = [self = event, time = at_most, waiter = std::move(waiter),
                  handler = std::move(handler)]() mutable {
      auto& timer = self->timer_;
      const auto& strand = self->strand_;
      timer.expires_after(self->set_ || self->cancelled_ ? std::chrono::steady_clock::duration::zero()
                                                         : time);
      auto ended = [self, waiter = std::move(waiter),
                    handler = std::move(handler)](boost::system::error_code) mutable {
        const auto status = self->set_         ? wait_status::set
                            : self->cancelled_ ? wait_status::cancelled
                                               : wait_status::timeout;
        const auto where = waiter;
        asio::post(where, [waiter = std::move(waiter), handler = std::move(handler), status]() mutable {
          std::move(handler)(status);
        });
      };
      timer.async_wait(asio::bind_executor(strand, std::move(ended)));
    };
    asio::dispatch(event->strand_, std::move(begin));
  }
};

SSO_DECL one_shot::one_shot(const asio::any_io_executor& waiter)
    : strand_{asio::make_strand(waiter)}, timer_{strand_} {}

SSO_DECL asio::awaitable<wait_status> one_shot::wait(std::chrono::steady_clock::duration at_most) {
  constexpr std::chrono::steady_clock::duration longest = std::chrono::hours{24 * 365};
  constexpr asio::use_awaitable_t<> token;
  return asio::async_initiate<const asio::use_awaitable_t<>, void(wait_status)>(
      initiation{shared_from_this(), (std::min)(at_most, longest)}, token);
}

SSO_DECL void one_shot::set() {
  asio::post(strand_, [self = shared_from_this()] {
    self->set_ = true;
    self->timer_.cancel();
  });
}

SSO_DECL void one_shot::cancel() {
  asio::post(strand_, [self = shared_from_this()] {
    self->cancelled_ = true;
    self->timer_.cancel();
  });
}

}  // namespace sso::detail
