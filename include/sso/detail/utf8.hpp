// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace sso::detail {

/// The number of Unicode code points in `text`, or nothing if it is not valid UTF-8 (RFC 3629).
[[nodiscard]] SSO_DECL std::optional<std::size_t> count_code_points(std::string_view text) noexcept;

}  // namespace sso::detail

#if defined(SSO_HEADER_ONLY)
#include <sso/detail/impl/utf8.ipp>
#endif
