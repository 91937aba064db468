// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/json/describe.hpp>
#include <sso/result.hpp>

#include <optional>
#include <string_view>
#include <utility>

namespace sso::json {
namespace detail {

/// Precondition: `target` is in its default state.
[[nodiscard]] SSO_DECL std::optional<error> decode(std::string_view text, const type& type, void* target);

}  // namespace detail

/// Decodes `text` into `target`. Precondition: `target` is in its default state.
///
/// Accepts unknown members and enumeration values. The last of duplicate members is used. Arrays and objects
/// may be nested 32 deep. The caller limits the size of the text.
///
/// Errors: `decode_failed` with the outcome `maybe_executed`. If the text is incomplete, not JSON (RFC 8259)
/// or not valid UTF-8, the message names the offset in bytes, and the cause is the parser's error. If the
/// JSON is not a `T`, the message names the path and the expected type:
/// `protocols.oauth2.scopes_supported[1]: expected string`, `id: required member is missing`. After an error
/// `target` is valid, but its value is unspecified.
template <class T>
[[nodiscard]] result<void> decode_into(std::string_view text, T& target) {
  if (auto failure = detail::decode(text, detail::type_of<T>, &target)) return std::move(*failure);
  return {};
}

/// Decodes a `T`; see `decode_into`.
template <class T>
[[nodiscard]] result<T> decode(std::string_view text) {
  result<T> out{boost::system::in_place_value};
  if (auto failure = detail::decode(text, detail::type_of<T>, &*out)) out = std::move(*failure);
  return out;
}

}  // namespace sso::json

#if defined(SSO_HEADER_ONLY)
#include <sso/json/impl/decode.ipp>
#endif
