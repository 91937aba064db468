// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/exchange.hpp>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <exception>
#include <memory>
#include <utility>

namespace sso::detail::net {

/// An exchange as an asynchronous operation, with its completion handler `void(std::exception_ptr)`.
template <class Handler>
class exchange_for final : public exchange {
public:
  exchange_for(std::shared_ptr<environment> env, const http::request& request, const http::limits& limits,
               clock::time_point deadline, result<http::response>& out, Handler handler)
      : exchange{std::move(env), request, limits, deadline, out},
        caller_{asio::prefer(asio::get_associated_executor(handler, this->env().executor),
                             asio::execution::outstanding_work.tracked)},
        handler_{std::move(handler)} {}

  /// The handler's cancellation slot ends the exchange.
  static void launch(std::shared_ptr<exchange_for> self) {
    auto slot = asio::get_associated_cancellation_slot(self->handler_);
    if (slot.is_connected()) {
      // Weak: the signal may outlive the context, the exchange must not.
      slot.assign([weak = std::weak_ptr<exchange_for>{self}](asio::cancellation_type) {
        if (const auto alive = weak.lock()) alive->interrupt(interruption::cancelled);
      });
    }
    run(std::move(self));
  }

private:
  void complete(std::exception_ptr thrown) override {
    auto resume = [handler = std::move(handler_), thrown]() mutable { std::move(handler)(thrown); };
    const auto caller = std::move(caller_);
    if (in_strand()) {
      asio::post(caller, std::move(resume));
    } else {
      caller.execute(std::move(resume));
    }
  }

  asio::any_io_executor caller_;
  Handler handler_;
};

/// Initiates an exchange.
class exchange_initiation {
public:
  exchange_initiation(const std::shared_ptr<environment>& env, const http::request& request,
                      const http::limits& limits, clock::time_point deadline, result<http::response>& out)
      : env_{env}, request_{request}, limits_{limits}, deadline_{deadline}, out_{out} {}

  template <class Handler>
  void operator()(Handler handler) const {
    exchange_for<Handler>::launch(std::make_shared<exchange_for<Handler>>(env_, request_, limits_, deadline_,
                                                                          out_, std::move(handler)));
  }

private:
  const std::shared_ptr<environment>& env_;
  const http::request& request_;
  const http::limits& limits_;
  clock::time_point deadline_;
  result<http::response>& out_;
};

}  // namespace sso::detail::net
