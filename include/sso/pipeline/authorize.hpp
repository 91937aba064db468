// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/auth/token_cache.hpp>
#include <sso/detail/duration.hpp>
#include <sso/http/transport.hpp>
#include <sso/pipeline/call_context.hpp>
#include <sso/pipeline/decide.hpp>
#include <sso/runtime.hpp>

#include <boost/asio/this_coro.hpp>

#include <optional>
#include <utility>

namespace sso::pipeline {

/// The layer that puts the access token on a request. It works inside `retry`, so that an attempt after a
/// long wait gets a token that is still good. When the API answers 401, the refused token is given up and the
/// request sent once more with another one, at most once in a call.
///
/// A request that carries its token already (`call_context::carried`) is not copied.
template <transport Next, runtime Runtime, class Tokens>
class authorize {
public:
  /// `tokens` and `call` must outlive every exchange.
  authorize(Next next, Runtime runtime, Tokens& tokens, call_context& call)
      : next_{std::forward<Next>(next)},
        runtime_{std::forward<Runtime>(runtime)},
        tokens_{&tokens},
        call_{&call} {}

  /// See `sso::transport`. `limits.timeout` covers the token as well. Errors of its own: those of the token's
  /// refresh, with outcome `not_sent`.
  asio::awaitable<result<http::response>> send(const http::request& request, http::limits limits) {
    const auto executor = co_await asio::this_coro::executor;
    const auto deadline = runtime_.now() + sso::detail::bounded(limits.timeout);
    std::optional<http::request> authorized;
    for (;;) {
      auto token = std::exchange(call_->carried, nullptr);
      const bool carried = token != nullptr;
      if (!carried) token = at_hand(executor, request);
      if (!token) {
        auto renewed = co_await tokens_->get(*call_, request, deadline - runtime_.now());
        if (!renewed) co_return renewed.error();
        token = *renewed;
        limits.timeout = deadline - runtime_.now();
      }
      if (!carried) {
        if (!authorized) authorized = request;
        authorized->headers.set("Authorization", token->authorization.reveal());
      }
      auto answer = co_await next_.send(carried ? request : *authorized, limits);
      if (!answer || answer->status != 401 || call_->reauthorized || !tokens_->refuse(token))
        co_return answer;
      call_->reauthorized = true;
      call_->so_far = graver(call_->so_far, outcome::rejected);
      limits.timeout = deadline - runtime_.now();
    }
  }

private:
  auth::held_token_ptr at_hand(const asio::any_io_executor& executor, const http::request& request) {
    auto found = tokens_->peek(runtime_.now());
    if (found.refresh) tokens_->renew_early(executor, std::move(found.refresh), *call_, request);
    return std::move(found.token);
  }

  Next next_;
  Runtime runtime_;
  Tokens* tokens_;
  call_context* call_;
};

}  // namespace sso::pipeline
