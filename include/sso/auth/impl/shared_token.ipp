// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/auth/shared_token.hpp>

#include <algorithm>

namespace sso::auth {

SSO_DECL shared_token::cached shared_token::find(clock::time_point now) const {
  const std::lock_guard lock{mutex_};
  if (!token_) return {};
  const auto state = assess(token_->window, now);
  if (state == freshness::stale) return {};
  const bool due = state == freshness::aging && !has_usable_refresh(now) && now >= pause_.early_not_before;
  return {token_, due};
}

SSO_DECL bool shared_token::invalidate(const cached_token_ptr& rejected) {
  if (is_fixed_) return false;
  const std::lock_guard lock{mutex_};
  if (token_ == rejected) token_.reset();
  return true;
}

SSO_DECL std::shared_ptr<token_refresh> shared_token::join(token_waiter& waiter, clock::time_point now) {
  const std::lock_guard lock{mutex_};
  if (token_ && assess(token_->window, now) != freshness::stale) {
    waiter.outcome = token_;
    return nullptr;
  }
  if (now < pause_.not_before) {
    auto failure = failure_;
    waiter.outcome =
        failure.with_retry_after(std::chrono::ceil<std::chrono::milliseconds>(pause_.not_before - now));
    return nullptr;
  }
  std::list<token_waiter*> joining;
  joining.push_back(&waiter);  // allocates, so it comes before the start of a refresh
  std::shared_ptr<token_refresh> begun;
  if (!has_usable_refresh(now)) begun = begin(waiter.executor, waiter.demand.deadline);
  waiter.place = joining.begin();
  refresh_->waiters.splice(refresh_->waiters.end(), joining);
  waiter.refresh = refresh_;
  return begun;
}

SSO_DECL void shared_token::leave(token_waiter& waiter) {
  // Under the lock, as every wake-up: after this call the executor of the waiter may be destroyed.
  const std::lock_guard lock{mutex_};
  if (waiter.outcome || !waiter.refresh) return;
  auto& refresh = *waiter.refresh;
  refresh.waiters.erase(waiter.place);
  if (!refresh.waiters.empty() || refresh.is_early()) return;
  refresh.task.stop();
  if (refresh_ == waiter.refresh) refresh_.reset();
}

SSO_DECL std::optional<result<cached_token_ptr>> shared_token::outcome_of(const token_waiter& waiter) const {
  const std::lock_guard lock{mutex_};
  return waiter.outcome;
}

SSO_DECL bool shared_token::needs_timer(const token_waiter& waiter) const {
  const std::lock_guard lock{mutex_};
  return waiter.demand.deadline < waiter.refresh->step_ends_at || waiter.executor != waiter.refresh->executor;
}

SSO_DECL std::shared_ptr<token_refresh> shared_token::begin_early(const asio::any_io_executor& executor,
                                                                  clock::time_point now,
                                                                  clock::duration limit) {
  const std::lock_guard lock{mutex_};
  if (has_usable_refresh(now)) return nullptr;
  auto begun = begin(executor, now + limit);
  begun->early_limit = limit;
  return begun;
}

SSO_DECL void shared_token::started(token_refresh& refresh, sso::detail::background_task task) {
  const std::lock_guard lock{mutex_};
  refresh.task = std::move(task);
  if (refresh_.get() != &refresh) refresh.task.stop();
}

SSO_DECL shared_token::clock::duration shared_token::begin_request(token_refresh& refresh,
                                                                   clock::time_point now) {
  const std::lock_guard lock{mutex_};
  auto limit = refresh.early_limit;
  for (const auto* waiter : refresh.waiters) {
    limit = std::max(limit, std::min(waiter->demand.attempt_timeout, waiter->demand.deadline - now));
  }
  refresh.step_ends_at = now + limit;
  for (auto* waiter : refresh.waiters) {
    if (waiter->demand.deadline < refresh.step_ends_at) waiter->woken.set();
  }
  return limit;
}

SSO_DECL std::optional<shared_token::clock::duration> shared_token::begin_retry(token_refresh& refresh,
                                                                                clock::time_point now,
                                                                                const error& failure,
                                                                                const retry_rule& rule) {
  const std::lock_guard lock{mutex_};
  std::optional<clock::duration> longest;
  for (auto place = refresh.waiters.begin(); place != refresh.waiters.end();) {
    auto& waiter = **place;
    if (const auto wait = rule(waiter.demand)) {
      longest = std::max(longest.value_or(*wait), *wait);
      --waiter.demand.retries_left;
      ++place;
    } else {
      place = refresh.waiters.erase(place);
      waiter.outcome = failure;
      waiter.woken.set();
    }
  }
  if (longest) refresh.step_ends_at = now + *longest;
  return longest;
}

SSO_DECL void shared_token::finish(token_refresh& refresh, const result<cached_token_ptr>& outcome,
                                   token_pause after) {
  const std::lock_guard lock{mutex_};
  if (std::exchange(refresh.ended, true)) return;
  if (refresh_.get() == &refresh) {
    refresh_.reset();
    pause_ = after;
    if (outcome) {
      token_ = *outcome;
      early_failures_ = 0;
    } else {
      failure_ = outcome.error();
      if (refresh.is_early()) ++early_failures_;
    }
  }
  for (auto* waiter : refresh.waiters) {
    waiter->outcome = outcome;
    waiter->woken.set();
  }
  refresh.waiters.clear();
  refresh.executor = {};  // waiters on other executors may outlive its context
}

SSO_DECL unsigned shared_token::early_failures() const {
  const std::lock_guard lock{mutex_};
  return early_failures_;
}

SSO_DECL void shared_token::cancel() {
  const std::lock_guard lock{mutex_};
  if (!refresh_) return;
  refresh_->task.stop();
  refresh_.reset();
}

/// An expired refresh is not usable: its executor has stopped. A second is allowed for late timers.
inline bool shared_token::has_usable_refresh(clock::time_point now) const {
  constexpr auto late = std::chrono::seconds{1};
  return refresh_ != nullptr && now < refresh_->step_ends_at + late;
}

inline std::shared_ptr<token_refresh> shared_token::begin(const asio::any_io_executor& executor,
                                                          clock::time_point step_ends_at) {
  refresh_ = std::make_shared<token_refresh>();
  refresh_->executor = executor;
  refresh_->step_ends_at = step_ends_at;
  return refresh_;
}

}  // namespace sso::auth
