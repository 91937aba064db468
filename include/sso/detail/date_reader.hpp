// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>

#include <chrono>
#include <cstddef>
#include <span>
#include <string_view>

namespace sso::detail {

/// Reads a date from left to right. `finished` reports the errors of all steps.
class date_reader {
public:
  explicit date_reader(std::string_view text) noexcept : rest_{text} {}

  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

  bool accept(char c) noexcept {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect(char c) noexcept { ok_ &= accept(c); }

  void expect(std::string_view literal) noexcept {
    for (const char c : literal) expect(c);
  }

  template <std::size_t Digits>
  [[nodiscard]] int number() noexcept {
    if (rest_.size() < Digits) {
      ok_ = false;
      return 0;
    }
    int value = 0;
    for (std::size_t i = 0; i != Digits; ++i) {
      ok_ &= is_digit(rest_[i]);
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(Digits);
    return value;
  }

  /// Reads one of `names` and returns its index. Returns 0 and fails if none matches.
  [[nodiscard]] unsigned name(std::span<const std::string_view> names) noexcept {
    for (std::size_t i = 0; i != names.size(); ++i) {
      if (!rest_.starts_with(names[i])) continue;
      rest_.remove_prefix(names[i].size());
      return static_cast<unsigned>(i);
    }
    ok_ = false;
    return 0;
  }

  /// Reads 1 to 9 digits of a fraction of a second; rounds down to milliseconds.
  [[nodiscard]] std::chrono::milliseconds fraction() noexcept {
    int value = 0;
    std::size_t digits = 0;
    for (; digits != 9 && !rest_.empty() && is_digit(rest_.front()); ++digits, rest_.remove_prefix(1)) {
      if (digits < 3) value = value * 10 + (rest_.front() - '0');
    }
    if (digits == 0) ok_ = false;
    for (; digits < 3; ++digits) value *= 10;
    return std::chrono::milliseconds{value};
  }

  [[nodiscard]] std::chrono::seconds time_of_day() noexcept {
    const int hour = number<2>();
    expect(':');
    const int minute = number<2>();
    expect(':');
    const int second = number<2>();
    if (hour > 23 || minute > 59 || second > 60) ok_ = false;
    leap_ = second == 60;
    return std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second};
  }

  [[nodiscard]] std::chrono::sys_days date(int year, unsigned month, int day) noexcept {
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) {
      ok_ = false;
      return {};
    }
    return date;
  }

  /// Whether the whole text is a valid date. A leap second must be at the end of a day in UTC.
  [[nodiscard]] bool finished(std::chrono::sys_seconds moment) const noexcept {
    return ok_ && rest_.empty() && (!leap_ || std::chrono::floor<std::chrono::days>(moment) == moment);
  }

private:
  std::string_view rest_;
  bool ok_ = true;
  bool leap_ = false;
};

}  // namespace sso::detail
