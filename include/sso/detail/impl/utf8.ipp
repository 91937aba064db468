// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/utf8.hpp>

#include <boost/locale/utf.hpp>

namespace sso::detail {

SSO_DECL std::optional<std::size_t> count_code_points(std::string_view text) noexcept {
  namespace utf = boost::locale::utf;
  std::size_t count = 0;
  const char* p = text.data();
  const char* const end = p + text.size();
  for (; p != end; ++count) {
    const auto point = utf::utf_traits<char>::decode(p, end);
    if (point == utf::illegal || point == utf::incomplete) return std::nullopt;
  }
  return count;
}

}  // namespace sso::detail
