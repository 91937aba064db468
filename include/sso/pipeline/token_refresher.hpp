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

/// Gives calls the client's access token, and refreshes it once for all that wait for it.
///
/// A refresh is a coroutine of its own, on a strand of the executor of the call that began it. It retries under the
/// rules of calls, for as long as a waiter's deadline and retries allow, and ends with its last waiter. While a token
/// ages it stays in use, and a refresh runs beside the calls.
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

  /// Waits for a token until the call's deadline. Null: the call has ended, with the refresh's error, `timeout` or
  /// `cancelled`, all with outcome `not_sent`. Precondition: cancellation throws nothing.
  [[nodiscard]] SSO_DECL asio::awaitable<auth::cached_token_ptr> wait(call& call);

  /// Begins an early refresh in the name of `call`, whose `attempt_timeout` bounds it.
  [[nodiscard]] SSO_DECL asio::awaitable<void> refresh_early(const call& call);

  /// Cancels the refresh in progress: the client is gone.
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
