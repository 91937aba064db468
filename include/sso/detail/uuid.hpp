// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>

#include <array>
#include <cstddef>
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

/// The text of a UUID, without a terminating zero.
using uuid_text = std::array<char, 36>;

/// The first 36 characters of `text`, padded with zeros.
[[nodiscard]] constexpr uuid_text to_uuid_text(std::string_view text) noexcept {
  uuid_text out{};
  text.copy(out.data(), out.size());
  return out;
}

[[nodiscard]] inline std::string to_string(const uuid_text& text) {
  return {text.data(), text.size()};
}

/// A version 4 UUID (RFC 4122 §4.4) from 128 random bits. Six of them are overwritten.
[[nodiscard]] constexpr uuid_text make_uuid(std::uint64_t high, std::uint64_t low) noexcept {
  high = (high & 0xffff'ffff'ffff'0fffULL) | 0x4000ULL;
  low = (low & 0x3fff'ffff'ffff'ffffULL) | 0x8000'0000'0000'0000ULL;
  uuid_text out{};
  std::size_t at = 0;
  const auto put = [&](std::uint64_t word, unsigned first, unsigned digits) {
    for (unsigned i = 0; i != digits; ++i)
      out[at++] = "0123456789abcdef"[(word >> (60 - 4 * (first + i))) & 0xf];
  };
  put(high, 0, 8);
  out[at++] = '-';
  put(high, 8, 4);
  out[at++] = '-';
  put(high, 12, 4);
  out[at++] = '-';
  put(low, 0, 4);
  out[at++] = '-';
  put(low, 4, 12);
  return out;
}

/// A version 4 UUID from the runtime's random bits.
template <class Runtime>
[[nodiscard]] uuid_text draw_uuid(Runtime& runtime) {
  const auto high = runtime.random();
  return make_uuid(high, runtime.random());
}

}  // namespace sso::detail
