// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

/// Character classes of protocol text. `<cctype>` depends on the locale; protocols do not.
namespace sso::detail {

[[nodiscard]] constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
[[nodiscard]] constexpr bool is_alpha(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
[[nodiscard]] constexpr bool is_alnum(char c) noexcept {
  return is_digit(c) || is_alpha(c);
}
[[nodiscard]] constexpr bool is_hex(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
[[nodiscard]] constexpr char to_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

[[nodiscard]] constexpr bool iequals(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i != a.size(); ++i) {
    if (to_lower(a[i]) != to_lower(b[i])) return false;
  }
  return true;
}

/// Whether all characters are VCHAR (RFC 5234 B.1): visible ASCII without space.
[[nodiscard]] constexpr bool is_visible_ascii(std::string_view text) noexcept {
  for (const char c : text) {
    if (c <= 0x20 || c >= 0x7f) return false;
  }
  return true;
}

/// Whether the character is CTL (RFC 5234 B.1).
[[nodiscard]] constexpr bool is_control(char c) noexcept {
  const auto u = static_cast<unsigned char>(c);
  return u < 0x20 || u == 0x7f;
}

/// Whether the text contains a control character, such as a line end.
[[nodiscard]] constexpr bool has_control(std::string_view text) noexcept {
  for (const char c : text) {
    if (is_control(c)) return true;
  }
  return false;
}

using character_set = std::array<bool, 256>;

/// The set of letters, digits and `others`.
[[nodiscard]] constexpr character_set alphanumeric_and(std::string_view others) noexcept {
  character_set set{};
  for (const char c : others) set[static_cast<unsigned char>(c)] = true;
  for (unsigned char c = 0; c != 128; ++c) set[c] = set[c] || is_alnum(static_cast<char>(c));
  return set;
}

/// Whether all characters of `text` are in `set`. No early exit, because most text is valid.
[[nodiscard]] constexpr bool all_in(std::string_view text, const character_set& set) noexcept {
  bool all = true;
  for (const char c : text) all &= set[static_cast<unsigned char>(c)];
  return all;
}

/// The characters of a token (RFC 9110 §5.6.2).
inline constexpr character_set token_characters = alphanumeric_and("!#$%&'*+-.^_`|~");

/// Whether all bytes are ASCII. Reads 32 at a time.
[[nodiscard]] inline bool is_ascii(std::string_view text) noexcept {
  std::uint64_t any = 0;
  for (; text.size() >= 32; text.remove_prefix(32)) {
    std::array<std::uint64_t, 4> words;
    std::memcpy(words.data(), text.data(), sizeof words);
    any |= words[0] | words[1] | words[2] | words[3];
  }
  for (const char c : text) any |= static_cast<unsigned char>(c);
  return (any & 0x8080'8080'8080'8080) == 0;
}

[[nodiscard]] constexpr std::string_view trim(std::string_view text) noexcept {
  constexpr std::string_view space = " \t\r\n";
  const auto first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

/// Escapes untrusted text for one log line: control characters, DEL and C1 (in UTF-8) become `\xNN`. Text
/// over `limit` bytes is cut at a UTF-8 boundary and ends with `...`.
[[nodiscard]] inline std::string printable(std::string_view text, std::size_t limit = 300) {
  std::string out;
  bool cut = false;
  if (text.size() > limit) {
    cut = true;
    while (limit != 0 && (static_cast<unsigned char>(text[limit]) & 0xc0) == 0x80) --limit;
    text = text.substr(0, limit);
  }
  out.reserve(text.size());
  unsigned char before = 0;
  for (std::size_t i = 0; i != text.size(); ++i) {
    const auto u = static_cast<unsigned char>(text[i]);
    const auto next = static_cast<unsigned char>(i + 1 == text.size() ? 0 : text[i + 1]);
    const bool c1 = (u == 0xc2 && (next & 0xe0) == 0x80) || (before == 0xc2 && (u & 0xe0) == 0x80);
    before = u;
    if (!is_control(text[i]) && !c1) {
      out += text[i];
    } else {
      constexpr char hex[] = "0123456789abcdef";
      out.append("\\x") += hex[u >> 4];
      out += hex[u & 0xf];
    }
  }
  if (cut) out += "...";
  return out;
}

}  // namespace sso::detail
