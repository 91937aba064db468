// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/duration.hpp>
#include <sso/detail/sleep.hpp>
#include <sso/http/transport.hpp>
#include <sso/pipeline/call_context.hpp>
#include <sso/pipeline/decide.hpp>
#include <sso/pipeline/retry_budget.hpp>
#include <sso/pipeline/thrown.hpp>
#include <sso/runtime.hpp>

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

namespace sso::pipeline {

/// What a timeout or a cancellation between two attempts ends with.
[[nodiscard]] SSO_DECL error end_between_attempts(errc code, const std::optional<error>& before);

/// The failure of an attempt in an error's words, so that an error that ends the call later can name it.
[[nodiscard]] SSO_DECL error note_of(const result<http::response>& answer);

/// Adds to a timeout what failed before it.
SSO_DECL void remember(error& timed_out, const error& before);

/// The layer that tries again: an attempt is one passage through the layers below. `limits.timeout` bounds
/// all attempts and the waits between them, from the start of the call; each attempt has a bound of its own.
template <transport Next, runtime Runtime>
class retry {
public:
  /// `policy`, `budget` and `call` must outlive every exchange.
  retry(Next next, Runtime runtime, const retry_policy& policy, unsigned max_retries,
        std::chrono::steady_clock::duration attempt_timeout, retry_budget& budget, call_context& call)
      : next_{std::forward<Next>(next)},
        runtime_{std::forward<Runtime>(runtime)},
        policy_{&policy},
        max_retries_{max_retries},
        attempt_timeout_{attempt_timeout},
        budget_{&budget},
        call_{&call} {}

  /// See `sso::transport`. Answers the last attempt's response or error; `errc::timeout` or `errc::cancelled`
  /// of its own when the call ends during a wait.
  asio::awaitable<result<http::response>> send(const http::request& request, http::limits limits) {
    const auto deadline = call_->started + sso::detail::bounded(limits.timeout);
    std::optional<error> before;
    for (unsigned retries = 0;; ++retries) {
      const auto now = runtime_.now();
      if (now >= deadline && call_->begun == nullptr) co_return end_between_attempts(errc::timeout, before);
      const auto began = retries == 0 ? call_->started : now;
      limits.timeout = std::min(began + attempt_timeout_, deadline) - now;
      result<http::response> answer{error{}};
      try {
        auto received = co_await next_.send(request, limits);
        if (received && http::is_success(received->status)) {
          if (retries == 0) budget_->deposit();
          co_return received;
        }
        answer = std::move(received);
      } catch (...) {
        answer = error_of(std::current_exception());
      }

      const auto report = report_on(answer, request.replayable, runtime_.wall_now());
      if (retries == 0 && answer && !is_transient(report)) budget_->deposit();
      const retry_allowance allowance{retries, max_retries_ - retries, deadline - runtime_.now()};
      const auto wait = decide(*policy_, report, allowance, runtime_.random());
      if (!wait || !budget_->withdraw()) co_return finish(std::move(answer), before);

      call_->so_far = graver(call_->so_far, report.outcome);
      before = note_of(answer);
      if (call_->observer != nullptr) announce(request, report, *wait);
      const bool cancelled = co_await sso::detail::sleep_or_stop(runtime_, *wait);
      if (cancelled) co_return end_between_attempts(errc::cancelled, before);
    }
  }

private:
  static result<http::response> finish(result<http::response> answer, const std::optional<error>& before) {
    if (answer || !before || answer.error().code() != errc::timeout) return answer;
    auto timed_out = answer.error();
    remember(timed_out, *before);
    return timed_out;
  }

  void announce(const http::request& request, const attempt_report& report,
                std::chrono::steady_clock::duration wait) {
    events::retry_scheduled scheduled{info_of(*call_, request), call_->attempts, report.status, std::nullopt,
                                      wait};
    if (report.failure != errc{}) scheduled.failure = report.failure;
    notify(*call_->observer, scheduled);
  }

  Next next_;
  Runtime runtime_;
  const retry_policy* policy_;
  unsigned max_retries_;
  std::chrono::steady_clock::duration attempt_timeout_;
  retry_budget* budget_;
  call_context* call_;
};

}  // namespace sso::pipeline

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/retry.ipp>
#endif
