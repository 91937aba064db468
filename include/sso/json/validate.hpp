// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/json/describe.hpp>

#include <optional>
#include <string>

namespace sso::json {

/// A broken rule and its path. Contains at most a number of the invalid value, never text.
struct fault {
  std::string path;  ///< e.g. `protocols.oauth2.scopes_supported[1]`
  std::string rule;  ///< e.g. `must have 1 to 2048 characters, but has 2049`

  friend bool operator==(const fault&, const fault&) = default;
};

namespace detail {

[[nodiscard]] SSO_DECL std::optional<fault> validate(const type& type, const void* value);

}  // namespace detail

/// The first rule that `value` breaks, in the order of its members; empty if there is none. In addition to
/// the rules of the description, strings and map keys must be valid UTF-8, and numbers finite.
template <class T>
[[nodiscard]] std::optional<fault> validate(const T& value) {
  return detail::validate(detail::type_of<T>, &value);
}

}  // namespace sso::json

#if defined(SSO_HEADER_ONLY)
#include <sso/json/impl/validate.ipp>
#endif
