// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/http/date.hpp>
#include <sso/http/retry_after.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace sso::http {
namespace detail {

/// A non-negative decimal number times `unit_in_ms`; empty if the text is anything else.
inline std::optional<std::chrono::milliseconds> parse_wait(std::string_view text, double unit_in_ms) {
  text = sso::detail::trim(text);
  double number = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  constexpr double year = 365.0 * 24 * 3600 * 1000;
  const bool too_many_digits = failed == std::errc::result_out_of_range && stop == end && text.front() >= '1';
  if (too_many_digits) return std::chrono::milliseconds{static_cast<std::int64_t>(year)};
  if (failed != std::errc{} || stop != end || !std::isfinite(number) || std::signbit(number))
    return std::nullopt;
  return std::chrono::milliseconds{static_cast<std::int64_t>(std::ceil(std::min(number * unit_in_ms, year)))};
}

}  // namespace detail

SSO_DECL std::optional<std::chrono::milliseconds>
retry_after(unsigned status, const headers& headers, std::chrono::system_clock::time_point wall_now) {
  using std::chrono::milliseconds;
  if (const auto text = headers.get("Retry-After-Ms")) {
    if (const auto wait = detail::parse_wait(*text, 1)) return wait;
  }
  if (const auto text = headers.get("Retry-After")) {
    if (const auto wait = detail::parse_wait(*text, 1000)) return wait;
    if (const auto date = parse_http_date(sso::detail::trim(*text))) {
      // Relative to the server's `Date` if present, as RFC 9111 §4.2.1 does for Expires.
      const auto sent = headers.get("Date");
      const auto theirs = sent ? parse_http_date(sso::detail::trim(*sent)) : std::nullopt;
      const auto now =
          theirs ? std::chrono::sys_time<milliseconds>{*theirs} : std::chrono::floor<milliseconds>(wall_now);
      const auto until = std::chrono::sys_time<milliseconds>{*date} - now;
      return std::clamp(milliseconds{until}, milliseconds{0}, milliseconds{std::chrono::hours{24 * 365}});
    }
  }
  if (status == 429) {
    if (const auto text = headers.get("ratelimit-reset")) return detail::parse_wait(*text, 1000);
  }
  return std::nullopt;
}

}  // namespace sso::http
