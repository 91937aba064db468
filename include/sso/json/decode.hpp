// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/json/describe.hpp>
#include <sso/result.hpp>

#include <optional>
#include <string_view>
#include <utility>

namespace sso::json {
namespace detail {

/// Precondition: the object at `target` is as good as new.
[[nodiscard]] SSO_DECL std::optional<error> decode(std::string_view text, const type& type, void* target);

}  // namespace detail

/// Reads `text` into `target`, which is as good as new.
///
/// Members and enumeration values not known here are accepted, of a member that comes twice the last one
/// counts. At most 32 arrays and objects may lie in each other. The caller bounds the size of the text.
///
/// Errors: `decode_failed` with the outcome `maybe_executed`. Where the text is not JSON (RFC 8259), or not
/// valid UTF-8, or ends early, its message names the offset in bytes and its cause is the parser's error.
/// Where the JSON is not a `T`, it names the place and what was expected there:
/// `protocols.oauth2.scopes_supported[1]: expected string`, `id: required member is missing`. `target` is
/// then valid, but its value is unspecified.
template <class T>
[[nodiscard]] result<void> decode_into(std::string_view text, T& target) {
  if (auto failure = detail::decode(text, detail::type_of<T>, &target)) return std::move(*failure);
  return {};
}

/// Reads a `T`; see `decode_into`.
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
