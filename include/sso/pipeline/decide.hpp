// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/errc.hpp>
#include <sso/http/response.hpp>
#include <sso/result.hpp>
#include <sso/retry_policy.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

namespace sso::pipeline {

/// Inputs to the retry decision: how an attempt ended.
struct attempt_report {
  unsigned status = 0;  ///< of the response; 0 if there is none
  errc failure{};       ///< set if there is no response, or no token in it
  sso::outcome outcome = outcome::not_sent;
  bool replayable = false;           ///< sending the request twice does no more than sending it once
  std::optional<bool> should_retry;  ///< the server's `x-should-retry`
  std::optional<std::chrono::milliseconds> server_wait;
};

/// Inputs to the retry decision: the call's remaining retries and time.
struct retry_allowance {
  unsigned retries_done = 0;
  unsigned retries_left = 0;
  std::chrono::steady_clock::duration time_left{};
};

/// Whether the server may have acted on a request whose response has `status`.
[[nodiscard]] SSO_DECL outcome outcome_of_status(unsigned status) noexcept;

/// Whether the server may have acted on the request. After `x-should-retry: true` it has not, for any status.
[[nodiscard]] SSO_DECL outcome outcome_of(const http::response& response) noexcept;

/// The more serious of two outcomes of one call: `maybe_executed`, then `rejected`, then `not_sent`.
[[nodiscard]] SSO_DECL outcome worse_of(outcome a, outcome b) noexcept;

/// The report on an attempt. `wall_now` is the reference for a `Retry-After` date.
[[nodiscard]] SSO_DECL attempt_report report_on(const result<http::response>& response, bool replayable,
                                                std::chrono::system_clock::time_point wall_now);

/// Whether a status is transient: 408, 429, and 500 or more. 409 is not.
[[nodiscard]] SSO_DECL bool is_transient_status(unsigned status) noexcept;

/// Whether the failure is transient: the connection failed or timed out, or the status is transient. The
/// server's `x-should-retry` overrides the status.
[[nodiscard]] SSO_DECL bool is_transient(const attempt_report& report) noexcept;

/// Whether a retry is safe: the request is replayable, no byte of it was written, or the response says that
/// it was not processed (429, 503, `x-should-retry: true`).
[[nodiscard]] SSO_DECL bool is_safe_to_retry(const attempt_report& report) noexcept;

/// The wait before retry number `retries_done + 1`: uniformly distributed from zero to
/// `initial_backoff * 2^retries_done`, at most `max_backoff`. `random` is 64 uniformly distributed bits.
[[nodiscard]] SSO_DECL std::chrono::steady_clock::duration
backoff(const retry_policy& policy, unsigned retries_done, std::uint64_t random) noexcept;

/// The wait before the next attempt; empty if there is no retry. A wait requested by the server is never
/// shortened: if it exceeds `max_server_wait` or the time left, the call ends. A requested wait of zero is
/// ignored.
[[nodiscard]] SSO_DECL std::optional<std::chrono::steady_clock::duration>
decide(const retry_policy& policy, const attempt_report& report, const retry_allowance& allowance,
       std::uint64_t random) noexcept;

}  // namespace sso::pipeline

#if defined(SSO_HEADER_ONLY)
#include <sso/pipeline/impl/decide.ipp>
#endif
