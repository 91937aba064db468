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

/// The text of a UUID, without a final zero.
using uuid_text = std::array<char, 36>;

/// The first 36 characters; behind the end of a shorter text, zeros.
[[nodiscard]] constexpr uuid_text to_uuid_text(std::string_view text) noexcept {
  uuid_text out{};
  text.copy(out.data(), out.size());
  return out;
}

[[nodiscard]] inline std::string to_string(const uuid_text& text) {
  return {text.data(), text.size()};
}

/// Eight hexadecimal digits, the first of them in the lowest byte: all digits are made at once.
[[nodiscard]] constexpr std::uint64_t hex_digits(std::uint32_t bits) noexcept {
  constexpr std::uint64_t ones = 0x0101'0101'0101'0101;
  std::uint64_t x = bits;
  x = ((x & 0x0000'ffff) << 32) | (x >> 16);
  x = ((x & 0x0000'00ff'0000'00ff) << 16) | ((x >> 8) & 0x0000'00ff'0000'00ff);
  x = ((x & 0x000f'000f'000f'000f) << 8) | ((x >> 4) & 0x000f'000f'000f'000f);
  const std::uint64_t letters = ((x + ones * 6) >> 4) & ones;
  return x + ones * '0' + letters * ('a' - '0' - 10);
}

/// A version 4 UUID (RFC 4122 §4.4) of 128 random bits, six of which it overwrites.
[[nodiscard]] constexpr uuid_text make_uuid(std::uint64_t high, std::uint64_t low) noexcept {
  high = (high & 0xffff'ffff'ffff'0fffULL) | 0x4000ULL;
  low = (low & 0x3fff'ffff'ffff'ffffULL) | 0x8000'0000'0000'0000ULL;
  uuid_text out{};
  out.fill('-');
  const auto put = [&out](std::size_t at, std::size_t digits, std::uint64_t text) {
    for (std::size_t i = 0; i != digits; ++i, text >>= 8) out[at + i] = static_cast<char>(text & 0xff);
  };
  const auto first = hex_digits(static_cast<std::uint32_t>(high >> 32));
  const auto second = hex_digits(static_cast<std::uint32_t>(high));
  const auto third = hex_digits(static_cast<std::uint32_t>(low >> 32));
  const auto fourth = hex_digits(static_cast<std::uint32_t>(low));
  put(0, 8, first);
  put(9, 4, second);
  put(14, 4, second >> 32);
  put(19, 4, third);
  put(24, 4, third >> 32);
  put(28, 8, fourth);
  return out;
}

/// One of the random bits of a runtime.
template <class Runtime>
[[nodiscard]] uuid_text draw_uuid(Runtime& runtime) {
  const auto high = runtime.random();
  return make_uuid(high, runtime.random());
}

}  // namespace sso::detail
