// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/exchange.hpp>
#include <sso/detail/beast/request_text.hpp>
#include <sso/detail/duration.hpp>
#include <sso/transports/beast.hpp>

#include <boost/asio/this_coro.hpp>

#include <exception>
#include <memory>
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

/// `request` must stay valid until the exchange completes. A free function, so that the coroutine does not
/// refer to the handle.
inline asio::awaitable<result<http::response>> perform(std::shared_ptr<environment> env,
                                                       const http::request& request, http::limits limits) {
  const auto cancellation = co_await asio::this_coro::cancellation_state;
  if (cancellation.cancelled() != asio::cancellation_type::none) {
    co_return error{errc::cancelled, outcome::not_sent, "cancelled before it began"};
  }
  if (auto fault = request_fault(request, env->plain_http_anywhere)) co_return std::move(*fault);
  if (limits.timeout <= clock::duration::zero()) {
    co_return error{errc::timeout, outcome::not_sent, "timeout before the exchange began"};
  }
  exchange ongoing{*env, request, limits};
  const bool callers_choice = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(true);
  std::exception_ptr thrown;
  try {
    if (!ongoing.acquire_lease()) co_await ongoing.wait_for_lease();
    while (!ongoing.has_ended()) {
      if (ongoing.has_connection()) {
        co_await ongoing.send_and_receive();
      } else {
        co_await ongoing.open();
      }
    }
  } catch (...) {
    thrown = std::current_exception();
  }
  co_await asio::this_coro::throw_if_cancelled(callers_choice);
  co_return ongoing.finish(thrown, cancellation);
}

}  // namespace detail::net

SSO_DECL beast_transport::beast_transport(asio::any_io_executor executor, beast_options options) {
  if (!executor) {
    throw exception{error{errc::invalid_argument, outcome::not_sent, "executor: must not be empty"}};
  }
  detail::net::check_options(options);
  shared_ = std::make_shared<detail::net::environment>(std::move(executor), options);
}

SSO_DECL asio::awaitable<result<http::response>> beast_transport::send(const http::request& request,
                                                                       http::limits limits) const {
  return detail::net::perform(shared_, request, limits);
}

SSO_DECL beast_stats beast_transport::stats() const {
  return shared_->connections.stats();
}

}  // namespace sso
