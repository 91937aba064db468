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

}  // namespace sso

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/time.ipp>
#endif
