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

/// An access token as requests use it.
struct cached_token {
  cached_token(secret value, token_window life) : authorization{std::move(value)}, window{life} {}

  secret authorization;  ///< the whole value of the `Authorization` header
  token_window window;
};

using cached_token_ptr = std::shared_ptr<const cached_token>;

/// What a refresh has to know of a call that waits for it.
struct token_demand {
  std::chrono::steady_clock::time_point deadline{};       ///< of the call
  std::chrono::steady_clock::duration attempt_timeout{};  ///< the longest token request that the call accepts
  unsigned retries_left = 0;                              ///< counted down with each retry of the refresh
};

/// When the token endpoint may be asked again after a failed refresh.
struct token_pause {
  std::chrono::steady_clock::time_point not_before{};        ///< by any call
  std::chrono::steady_clock::time_point early_not_before{};  ///< by an early refresh
};

struct token_waiter;

/// One refresh of the token: in progress until `shared_token::finish`. Guarded by the mutex of `shared_token`.
struct token_refresh {
  using clock = std::chrono::steady_clock;

  asio::any_io_executor executor;    ///< of the call that began it
  clock::time_point step_ends_at{};  ///< the request, or the wait between two, has ended by then
  clock::duration early_limit{};     ///< of the request while no call waits; zero: the refresh ends then
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
  token_demand demand;  ///< guarded by the mutex of `shared_token`
  sso::detail::async_event
      woken;  ///< `shared_token::outcome_of` has something new, or the deadline has passed
  std::shared_ptr<token_refresh> refresh;
  std::list<token_waiter*>::iterator place{};
  std::optional<result<cached_token_ptr>> outcome;  ///< guarded by the mutex of `shared_token`
};

/// A client's access token, and its refresh in progress (single-flight): decides under one mutex, and does no I/O.
/// A coroutine performs each refresh. Thread-safe.
class shared_token {
public:
  using clock = std::chrono::steady_clock;

  /// `fixed`: a token that is never refreshed; null: none.
  explicit shared_token(cached_token_ptr fixed) noexcept
      : token_{std::move(fixed)}, is_fixed_{token_ != nullptr} {}

  struct cached {
    cached_token_ptr token;    ///< null: none that is valid
    bool refresh_due = false;  ///< it is time for `begin_early_refresh`
  };
  /// The cached token, if it is valid at `now`.
  [[nodiscard]] SSO_DECL cached find(clock::time_point now) const;

  /// Drops `rejected`, unless a newer token has taken its place. False if the token is fixed.
  [[nodiscard]] SSO_DECL bool invalidate(const cached_token_ptr& rejected);

  // For calls that wait.

  /// Lets `waiter` wait for the refresh in progress. Returns a new refresh that the caller has to start, if none
  /// was in progress; the outcome is there at once if a token is, or if the token endpoint asked to wait.
  [[nodiscard]] SSO_DECL std::shared_ptr<token_refresh> join(token_waiter& waiter, clock::time_point now);
  /// Ends the wait. A refresh ends with its last waiter.
  SSO_DECL void leave(token_waiter& waiter);
  /// What the refresh ended with; nothing yet: wait on.
  [[nodiscard]] SSO_DECL std::optional<result<cached_token_ptr>> outcome_of(const token_waiter& waiter) const;
  /// Whether the refresh may go on past the waiter's deadline, or stand still while the waiter does not.
  [[nodiscard]] SSO_DECL bool needs_alarm(const token_waiter& waiter) const;

  // For refreshes.

  /// Begins a refresh for which no call waits, whose request may take `limit`. Null if one is in progress.
  [[nodiscard]] SSO_DECL std::shared_ptr<token_refresh>
  begin_early(const asio::any_io_executor& executor, clock::time_point now, clock::duration limit);
  /// Says what performs the refresh.
  SSO_DECL void started(token_refresh& refresh, sso::detail::background_task task);
  /// Returns how long the next token request may take: as long as the most patient waiter accepts.
  [[nodiscard]] SSO_DECL clock::duration begin_request(token_refresh& refresh, clock::time_point now);

  /// How long to wait before the next token request; nothing: this call can't wait for it.
  using retry_rule = std::function<std::optional<clock::duration>(const token_demand&)>;
  /// After a failed request: ends the wait of all for whom `rule` has no retry. Nothing if no waiter is left.
  [[nodiscard]] SSO_DECL std::optional<clock::duration>
  begin_retry(token_refresh& refresh, clock::time_point now, const error& failure, const retry_rule& rule);

  /// Ends the refresh and the wait of all its waiters. `after`: of a failure.
  SSO_DECL void finish(token_refresh& refresh, const result<cached_token_ptr>& outcome,
                       token_pause after = {});
  /// How many early refreshes have failed in a row.
  [[nodiscard]] SSO_DECL unsigned early_failures() const;
  /// Cancels the refresh in progress.
  SSO_DECL void cancel();

private:
  [[nodiscard]] bool is_usable(clock::time_point now) const;
  std::shared_ptr<token_refresh> begin(const asio::any_io_executor& executor, clock::time_point step_ends_at);

  mutable std::mutex mutex_;  // guards all below
  cached_token_ptr token_;
  bool is_fixed_;
  std::shared_ptr<token_refresh> refresh_;  // in progress
  token_pause pause_;
  error failure_;  // which asked for the pause
  unsigned early_failures_ = 0;
};

}  // namespace sso::auth

#if defined(SSO_HEADER_ONLY)
#include <sso/auth/impl/shared_token.ipp>
#endif
