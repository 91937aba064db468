// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/ensure.hpp>
#include <sso/json/encode.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sso::json {

/// The changes from one JSON object to another.
struct difference {
  std::string patch;  ///< a JSON merge patch (RFC 7396) with the members that differ; `{}` if there are none
  std::vector<member_change> changes;  ///< the same members as a list
};

namespace detail {

[[nodiscard]] SSO_DECL difference differ(std::string_view wanted, std::string_view current);

}  // namespace detail

/// Compares the members present in `wanted` with those of `current`. Ignores other members, the order of
/// arrays, and the white space in members named `idp_x509_cert`, because servers change it in PEM. A null in
/// `wanted` differs from a value. Both classes need a description.
template <class Wanted, class Current>
[[nodiscard]] difference differ(const Wanted& wanted, const Current& current) {
  return detail::differ(encode(wanted), encode(current));
}

}  // namespace sso::json

#if defined(SSO_HEADER_ONLY)
#include <sso/json/impl/difference.ipp>
#endif
