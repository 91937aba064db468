// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/exchange.hpp>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>

#include <exception>
#include <memory>
#include <utility>

namespace sso::detail::net {

/// An exchange with its completion handler, `void(std::exception_ptr)`.
template <class Handler>
class exchange_for final : public exchange {
public:
  exchange_for(std::shared_ptr<environment> env, const http::request& request, const http::limits& limits,
               result<http::response>& out, Handler handler)
      : exchange{std::move(env), request, limits, out}, handler_{std::move(handler)} {
    const auto caller = callers_executor();
    if (&asio::query(caller, asio::execution::context) == &this->env().io.query(asio::execution::context))
      return;
    elsewhere_ = std::make_unique<asio::any_io_executor>(
        asio::prefer(caller, asio::execution::outstanding_work.tracked));
  }

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
    const auto elsewhere = std::move(elsewhere_);  // until it has something to do
    const auto caller = callers_executor();
    auto resume = [handler = std::move(handler_), thrown]() mutable { std::move(handler)(thrown); };
    if (completes_elsewhere_) {
      asio::post(caller, std::move(resume));
    } else {
      caller.execute(std::move(resume));
    }
  }

  [[nodiscard]] asio::any_io_executor callers_executor() const {
    return asio::get_associated_executor(handler_, env().executor);
  }

  Handler handler_;
  std::unique_ptr<asio::any_io_executor>
      elsewhere_;  // keeps the caller's event loop running, if it is another
};

/// What an exchange is asked for. All that it refers to must stay valid until it completes.
struct exchange_arguments {
  const std::shared_ptr<environment>& env;
  const http::request& request;
  const http::limits& limits;
  result<http::response>& out;
};

/// Begins an exchange.
class exchange_initiation {
public:
  explicit exchange_initiation(const exchange_arguments& asked) noexcept : asked_{&asked} {}

  template <class Handler>
  void operator()(Handler handler) const {
    using launched = exchange_for<Handler>;
    launched::launch(std::make_shared<launched>(asked_->env, asked_->request, asked_->limits, asked_->out,
                                                std::move(handler)));
  }

private:
  const exchange_arguments* asked_;
};

/// An exchange as an asynchronous operation, which a coroutine can await without another one in between.
class exchange_operation {
public:
  explicit exchange_operation(const exchange_arguments& asked) noexcept : initiation_{asked} {}

  template <class Token>
  auto operator()(Token&& token) const
      -> decltype(asio::async_initiate<Token, void(std::exception_ptr)>(std::declval<exchange_initiation>(),
                                                                        token)) {
    return asio::async_initiate<Token, void(std::exception_ptr)>(exchange_initiation{initiation_}, token);
  }

private:
  exchange_initiation initiation_;
};

}  // namespace sso::detail::net
