// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <chrono>
#include <optional>
#include <string_view>

namespace sso {

/// Reads an HTTP date in any of its three forms (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`, the
/// obsolete `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`.
///
/// The name of the day must be one, but need not be the right one. Of a two-digit year the century is the one
/// in which the day has that name, 1970 to 2069 where it has it in neither. Nothing for all other text.
[[nodiscard]] SSO_DECL std::optional<std::chrono::sys_seconds>
parse_http_date(std::string_view text) noexcept;

}  // namespace sso

#if defined(SSO_HEADER_ONLY)
#include <sso/http/impl/date.ipp>
#endif
