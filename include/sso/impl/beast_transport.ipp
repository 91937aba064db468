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

/// Why an exchange must not begin; an error without a code if it may.
inline error refusal_of(const environment& env, const http::request& request, const http::limits& limits,
                        bool cancelled) {
  if (cancelled) return error{errc::cancelled, outcome::not_sent, "cancelled before it began"};
  if (auto fault = request_fault(request, env.plain_http_anywhere)) return std::move(*fault);
  if (limits.timeout > clock::duration::zero()) return error{};
  return error{errc::timeout, outcome::not_sent, "no time was left to begin"};
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
  // All that a waiting call takes is in this frame, too: it holds little besides the answer.
  const auto cancellation = co_await asio::this_coro::cancellation_state;
  const bool cancelled = cancellation.cancelled() != asio::cancellation_type::none;
  result<http::response> answer{detail::net::refusal_of(*self->env, request, limits, cancelled)};
  if (answer.error().code()) co_return answer;
  if (cancellation.slot().is_connected()) {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  }
  const detail::net::exchange_arguments asked{self->env, request, limits, answer};
  co_await detail::net::exchange_operation{asked};
  co_return answer;
}

SSO_DECL beast_stats beast_transport::stats() const {
  return state_->env->connections->stats();
}

}  // namespace sso
