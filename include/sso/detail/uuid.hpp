// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace sso::detail {

/// Whether `text` is a UUID in its text form (RFC 4122 §3), of any version and case.
[[nodiscard]] constexpr bool is_uuid(std::string_view text) noexcept {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i != text.size(); ++i) {
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    if (hyphen ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return true;
}

/// A version 4 UUID (RFC 4122 §4.4) of 128 random bits, six of which it overwrites.
[[nodiscard]] inline std::string make_uuid(std::uint64_t high, std::uint64_t low) {
  high = (high & 0xffff'ffff'ffff'0fffULL) | 0x4000ULL;
  low = (low & 0x3fff'ffff'ffff'ffffULL) | 0x8000'0000'0000'0000ULL;
  std::string out(36, '-');
  const auto put = [&out](std::size_t at, std::size_t digits, std::uint64_t bits) {
    while (digits-- != 0) {
      out[at + digits] = "0123456789abcdef"[bits & 0xf];
      bits >>= 4;
    }
  };
  put(0, 8, high >> 32);
  put(9, 4, high >> 16);
  put(14, 4, high);
  put(19, 4, low >> 48);
  put(24, 12, low);
  return out;
}

}  // namespace sso::detail
