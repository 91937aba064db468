// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/auth/token_window.hpp>
#include <sso/detail/async_event.hpp>
#include <sso/detail/background_task.hpp>
#include <sso/result.hpp>
#include <sso/secret.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace sso::auth {

/// An access token, ready for requests.
struct cached_token {
  cached_token(secret value, token_window life) : authorization{std::move(value)}, window{life} {}

  secret authorization;  ///< the whole value of the `Authorization` header
  token_window window;
};

using cached_token_ptr = std::shared_ptr<const cached_token>;

/// The limits that a waiting call sets for a refresh.
struct token_demand {
  std::chrono::steady_clock::time_point deadline{};       ///< of the call
  std::chrono::steady_clock::duration attempt_timeout{};  ///< the call's limit for one token request
  unsigned retries_left = 0;                              ///< decremented by each retry of the refresh
};

/// The earliest times of the next token request after a failed refresh.
struct token_pause {
  std::chrono::steady_clock::time_point not_before{};        ///< for any refresh
  std::chrono::steady_clock::time_point early_not_before{};  ///< for an early refresh
};

struct token_waiter;

/// One refresh of the token: in progress until `shared_token::finish`. Guarded by the mutex of
/// `shared_token`.
struct token_refresh {
  using clock = std::chrono::steady_clock;

  asio::any_io_executor executor;    ///< of the call that started it
  clock::time_point step_ends_at{};  ///< end of the current request or wait
  clock::duration early_limit{};     ///< timeout without waiters; zero: not an early refresh
  std::list<token_waiter*> waiters;
  sso::detail::background_task task;
  bool ended = false;

  [[nodiscard]] bool is_early() const noexcept { return early_limit != clock::duration::zero(); }
};

/// A call that waits for a refresh.
struct token_waiter {
  token_waiter(const asio::any_io_executor& own, token_demand what)
      : executor{own}, demand{what}, woken{own} {}

  asio::any_io_executor executor;
  token_demand demand;             ///< guarded by the mutex of `shared_token`
  sso::detail::async_event woken;  ///< set on an outcome, on a new need for a timer, and at the deadline
  std::shared_ptr<token_refresh> refresh;
  std::list<token_waiter*>::iterator place{};
  std::optional<result<cached_token_ptr>> outcome;  ///< guarded by the mutex of `shared_token`
};

/// A client's access token and its refresh in progress (single-flight). It decides under one mutex and does
/// no I/O; a coroutine performs each refresh. Thread-safe.
class shared_token {
public:
  using clock = std::chrono::steady_clock;

  /// `fixed`: a token that is never refreshed; null: none.
  explicit shared_token(cached_token_ptr fixed) noexcept
      : token_{std::move(fixed)}, is_fixed_{token_ != nullptr} {}

  struct cached {
    cached_token_ptr token;    ///< null if none is valid
    bool refresh_due = false;  ///< whether to call `begin_early`
  };
  /// The cached token, if it is valid at `now`.
  [[nodiscard]] SSO_DECL cached find(clock::time_point now) const;

  /// Drops `rejected` if it is still the cached token. Returns false if the token is fixed.
  [[nodiscard]] SSO_DECL bool invalidate(const cached_token_ptr& rejected);

  // For waiting calls.

  /// Adds `waiter` to the refresh in progress. If there is none, returns a new one, which the caller must
  /// start. Sets the outcome at once if a cached token is valid, or if no token may be requested before
  /// `token_pause::not_before`.
  [[nodiscard]] SSO_DECL std::shared_ptr<token_refresh> join(token_waiter& waiter, clock::time_point now);
  /// Ends the wait. Cancels the refresh if no waiter is left, unless it is early.
  SSO_DECL void leave(token_waiter& waiter);
  /// The outcome of the refresh; empty while it is in progress.
  [[nodiscard]] SSO_DECL std::optional<result<cached_token_ptr>> outcome_of(const token_waiter& waiter) const;
  /// Whether the waiter needs its own timer: the current step may end after its deadline, or the refresh runs
  /// on another executor, which may have stopped.
  [[nodiscard]] SSO_DECL bool needs_timer(const token_waiter& waiter) const;

  // For refreshes.

  /// Begins a refresh without waiters. `limit` is the timeout of its request. Null if a refresh is in
  /// progress.
  [[nodiscard]] SSO_DECL std::shared_ptr<token_refresh>
  begin_early(const asio::any_io_executor& executor, clock::time_point now, clock::duration limit);
  /// Sets the task that performs the refresh.
  SSO_DECL void started(token_refresh& refresh, sso::detail::background_task task);
  /// Returns the timeout of the next token request: the longest that a waiter accepts.
  [[nodiscard]] SSO_DECL clock::duration begin_request(token_refresh& refresh, clock::time_point now);

  /// The wait before the next token request; empty if the waiting call allows no retry.
  using retry_rule = std::function<std::optional<clock::duration>(const token_demand&)>;
  /// After a failed request: ends the waits for which `rule` allows no retry. Returns the longest wait of the
  /// others; empty if there are none.
  [[nodiscard]] SSO_DECL std::optional<clock::duration>
  begin_retry(token_refresh& refresh, clock::time_point now, const error& failure, const retry_rule& rule);

  /// Ends the refresh and the waits for it. `after` is the pause after a failure.
  SSO_DECL void finish(token_refresh& refresh, const result<cached_token_ptr>& outcome,
                       token_pause after = {});
  /// The number of consecutive failed early refreshes.
  [[nodiscard]] SSO_DECL unsigned early_failures() const;
  /// Cancels the refresh in progress.
  SSO_DECL void cancel();

private:
  [[nodiscard]] bool has_usable_refresh(clock::time_point now) const;
  std::shared_ptr<token_refresh> begin(const asio::any_io_executor& executor, clock::time_point step_ends_at);

  mutable std::mutex mutex_;  // guards all members below
  cached_token_ptr token_;
  bool is_fixed_;
  std::shared_ptr<token_refresh> refresh_;  // in progress
  token_pause pause_;
  error failure_;  // the reason for the pause
  unsigned early_failures_ = 0;
};

}  // namespace sso::auth

#if defined(SSO_HEADER_ONLY)
#include <sso/auth/impl/shared_token.ipp>
#endif
