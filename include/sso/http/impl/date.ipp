// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/date_reader.hpp>
#include <sso/http/date.hpp>

#include <array>

namespace sso {
namespace http::detail {

inline constexpr std::array<std::string_view, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
inline constexpr std::array<std::string_view, 7> day_names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
inline constexpr std::array<std::string_view, 7> long_day_names{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                                "Thursday", "Friday", "Saturday"};

}  // namespace http::detail

SSO_DECL std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) noexcept {
  sso::detail::date_reader in{text};
  std::chrono::sys_seconds moment;
  if (const auto comma = text.find(','); comma == std::string_view::npos) {  // asctime
    (void)in.name(http::detail::day_names);
    in.expect(' ');
    const auto month = in.name(http::detail::month_names) + 1;
    in.expect(' ');
    const int day = in.accept(' ') ? in.number<1>() : in.number<2>();
    in.expect(' ');
    const auto time = in.time_of_day();
    in.expect(' ');
    moment = in.date(in.number<4>(), month, day) + time;
  } else if (comma == 3) {  // IMF-fixdate
    (void)in.name(http::detail::day_names);
    in.expect(", ");
    const int day = in.number<2>();
    in.expect(' ');
    const auto month = in.name(http::detail::month_names) + 1;
    in.expect(' ');
    const auto date = in.date(in.number<4>(), month, day);
    in.expect(' ');
    moment = date + in.time_of_day();
    in.expect(" GMT");
  } else {  // RFC 850
    const std::chrono::weekday weekday{in.name(http::detail::long_day_names)};
    in.expect(", ");
    const int day = in.number<2>();
    in.expect('-');
    const auto month = in.name(http::detail::month_names) + 1;
    in.expect('-');
    const int year = in.number<2>();
    in.expect(' ');
    const auto time = in.time_of_day();
    in.expect(" GMT");
    const auto fits = [&](int century) {
      const auto date = std::chrono::year{century + year} / static_cast<int>(month) / day;
      return date.ok() && std::chrono::weekday{date} == weekday;
    };
    const int century = fits(2000) ? 2000 : fits(1900) ? 1900 : year < 70 ? 2000 : 1900;
    moment = in.date(century + year, month, day) + time;
  }
  if (!in.finished(moment)) return std::nullopt;
  return moment;
}

}  // namespace sso
