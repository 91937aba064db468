// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace sso {

/// A moment in UTC to the millisecond. Reaches far beyond the year 2262, where nanoseconds in 64 bits end.
using timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// Reads an RFC 3339 date-time: `2019-12-27T18:11:19.117Z`.
///
/// `T` may be `t` or a space, `Z` may be `z` or an offset (`+hh:mm`, `-hh:mm`). After a space the zone may be
/// absent and is then UTC (`2024-09-01 10:00:00`). Up to 9 digits of a second's fraction are read, what is
/// finer than a millisecond is cut off. A leap second (23:59:60 UTC) becomes the second after it.
///
/// Nothing for all other text: dates that are not in the calendar, moments outside the years 0000 to 9999 in
/// UTC, anything before or after. Takes no account of the locale and allocates nothing.
[[nodiscard]] SSO_DECL std::optional<timestamp> parse_timestamp(std::string_view text) noexcept;

/// Writes `2019-12-27T18:11:19.117Z`, always with three digits of fraction. A moment outside the years 0000
/// to 9999 has no such form and is written as the nearest one that has.
[[nodiscard]] SSO_DECL std::string format_timestamp(timestamp moment);

/// Reads an HTTP date in any of its three forms (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`, the
/// obsolete `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`.
///
/// The name of the day must be one, but need not be the right one. Of a two-digit year the century is the one
/// in which the day has that name, 1970 to 2069 where it has it in neither. Nothing for all other text.
[[nodiscard]] SSO_DECL std::optional<std::chrono::sys_seconds>
parse_http_date(std::string_view text) noexcept;

}  // namespace sso

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/time.ipp>
#endif
