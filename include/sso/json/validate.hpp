// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/json/describe.hpp>

#include <optional>
#include <string>

namespace sso::json {

/// A rule that is broken, and where. Holds of the value that breaks it at most a number, never text.
struct fault {
  std::string path;  ///< e.g. `protocols.oauth2.scopes_supported[1]`
  std::string rule;  ///< e.g. `must have 1 to 2048 characters, but has 2049`

  friend bool operator==(const fault&, const fault&) = default;
};

namespace detail {

[[nodiscard]] SSO_DECL std::optional<fault> validate(const type& type, const void* value);

}  // namespace detail

/// The first rule of its description that `value` breaks, in the order of the members; nothing if it keeps
/// all. For every string, keys of maps included, there is the further rule that it is valid UTF-8.
template <class T>
[[nodiscard]] std::optional<fault> validate(const T& value) {
  return detail::validate(detail::type_of<T>, &value);
}

}  // namespace sso::json

#if defined(SSO_HEADER_ONLY)
#include <sso/json/impl/validate.ipp>
#endif
