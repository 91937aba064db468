// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace sso::detail {

inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

[[nodiscard]] constexpr std::string_view without_byte_order_mark(std::string_view text) noexcept {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  return text;
}

/// The number of Unicode code points in `text`, or nothing if it is not valid UTF-8 (RFC 3629).
[[nodiscard]] SSO_DECL std::optional<std::size_t> count_code_points(std::string_view text) noexcept;

}  // namespace sso::detail

#if defined(SSO_HEADER_ONLY)
#include <sso/detail/impl/utf8.ipp>
#endif
