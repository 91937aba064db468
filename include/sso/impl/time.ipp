// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/date_reader.hpp>
#include <sso/time.hpp>

#include <algorithm>
#include <array>
#include <cstddef>

namespace sso {
namespace detail {

inline constexpr timestamp first_timestamp = std::chrono::sys_days{std::chrono::year{0} / 1 / 1};
inline constexpr timestamp end_of_timestamps = std::chrono::sys_days{std::chrono::year{10000} / 1 / 1};

inline void write_digits(char* to, std::size_t digits, unsigned value) noexcept {
  for (; digits != 0; value /= 10) to[--digits] = static_cast<char>('0' + value % 10);
}

}  // namespace detail

SSO_DECL std::optional<timestamp> parse_timestamp(std::string_view text) noexcept {
  detail::date_reader in{text};
  const int year = in.number<4>();
  in.expect('-');
  const auto month = static_cast<unsigned>(in.number<2>());
  in.expect('-');
  const auto day = in.date(year, month, in.number<2>());
  const bool zone_optional = in.accept(' ');
  if (!zone_optional && !in.accept('t')) in.expect('T');
  const auto time = in.time_of_day();
  const auto fraction = in.accept('.') ? in.fraction() : std::chrono::milliseconds{};
  std::chrono::minutes offset{};
  if (!(zone_optional && in.at_end()) && !in.accept('Z') && !in.accept('z')) {
    const bool west = in.accept('-');
    if (!west) in.expect('+');
    const int hours = in.number<2>();
    in.expect(':');
    const int minutes = in.number<2>();
    if (hours > 23 || minutes > 59) return std::nullopt;
    offset = std::chrono::hours{west ? -hours : hours} + std::chrono::minutes{west ? -minutes : minutes};
  }
  const std::chrono::sys_seconds second = day + time - offset;
  const timestamp moment = second + fraction;
  if (!in.finished(second) || moment < detail::first_timestamp || moment >= detail::end_of_timestamps) {
    return std::nullopt;
  }
  return moment;
}

SSO_DECL std::string format_timestamp(timestamp moment) {
  moment =
      std::clamp(moment, detail::first_timestamp, detail::end_of_timestamps - std::chrono::milliseconds{1});
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{moment - day};
  std::string out = "0000-00-00T00:00:00.000Z";
  detail::write_digits(&out[0], 4, static_cast<unsigned>(static_cast<int>(date.year())));
  detail::write_digits(&out[5], 2, static_cast<unsigned>(date.month()));
  detail::write_digits(&out[8], 2, static_cast<unsigned>(date.day()));
  detail::write_digits(&out[11], 2, static_cast<unsigned>(time.hours().count()));
  detail::write_digits(&out[14], 2, static_cast<unsigned>(time.minutes().count()));
  detail::write_digits(&out[17], 2, static_cast<unsigned>(time.seconds().count()));
  detail::write_digits(&out[20], 3, static_cast<unsigned>(time.subseconds().count()));
  return out;
}

}  // namespace sso
