// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/auth/shared_token.hpp>
#include <sso/credentials.hpp>
#include <sso/pipeline/call.hpp>
#include <sso/pipeline/client_resources.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>

namespace sso::pipeline {

/// Provides the client's access token to calls and refreshes it, once for all waiting calls (single-flight).
///
/// A refresh is a coroutine on a strand of the executor of the call that starts it. It is retried by the
/// rules of calls while the deadline and retries of a waiting call allow it. It is cancelled when no call
/// waits any more.
///
/// An early refresh starts shortly before the token expires. No call waits for it; the cached token stays in
/// use.
///
/// Owned by `std::shared_ptr`. Thread-safe.
class token_refresher : public std::enable_shared_from_this<token_refresher> {
public:
  SSO_DECL explicit token_refresher(std::shared_ptr<client_resources> resources);

  /// The cached token, if it is valid at `now`.
  [[nodiscard]] auth::shared_token::cached find(std::chrono::steady_clock::time_point now) const {
    return token_.find(now);
  }
  /// See `auth::shared_token`.
  [[nodiscard]] bool invalidate(const auth::cached_token_ptr& rejected) {
    return token_.invalidate(rejected);
  }

  /// Waits for a token until the call's deadline. Returns null after ending the call with the refresh's
  /// error, `timeout` or `cancelled`, all with outcome `not_sent`. Precondition: `throw_if_cancelled(false)`.
  [[nodiscard]] SSO_DECL asio::awaitable<auth::cached_token_ptr> wait(call& call);

  /// Starts an early refresh. Its events name `call`; the call's `attempt_timeout` bounds the token request.
  [[nodiscard]] SSO_DECL asio::awaitable<void> refresh_early(const call& call);

  /// Cancels the refresh in progress. Called when the client is destroyed.
  void cancel() { token_.cancel(); }

private:
  class refresh_guard;
  class waiting;
  struct reporter;

  void start(const asio::any_io_executor& executor, std::shared_ptr<auth::token_refresh> refresh,
             const call& call);
  static asio::awaitable<void> perform(std::shared_ptr<token_refresher> self, refresh_guard refresh,
                                       std::unique_ptr<reporter> report);
  asio::awaitable<result<access_token>> request_token(std::chrono::steady_clock::duration limit);
  auth::token_pause pause_after(const auth::token_refresh& refresh, const error& failure);

  std::shared_ptr<client_resources> resources_;
  auth::shared_token token_;
};

}  // namespace sso::pipeline

#if defined(SSO_HEADER_ONLY)
#include <sso/pipeline/impl/token_refresher.ipp>
#endif
