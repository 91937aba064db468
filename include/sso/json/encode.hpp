// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/json/describe.hpp>

#include <string>

namespace sso::json {
namespace detail {

[[nodiscard]] SSO_DECL std::string encode(const type& type, const void* value);

}  // namespace detail

/// Writes `value` as JSON without white space, in the order of its description. Omits kept members (`field`)
/// and empty ones (`std::optional`); cleared ones are `null`.
///
/// Precondition: `validate(value)` finds no fault.
template <class T>
[[nodiscard]] std::string encode(const T& value) {
  return detail::encode(detail::type_of<T>, &value);
}

}  // namespace sso::json

#if defined(SSO_HEADER_ONLY)
#include <sso/json/impl/encode.ipp>
#endif
