// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/origin.hpp>
#include <sso/result.hpp>

#include <string>
#include <string_view>

namespace sso::http {

/// An absolute `http` or `https` URL, taken apart.
struct url {
  http::origin origin;  ///< scheme in lower case, port even where it is not written
  std::string path;     ///< as written, percent-encoded, without trailing slashes; may be empty

  friend bool operator==(const url&, const url&) = default;
};

/// Whether a server may take the segment for `.` or `..` (RFC 3986 §5.2.4), written out or percent-encoded.
[[nodiscard]] SSO_DECL bool is_dot_segment(std::string_view segment) noexcept;

/// Reads a URL that requests are built on: scheme and host required, no user information, query or fragment,
/// no dot segments. `parameter` is the name that an error calls it by. Errors: `invalid_argument` naming the
/// parameter and the rule.
[[nodiscard]] SSO_DECL result<url> parse_url(std::string_view text, std::string_view parameter);

/// Checks a path, with query if any, that a caller wrote out: origin-form (RFC 9112 §3.2.1), already
/// percent-encoded, and without segments of one or two dots (RFC 3986 §5.2.4), however they are written.
/// Errors: `invalid_argument` naming the parameter and the rule.
[[nodiscard]] SSO_DECL result<void> check_path(std::string_view path, std::string_view parameter);

/// Percent-encodes `text` as one path segment (RFC 3986 §3.3): all but unreserved characters, sub-delimiters,
/// colon and at sign.
[[nodiscard]] SSO_DECL std::string encode_segment(std::string_view text);

/// Percent-encodes `text` as a name or value of a query: all but unreserved characters (RFC 3986 §2.3).
[[nodiscard]] SSO_DECL std::string encode_query(std::string_view text);

/// A URL of foreign origin as far as it may be printed: scheme, host, port and path; nothing of user
/// information, query and fragment, and `(unreadable)` if it is none.
[[nodiscard]] SSO_DECL std::string without_secrets(std::string_view url);

}  // namespace sso::http

#if defined(SSO_HEADER_ONLY)
#include <sso/http/impl/url.ipp>
#endif
