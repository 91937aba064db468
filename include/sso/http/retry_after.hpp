// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/http/headers.hpp>

#include <chrono>
#include <optional>

namespace sso::http {

/// How long a response asks its client to wait before the next request, or nothing if it does not say.
///
/// Read in this order, the first well-formed one counts: `Retry-After-Ms` (milliseconds, fraction allowed),
/// `Retry-After` (RFC 9110 §10.2.3: seconds, here with a fraction, or an HTTP-date, measured from
/// `wall_now`), and for status 429 `ratelimit-reset` (seconds until the window opens). A date in the past is
/// zero; negative and malformed values are passed over; what is over a year counts as a year. Rounded up to
/// milliseconds.
[[nodiscard]] SSO_DECL std::optional<std::chrono::milliseconds>
retry_after(unsigned status, const headers& headers, std::chrono::system_clock::time_point wall_now);

}  // namespace sso::http

#if defined(SSO_HEADER_ONLY)
#include <sso/http/impl/retry_after.ipp>
#endif
