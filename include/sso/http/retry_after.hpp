// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/http/headers.hpp>

#include <chrono>
#include <optional>

namespace sso::http {

/// The time that a response asks the client to wait before the next request; empty if it does not ask.
///
/// The first well-formed field counts, in this order:
/// - `Retry-After-Ms`: milliseconds, with an optional fraction;
/// - `Retry-After` (RFC 9110 §10.2.3): seconds, here with an optional fraction, or an HTTP-date. The date is
///   compared with the response's `Date`, or with `wall_now` if there is none;
/// - `ratelimit-reset`, for status 429 only: seconds until the window opens.
///
/// A date in the past gives zero. Negative and malformed values are ignored. More than a year is reduced to a
/// year. The result is rounded up to milliseconds.
[[nodiscard]] SSO_DECL std::optional<std::chrono::milliseconds>
retry_after(unsigned status, const headers& headers, std::chrono::system_clock::time_point wall_now);

}  // namespace sso::http

#if defined(SSO_HEADER_ONLY)
#include <sso/http/impl/retry_after.ipp>
#endif
