// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/auth/token_cache.hpp>
#include <sso/detail/cancellation_scope.hpp>
#include <sso/detail/duration.hpp>
#include <sso/detail/uuid.hpp>
#include <sso/json/decode.hpp>
#include <sso/pipeline/authorize.hpp>
#include <sso/pipeline/client_core.hpp>
#include <sso/pipeline/finish.hpp>
#include <sso/pipeline/observe.hpp>
#include <sso/pipeline/prepare.hpp>
#include <sso/pipeline/retry.hpp>
#include <sso/pipeline/settings.hpp>

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

namespace sso::pipeline {

struct client_core::state {
  using tokens = auth::token_cache<any_transport, any_runtime>;
  // By reference: the client's state outlives its calls.
  using observed = observe<any_transport&, any_runtime&>;
  using authorized = authorize<observed, any_runtime&, tokens>;
  using retried = retry<authorized, any_runtime&>;
  using clock = std::chrono::steady_clock;

  state(std::shared_ptr<const pipeline::settings> checked, any_transport t, any_runtime r)
      : settings{std::move(checked)},
        transport{std::move(t)},
        runtime{std::move(r)},
        token{std::make_shared<tokens>(transport, runtime, settings)},
        budget{settings->retry} {}

  /// A call under way. On the heap, and not in its coroutine: Asio keeps the frames of coroutines for the next
  /// ones only up to about a kilobyte.
  struct pending {
    template <class Prepare>
    explicit pending(Prepare& prepare) : prepared{prepare()} {}

    result<prepared_call> prepared;
    call_context context;
    result<http::response> answer{error{}};
  };

  /// What a call ends with, given to `co_return`, which converts it to a result in the place where that stays.
  /// To return the result itself would move it, and models have many members to move.
  template <class T>
  class ending {
  public:
    ending(state& client, pending& call) noexcept : client_{client}, call_{call} {}

    operator result<response<T>>() const {
      return client_.finish<T>(*call_.prepared, call_.context, call_.answer);
    }

  private:
    state& client_;
    pending& call_;
  };

  template <class T>
  static asio::awaitable<result<response<T>>> refuse(error refusal) {
    co_return refusal;
  }

  template <class T>
  static asio::awaitable<result<response<T>>> run(std::shared_ptr<state> self,
                                                  std::unique_ptr<pending> owned) {
    // All that is in the frame is references and small things.
    auto& prepared = *owned->prepared;
    auto& context = owned->context;
    auto& answer = owned->answer;
    self->begin(prepared, context);

    const auto cancellation = co_await asio::this_coro::cancellation_state;
    const bool cancellable = cancellation.slot().is_connected();
    sso::detail::cancellation_scope scope;
    if (cancellable) scope = co_await sso::detail::enter_cancellation();

    if (scope.cancelled) {
      answer = error{errc::cancelled, outcome::not_sent, "before the first attempt"};
    } else {
      if (auto due = self->authorize_now(prepared, context)) co_await self->renew(std::move(due), *owned);
      // A call whose token is at hand mostly ends with its first attempt, and spares itself the layers.
      if (context.carried) {
        try {
          answer = co_await self->first_attempt(prepared, context);
        } catch (...) {
          answer = error_of(std::current_exception());
        }
        context.begun = &answer;
      }
      if (context.carried && is_success(answer)) {
        self->budget.deposit();
      } else {
        co_await self->go_through_layers(*owned);
      }
    }
    const bool ended_by_it = !answer && answer.error().code() == errc::cancelled;
    if (cancellable) co_await sso::detail::leave_cancellation(scope, ended_by_it);

    co_return ending<T>{*self, *owned};
  }

  void begin(prepared_call& call, call_context& context) {
    if (settings->observer) context.observer = &settings->observer;
    context.started = runtime.now();
    auto& id = call.client_request_id;
    if (id.front() == '\0') id = sso::detail::draw_uuid(runtime);
    context.client_request_id = {id.data(), id.size()};
    const auto header = settings->vendor.request_id_header;
    if (!header.empty()) call.request.headers.add(header, context.client_request_id);
  }

  /// Puts the token on the request if there is a good one. Answers the refresh that is due, if one is.
  auth::flight_guard authorize_now(prepared_call& call, call_context& context) {
    auto found = token->peek(context.started);
    context.carried = std::move(found.token);
    if (context.carried) call.request.headers.add("Authorization", context.carried->authorization.reveal());
    return std::move(found.refresh);
  }

  asio::awaitable<result<http::response>> first_attempt(const prepared_call& call, call_context& context) {
    auto limits = call.attempt;
    limits.timeout = std::min(limits.timeout, call.timeout);
    return observed{transport, runtime, context}.send(call.request, limits);
  }

  asio::awaitable<void> renew(auth::flight_guard due, const pending& now) {
    const auto executor = co_await asio::this_coro::executor;
    token->renew_early(executor, std::move(due), now.context, now.prepared->request);
  }

  asio::awaitable<void> go_through_layers(pending& now) {
    const auto& call = *now.prepared;
    auto& context = now.context;
    retried stack{authorized{observed{transport, runtime, context}, runtime, *token, context},
                  runtime,
                  settings->retry,
                  call.max_retries,
                  call.attempt.timeout,
                  budget,
                  context};
    auto limits = call.attempt;
    limits.timeout = call.timeout;
    now.answer = co_await stack.send(call.request, limits);
  }

  template <class T>
  result<response<T>> finish(const prepared_call& call, const call_context& context,
                             result<http::response>& answer) {
    result<response<T>> finished;
    conclude(call, context, answer, finished);
    if (context.observer != nullptr) {
      const auto exchange = finished ? result<const http_exchange*>{&finished->http} : finished.error();
      notify(*context.observer, finished_event(call, context, exchange, runtime.now() - context.started));
    }
    return finished;
  }

  template <class T>
  void conclude(const prepared_call& call, const call_context& context, result<http::response>& answer,
                result<response<T>>& out) {
    if (!is_success(answer)) {
      out = failure_of(*settings, call, context, answer, runtime.wall_now());
      return;
    }
    if constexpr (!std::is_void_v<T>) {
      T& value = *out;
      auto decoded = json::decode_into(answer->body, value);
      if (!decoded) {
        out = undecodable(decoded.error(), call, context, *answer);
        return;
      }
      if constexpr (requires { complete(value); }) complete(value);
    }
    exchange_from(std::move(*answer), context, out->http);
  }

  std::shared_ptr<const pipeline::settings> settings;
  any_transport transport;
  any_runtime runtime;
  std::shared_ptr<tokens> token;
  retry_budget budget;
};

SSO_DECL client_core::client_core(const vendor& vendor, any_transport transport, any_runtime runtime,
                                  credentials credentials, client_options options)
    : state_{std::make_shared<state>(std::make_shared<const pipeline::settings>(
                                         make_settings(vendor, std::move(credentials), std::move(options))),
                                     std::move(transport), std::move(runtime))} {}

SSO_DECL const pipeline::settings& client_core::settings() const noexcept {
  return *state_->settings;
}

SSO_DECL any_runtime& client_core::runtime() const noexcept {
  return state_->runtime;
}

template <class T, class Prepare>
asio::awaitable<result<response<T>>> client_core::run(const call_options& options, Prepare prepare) const {
  auto call = std::make_unique<state::pending>(prepare);
  if (!call->prepared) return state::refuse<T>(refusal_of(call->prepared.error(), options));
  return state::run<T>(state_, std::move(call));
}

}  // namespace sso::pipeline
