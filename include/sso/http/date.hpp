// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <chrono>
#include <optional>
#include <string_view>

namespace sso {

/// Parses an HTTP date in any of its three forms (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`, the
/// obsolete `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`.
///
/// The name of the day must be valid, but may be the wrong day. A two-digit year is in the century in which
/// its date falls on that day, or in 1970 to 2069 if there is none. Returns nothing for any other text.
[[nodiscard]] SSO_DECL std::optional<std::chrono::sys_seconds>
parse_http_date(std::string_view text) noexcept;

}  // namespace sso

#if defined(SSO_HEADER_ONLY)
#include <sso/http/impl/date.ipp>
#endif
