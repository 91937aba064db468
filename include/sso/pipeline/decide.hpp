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
  unsigned status = 0;  ///< of its response; 0: there was none
  errc failure{};       ///< why there was no response, or why the token endpoint gave no token
  sso::outcome outcome = outcome::not_sent;
  bool replayable = false;           ///< sending the request twice does no more than sending it once
  std::optional<bool> should_retry;  ///< the server's `x-should-retry`
  std::optional<std::chrono::milliseconds> server_wait;
};

/// Inputs to the retry decision: what the call has left.
struct retry_allowance {
  unsigned retries_done = 0;
  unsigned retries_left = 0;
  std::chrono::steady_clock::duration time_left{};
};

/// Whether the server may have acted on a request whose response has `status`.
[[nodiscard]] SSO_DECL outcome outcome_of_status(unsigned status) noexcept;

/// The same for a whole response: `x-should-retry: true` says that the request was not processed, whatever the
/// status.
[[nodiscard]] SSO_DECL outcome outcome_of(const http::response& response) noexcept;

/// The more serious of two outcomes of one call: `maybe_executed`, then `rejected`, then `not_sent`.
[[nodiscard]] SSO_DECL outcome graver(outcome a, outcome b) noexcept;

/// The report on an attempt. A `Retry-After` date is measured from `wall_now`.
[[nodiscard]] SSO_DECL attempt_report report_on(const result<http::response>& response, bool replayable,
                                                std::chrono::system_clock::time_point wall_now);

/// Whether a status says that another attempt could succeed: 408, 429 and from 500 on. A 409 does not.
[[nodiscard]] SSO_DECL bool is_transient_status(unsigned status) noexcept;

/// Whether another attempt could succeed: the connection failed or timed out, or the status is transient. The
/// server's `x-should-retry` overrides the status.
[[nodiscard]] SSO_DECL bool is_transient(const attempt_report& report) noexcept;

/// Whether a retry cannot execute the call twice: the request is replayable, no byte of it was written, or
/// the response says that it was not processed (429, 503, `x-should-retry: true`).
[[nodiscard]] SSO_DECL bool is_safe_to_repeat(const attempt_report& report) noexcept;

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
