// SPDX-License-Identifier: BSL-1.0
#include "escape.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>
#include <boost/locale/utf.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace ssoctl {
namespace {

std::string hex(std::uint32_t value, std::size_t digits) {
  constexpr std::string_view figures = "0123456789abcdef";
  std::string out(digits, '0');
  for (std::size_t i = digits; i-- != 0; value >>= 4) out[i] = figures[value & 0xf];
  return out;
}

struct character {
  std::uint32_t code = 0;
  std::size_t size = 0;  ///< 0: invalid UTF-8
};

/// The first character of a non-empty text (RFC 3629).
character first_of(std::string_view text) {
  namespace utf = boost::locale::utf;
  auto at = text.begin();
  const auto code = utf::utf_traits<char>::decode(at, text.end());
  if (code == utf::illegal || code == utf::incomplete) return {};
  return {code, static_cast<std::size_t>(at - text.begin())};
}

/// Whether the character can mislead a terminal or a reader.
bool is_harmful(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7f && code <= 0x9f) ||      // C0, DEL, C1
         code == 0x61c || code == 0x200e || code == 0x200f ||  // direction marks
         (code >= 0x2028 && code <= 0x202e) ||                 // line ends, embeddings, overrides
         (code >= 0x2066 && code <= 0x2069);                   // isolates
}

template <class Escape>
std::string escaped(std::string_view text, Escape escape) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto next = first_of(text);
    const auto size = std::max<std::size_t>(next.size, 1);
    if (next.size == 0 || is_harmful(next.code)) {
      out += escape(next, static_cast<unsigned char>(text[0]));
    } else {
      out.append(text.substr(0, size));
    }
    text.remove_prefix(size);
  }
  return out;
}

}  // namespace

std::string terminal_safe(std::string_view text) {
  return escaped(text, [](character c, unsigned char byte) {
    return c.size < 2 ? "\\x" + hex(byte, 2) : "\\u{" + hex(c.code, 4) + '}';
  });
}

std::string json_string(std::string_view text) {
  const auto quoted = boost::json::serialize(boost::json::value(boost::json::string{text}));
  return escaped(quoted, [](character c, unsigned char) {
    return c.size == 0 ? std::string{"\\ufffd"} : "\\u" + hex(c.code, 4);
  });
}

}  // namespace ssoctl
