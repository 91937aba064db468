// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/detail/duration.hpp>
#include <sso/http/retry_after.hpp>
#include <sso/pipeline/decide.hpp>

#include <algorithm>

namespace sso::pipeline {
namespace detail {

/// The value of `x-should-retry`; empty unless it is `true` or `false`.
inline std::optional<bool> should_retry(const http::headers& headers) noexcept {
  const auto text = headers.get("x-should-retry");
  if (!text) return std::nullopt;
  if (sso::detail::iequals(*text, "true")) return true;
  if (sso::detail::iequals(*text, "false")) return false;
  return std::nullopt;
}

}  // namespace detail

SSO_DECL outcome outcome_of_status(unsigned status) noexcept {
  // A 303 is sent after the request was executed (RFC 9110 §15.4.4).
  const bool refused = status < 500 && status >= 300 && status != 303 && status != 408;
  return refused || status == 503 ? outcome::rejected : outcome::maybe_executed;
}

SSO_DECL outcome outcome_of(const http::response& response) noexcept {
  const bool unprocessed = detail::should_retry(response.headers).value_or(false);
  return unprocessed ? outcome::rejected : outcome_of_status(response.status);
}

SSO_DECL outcome worse_of(outcome a, outcome b) noexcept {
  if (a == outcome::maybe_executed || b == outcome::maybe_executed) return outcome::maybe_executed;
  return a == outcome::rejected || b == outcome::rejected ? outcome::rejected : outcome::not_sent;
}

SSO_DECL attempt_report report_on(const result<http::response>& response, bool replayable,
                                  std::chrono::system_clock::time_point wall_now) {
  attempt_report report;
  report.replayable = replayable;
  if (!response) {
    const auto failed = response.error();
    report.failure = static_cast<errc>(failed.code().value());
    report.outcome = failed.outcome();
    report.status = failed.status();
    report.server_wait = failed.retry_after();
    return report;
  }
  report.status = response->status;
  report.outcome = outcome_of(*response);
  report.server_wait = http::retry_after(response->status, response->headers, wall_now);
  report.should_retry = detail::should_retry(response->headers);
  return report;
}

SSO_DECL bool is_transient_status(unsigned status) noexcept {
  return status == 408 || status == 429 || status >= 500;
}

SSO_DECL bool is_transient(const attempt_report& report) noexcept {
  if (report.should_retry) return *report.should_retry;
  if (report.failure != errc{}) return belongs_to(report.failure, condition::retryable);
  return is_transient_status(report.status);
}

SSO_DECL bool is_safe_to_retry(const attempt_report& report) noexcept {
  return report.replayable || report.outcome == outcome::not_sent || report.status == 429 ||
         report.status == 503 || report.should_retry.value_or(false);
}

SSO_DECL std::chrono::steady_clock::duration backoff(const retry_policy& policy, unsigned retries_done,
                                                     std::uint64_t random) noexcept {
  using std::chrono::steady_clock;
  const auto most = sso::detail::clamp_duration(policy.max_backoff);
  auto bound = std::min(sso::detail::clamp_duration(policy.initial_backoff), most);
  for (unsigned i = 0; i != retries_done && bound < most; ++i) bound *= 2;
  bound = std::min(bound, most);
  constexpr double scale = 1.0 / 9007199254740992.0;  // 2^-53 maps 53 bits to [0, 1)
  const auto fraction = static_cast<double>(random >> 11) * scale;
  return steady_clock::duration{
      static_cast<steady_clock::rep>(static_cast<double>(bound.count()) * fraction)};
}

SSO_DECL std::optional<std::chrono::steady_clock::duration> decide(const retry_policy& policy,
                                                                   const attempt_report& report,
                                                                   const retry_allowance& allowance,
                                                                   std::uint64_t random) noexcept {
  if (allowance.retries_left == 0 || !is_transient(report) || !is_safe_to_retry(report)) return std::nullopt;
  if (report.server_wait && *report.server_wait > policy.max_server_wait) return std::nullopt;
  // A stated wait of zero becomes a backoff with jitter, so that clients do not retry all at once.
  const bool stated = report.server_wait && report.server_wait->count() > 0;
  const auto wait = stated ? *report.server_wait : backoff(policy, allowance.retries_done, random);
  if (wait >= allowance.time_left) return std::nullopt;
  return wait;
}

}  // namespace sso::pipeline
