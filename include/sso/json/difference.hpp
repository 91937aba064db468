// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/ensure.hpp>
#include <sso/json/encode.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sso::json {

/// How one JSON object has to change.
struct difference {
  std::string patch;  ///< a JSON merge patch (RFC 7396) with the members that differ; `{}` if none does
  std::vector<member_change> changes;  ///< the same members, one by one
};

namespace detail {

[[nodiscard]] SSO_DECL difference differ(std::string_view wanted, std::string_view there);

}  // namespace detail

/// Compares members that `wanted` names with those of `there`; members that it does not name are not looked at. Both are
/// classes with a description. A null in `wanted` differs from a value. Arrays are compared without regard to order.
/// Members called `idp_x509_cert` are compared without regard to white space, which servers change in PEM.
template <class Wanted, class There>
[[nodiscard]] difference differ(const Wanted& wanted, const There& there) {
  return detail::differ(encode(wanted), encode(there));
}

}  // namespace sso::json

#if defined(SSO_HEADER_ONLY)
#include <sso/json/impl/difference.ipp>
#endif
