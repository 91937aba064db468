// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/testing/impl/sleepers.ipp>
#include <sso/testing/manual_runtime.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <deque>
#include <mutex>
#include <optional>
#include <random>
#include <utility>

namespace sso::testing {

struct manual_runtime::state {
  detail::virtual_clock clock;
  std::mutex mutex;  // guards the members below
  std::mt19937_64 engine{0};
  std::deque<std::uint64_t> queued;
  std::optional<std::uint64_t> every;
  std::vector<duration> slept;
};

SSO_DECL manual_runtime::manual_runtime() : state_{std::make_shared<state>()} {}

SSO_DECL std::chrono::steady_clock::time_point manual_runtime::now() const {
  return state_->clock.now();
}

SSO_DECL std::chrono::system_clock::time_point manual_runtime::wall_now() const {
  return state_->clock.wall_now();
}

SSO_DECL asio::awaitable<void> manual_runtime::sleep(duration d) const {
  constexpr duration longest = std::chrono::hours{24 * 365 * 100};
  const auto shared = state_;
  {
    const std::lock_guard lock{shared->mutex};
    shared->slept.push_back(d);
  }
  co_await wait_until(shared, shared->clock.now() + (std::min)(d, longest), true);
}

SSO_DECL asio::awaitable<void> manual_runtime::wait_until(std::shared_ptr<state> shared,
                                                          std::chrono::steady_clock::time_point until,
                                                          bool moves_time) {
  const auto cancellation = co_await asio::this_coro::cancellation_state;
  const auto executor = co_await asio::this_coro::executor;
  bool cancelled = cancellation.cancelled() != asio::cancellation_type::none;
  if (!cancelled) {
    detail::sleepers::sleeper self{executor, shared->clock, until, moves_time};
    boost::system::error_code ignored;  // always operation_aborted
    auto token = asio::redirect_error(asio::use_awaitable, ignored);
    detail::sleepers::sleeper::initiation begin{self};
    co_await asio::async_initiate<decltype(token), void(boost::system::error_code)>(begin, token);
    cancelled = !self.woken();
  }
  if (cancelled) throw boost::system::system_error{asio::error::operation_aborted};
}

SSO_DECL std::uint64_t manual_runtime::random() const {
  const std::lock_guard lock{state_->mutex};
  if (!state_->queued.empty()) {
    const auto value = state_->queued.front();
    state_->queued.pop_front();
    return value;
  }
  return state_->every ? *state_->every : state_->engine();
}

SSO_DECL manual_runtime& manual_runtime::advance(duration d) {
  state_->clock.advance(d);
  return *this;
}

SSO_DECL manual_runtime& manual_runtime::advance_to(std::chrono::steady_clock::time_point time) {
  state_->clock.advance_to(time);
  return *this;
}

SSO_DECL manual_runtime& manual_runtime::set_wall(std::chrono::sys_time<std::chrono::milliseconds> time) {
  state_->clock.set_wall(time);
  return *this;
}

SSO_DECL manual_runtime& manual_runtime::seed(std::uint64_t seed) {
  const std::lock_guard lock{state_->mutex};
  state_->engine.seed(seed);
  state_->queued.clear();
  state_->every.reset();
  return *this;
}

SSO_DECL manual_runtime& manual_runtime::next_random(std::uint64_t value) {
  const std::lock_guard lock{state_->mutex};
  state_->queued.push_back(value);
  return *this;
}

SSO_DECL manual_runtime& manual_runtime::every_random(std::uint64_t value) {
  const std::lock_guard lock{state_->mutex};
  state_->every = value;
  return *this;
}

SSO_DECL std::vector<manual_runtime::duration> manual_runtime::slept() const {
  const std::lock_guard lock{state_->mutex};
  return state_->slept;
}

}  // namespace sso::testing
