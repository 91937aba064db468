// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>

namespace sso::detail {

/// The duration as the monotonic clock counts it, at most a year: for "no limit" people write values to which
/// no time can be added, and some that do not even fit.
template <class Rep, class Period>
[[nodiscard]] constexpr std::chrono::steady_clock::duration
bounded(std::chrono::duration<Rep, Period> d) noexcept {
  constexpr std::chrono::hours year{24 * 365};
  if (d > year) return year;
  if (d < -year) return -year;
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(d);
}

}  // namespace sso::detail
