// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/auth/token_cache.hpp>
#include <sso/detail/cancellation_scope.hpp>
#include <sso/detail/uuid.hpp>
#include <sso/http/transport.hpp>
#include <sso/json/decode.hpp>
#include <sso/pipeline/authorize.hpp>
#include <sso/pipeline/finish.hpp>
#include <sso/pipeline/observe.hpp>
#include <sso/pipeline/prepare.hpp>
#include <sso/pipeline/retry.hpp>
#include <sso/pipeline/settings.hpp>
#include <sso/response.hpp>
#include <sso/runtime.hpp>

#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <memory>
#include <type_traits>
#include <utility>

namespace sso::pipeline {

/// What every vendor's client is made of: the settings, the transport, the token and the retry budget, and
/// the one way in which a call is carried out. A handle: copies share all of it, and a call in flight keeps
/// it alive. Thread-safe.
template <transport Transport, runtime Runtime>
class client_core {
public:
  /// Throws `exception` with `errc::invalid_argument` naming the option that breaks a rule.
  client_core(const vendor& vendor, Transport transport, credentials credentials, client_options options,
              Runtime runtime)
      : shared_{std::make_shared<shared>(std::make_shared<const pipeline::settings>(make_settings(
                                             vendor, std::move(credentials), std::move(options))),
                                         std::move(transport), std::move(runtime))} {}

  [[nodiscard]] const pipeline::settings& settings() const noexcept { return *shared_->settings; }
  [[nodiscard]] Runtime& runtime() const noexcept { return shared_->runtime; }

  /// Carries out a call that was prepared, or answers the error that prevented it.
  template <class T>
  [[nodiscard]] asio::awaitable<result<response<T>>> run(result<prepared_call>&& call) const {
    return run_shared<T>(shared_, std::move(call));
  }

private:
  using tokens = auth::token_cache<Transport, Runtime>;
  // By reference: the client's state outlives its calls.
  using observed = observe<Transport&, Runtime&>;
  using authorized = authorize<observed, Runtime&, tokens>;
  using retried = retry<authorized, Runtime&>;

  struct shared {
    shared(std::shared_ptr<const pipeline::settings> checked, Transport t, Runtime r)
        : settings{std::move(checked)},
          transport{std::move(t)},
          runtime{std::move(r)},
          token{std::make_shared<tokens>(transport, runtime, settings)},
          budget{settings->retry} {}

    std::shared_ptr<const pipeline::settings> settings;
    Transport transport;
    Runtime runtime;
    std::shared_ptr<tokens> token;
    retry_budget budget;
  };

  template <class T>
  static asio::awaitable<result<response<T>>> run_shared(std::shared_ptr<shared> self,
                                                         result<prepared_call> prepared) {
    if (!prepared) co_return prepared.error();
    auto& call = *prepared;
    call_context context;
    begin(*self, call, context);
    std::chrono::steady_clock::time_point started;
    if (context.observer != nullptr) started = self->runtime.now();

    const auto state = co_await asio::this_coro::cancellation_state;
    const bool cancellable = state.slot().is_connected();
    sso::detail::cancellation_scope scope;
    if (cancellable) scope = co_await sso::detail::enter_cancellation();

    result<http::response> answer{error{}};
    if (scope.cancelled) {
      answer = error{errc::cancelled, outcome::not_sent, "before the first attempt"};
    } else {
      const auto executor = co_await asio::this_coro::executor;
      authorized::authorize_now(*self->token, executor, call.request, context);
      retried stack{
          authorized{observed{self->transport, self->runtime, context}, self->runtime, *self->token, context},
          self->runtime,
          self->settings->retry,
          call.max_retries,
          call.attempt.timeout,
          self->budget,
          context};
      auto limits = call.attempt;
      limits.timeout = call.timeout;
      answer = co_await stack.send(call.request, limits);
    }
    const bool ended_by_it = !answer && answer.error().code() == errc::cancelled;
    if (cancellable) co_await sso::detail::leave_cancellation(scope, ended_by_it);

    result<response<T>> finished;
    finish(*self, call, context, std::move(answer), finished);
    if (context.observer != nullptr) {
      notify(*context.observer,
             finished_event(call, context, exchange_of(finished), self->runtime.now() - started));
    }
    co_return finished;
  }

  static void begin(shared& self, prepared_call& call, call_context& context) {
    if (self.settings->observer) context.observer = &self.settings->observer;
    if (call.client_request_id.empty()) {
      call.client_request_id = sso::detail::make_uuid(self.runtime.random(), self.runtime.random());
    }
    context.client_request_id = call.client_request_id;
    const auto header = self.settings->vendor.request_id_header;
    if (!header.empty()) call.request.headers.add(header, call.client_request_id);
  }

  template <class T>
  static void finish(shared& self, const prepared_call& call, const call_context& context,
                     result<http::response> answer, result<response<T>>& out) {
    if (!is_success(answer)) {
      out = failure_of(*self.settings, call, context, answer, self.runtime.wall_now());
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

  template <class T>
  static result<const http_exchange*> exchange_of(const result<response<T>>& finished) {
    if (!finished) return finished.error();
    return &finished->http;
  }

  std::shared_ptr<shared> shared_;
};

}  // namespace sso::pipeline
