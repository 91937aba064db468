// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>

namespace sso::detail {

/// Clamps a duration to plus or minus a year. "No limit" is often written as the greatest duration, which
/// would overflow when added to a time point.
template <class Rep, class Period>
[[nodiscard]] constexpr std::chrono::steady_clock::duration
clamp_duration(std::chrono::duration<Rep, Period> d) noexcept {
  constexpr std::chrono::hours year{24 * 365};
  if (d > year) return year;
  if (d < -year) return -year;
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(d);
}

}  // namespace sso::detail
