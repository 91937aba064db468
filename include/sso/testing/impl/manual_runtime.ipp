// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/testing/impl/yield.ipp>
#include <sso/testing/manual_runtime.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <deque>
#include <mutex>
#include <optional>
#include <random>

namespace sso::testing {

struct manual_runtime::state {
  std::mutex mutex;
  // Not the clock's epoch, which code may use as "never".
  std::chrono::steady_clock::time_point now{std::chrono::hours{1000}};
  std::chrono::system_clock::time_point wall{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}};
  std::mt19937_64 engine{0};
  std::deque<std::uint64_t> queued;
  std::optional<std::uint64_t> every;
  std::vector<duration> slept;

  void advance(duration d) {
    now += d;
    wall += std::chrono::duration_cast<std::chrono::system_clock::duration>(d);
  }
  void advance_to(std::chrono::steady_clock::time_point time) {
    if (now < time) advance(time - now);
  }
};

SSO_DECL manual_runtime::manual_runtime() : state_{std::make_shared<state>()} {}

SSO_DECL std::chrono::steady_clock::time_point manual_runtime::now() const {
  const std::lock_guard lock{state_->mutex};
  return state_->now;
}

SSO_DECL std::chrono::system_clock::time_point manual_runtime::wall_now() const {
  const std::lock_guard lock{state_->mutex};
  return state_->wall;
}

SSO_DECL asio::awaitable<void> manual_runtime::sleep(duration d) const {
  constexpr duration longest = std::chrono::hours{24 * 365 * 100};
  const auto shared = state_;
  std::chrono::steady_clock::time_point until;
  {
    const std::lock_guard lock{shared->mutex};
    shared->slept.push_back(d);
    until = shared->now + (std::min)(d, longest);
  }
  const auto cancellation = co_await asio::this_coro::cancellation_state;
  bool cancelled = cancellation.cancelled() != asio::cancellation_type::none;
  if (!cancelled) cancelled = co_await detail::yield();
  if (cancelled) throw boost::system::system_error{asio::error::operation_aborted};
  const std::lock_guard lock{shared->mutex};
  shared->advance_to(until);
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
  const std::lock_guard lock{state_->mutex};
  state_->advance(d);
  return *this;
}

SSO_DECL manual_runtime& manual_runtime::advance_to(std::chrono::steady_clock::time_point time) {
  const std::lock_guard lock{state_->mutex};
  state_->advance_to(time);
  return *this;
}

SSO_DECL manual_runtime& manual_runtime::set_wall(std::chrono::sys_time<std::chrono::milliseconds> time) {
  const std::lock_guard lock{state_->mutex};
  state_->wall = time;
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
