// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/exchange_operation.hpp>
#include <sso/detail/duration.hpp>
#include <sso/transports/beast.hpp>

#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <string>
#include <utility>

namespace sso {
namespace detail::net {

inline void check_options(const beast_options& options) {
  const auto require = [](bool holds, const char* rule) {
    if (!holds) throw exception{error{errc::invalid_argument, outcome::not_sent, rule}};
  };
  require(options.pool.per_origin >= 1, "pool.per_origin: must be 1 or more");
  require(options.pool.total >= 1, "pool.total: must be 1 or more");
  require(options.pool.idle_timeout >= clock::duration::zero(), "pool.idle_timeout: must not be negative");
  require(options.pool.max_lifetime > clock::duration::zero(), "pool.max_lifetime: must be above zero");
  require(options.connect_timeout > clock::duration::zero(), "connect_timeout: must be above zero");
}

}  // namespace detail::net

struct beast_transport::state {
  std::shared_ptr<detail::net::environment> env;
};

SSO_DECL beast_transport::beast_transport(asio::any_io_executor executor, beast_options options) {
  using detail::net::environment;
  if (!executor) {
    throw exception{error{errc::invalid_argument, outcome::not_sent, "executor: must not be empty"}};
  }
  detail::net::check_options(options);
  state_ = std::make_shared<state>(state{std::make_shared<environment>(std::move(executor), options)});
}

SSO_DECL asio::awaitable<result<http::response>> beast_transport::send(const http::request& request,
                                                                       http::limits limits) const {
  return perform(state_, request,
                 limits);  // a coroutine of its own, so that this handle may go before it begins
}

SSO_DECL asio::awaitable<result<http::response>>
beast_transport::perform(std::shared_ptr<state> self, const http::request& request, http::limits limits) {
  using clock = detail::net::clock;
  const auto env = self->env;
  const auto cancellation = co_await asio::this_coro::cancellation_state;
  if (cancellation.cancelled() != asio::cancellation_type::none) {
    co_return error{errc::cancelled, outcome::not_sent, "cancelled before it began"};
  }
  if (auto fault = detail::net::request_fault(request, env->plain_http_anywhere)) co_return std::move(*fault);
  if (limits.timeout <= clock::duration::zero()) {
    co_return error{errc::timeout, outcome::not_sent, "no time was left to begin"};
  }
  const auto deadline = clock::now() + detail::bounded(limits.timeout);
  if (cancellation.slot().is_connected()) {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  }
  result<http::response> answer{error{}};
  const detail::net::exchange_initiation initiate{env, request, limits, deadline, answer};
  constexpr asio::use_awaitable_t<> token;
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(initiate, token);
  co_return answer;
}

SSO_DECL beast_stats beast_transport::stats() const {
  return state_->env->connections->stats();
}

}  // namespace sso
