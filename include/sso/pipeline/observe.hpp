// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/transport.hpp>
#include <sso/pipeline/call_context.hpp>
#include <sso/pipeline/thrown.hpp>
#include <sso/runtime.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace sso::pipeline {

/// The layer next to the transport: counts what goes through and tells the observer, if there is one, of each
/// attempt's start and end.
template <transport Next, runtime Runtime>
class observe {
public:
  /// `call` must outlive every exchange.
  observe(Next next, Runtime runtime, call_context& call)
      : next_{std::forward<Next>(next)}, runtime_{std::forward<Runtime>(runtime)}, call_{&call} {}

  /// See `sso::transport`; the errors are those of the transport.
  asio::awaitable<result<http::response>> send(const http::request& request, http::limits limits) {
    if (call_->begun != nullptr) return given(std::move(*std::exchange(call_->begun, nullptr)));
    ++call_->attempts;
    if (call_->observer == nullptr) return next_.send(request, limits);
    return watch(next_, runtime_, *call_, request, limits);
  }

private:
  static asio::awaitable<result<http::response>> given(result<http::response> answer) { co_return answer; }

  // The layer itself may go before the exchange ends.
  static asio::awaitable<result<http::response>> watch(Next next, Runtime runtime, call_context& call,
                                                       const http::request& request, http::limits limits) {
    const auto info = info_of(call, request);
    const auto attempt = call.attempts;
    notify(*call.observer, events::attempt_started{info, attempt});
    const auto started = runtime.now();
    result<http::response> answer{error{}};
    try {
      answer = co_await next.send(request, limits);
    } catch (...) {
      answer = error_of(std::current_exception());
    }

    events::attempt_finished finished{info, attempt, 0, std::nullopt, {}, runtime.now() - started};
    if (answer) {
      finished.status = answer->status;
      finished.request_id = request_id_of(answer->headers);
    } else {
      finished.failure = static_cast<errc>(answer.error().code().value());
    }
    notify(*call.observer, finished);
    co_return answer;
  }

  Next next_;
  Runtime runtime_;
  call_context* call_;
};

}  // namespace sso::pipeline
