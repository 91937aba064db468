// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace sso {

/// A point in time in UTC with a resolution of milliseconds. Its range exceeds the year 2262, the limit of
/// nanoseconds in 64 bits.
using timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// Parses an RFC 3339 date-time: `2019-12-27T18:11:19.117Z`.
///
/// `T` may be `t` or a space; `Z` may be `z` or an offset (`+hh:mm`, `-hh:mm`). After a space the zone may be
/// missing and is then UTC (`2024-09-01 10:00:00`). Accepts up to 9 fractional digits and truncates to
/// milliseconds. A leap second (23:59:60 UTC) becomes the following second.
///
/// Returns nothing for any other text: dates that do not exist, times outside the years 0000 to 9999 in UTC,
/// leading or trailing characters. Does not depend on the locale. Does not allocate.
[[nodiscard]] SSO_DECL std::optional<timestamp> parse_timestamp(std::string_view text) noexcept;

/// Formats as `2019-12-27T18:11:19.117Z`, always with three fractional digits. A time outside the years 0000
/// to 9999 is clamped to the nearest one inside.
[[nodiscard]] SSO_DECL std::string format_timestamp(timestamp moment);

}  // namespace sso

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/time.ipp>
#endif
