// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/origin.hpp>
#include <sso/result.hpp>

#include <string>
#include <string_view>

namespace sso::http {

/// The parts of an absolute `http` or `https` URL.
struct url {
  http::origin origin;  ///< scheme in lower case; the port is always set
  std::string path;     ///< as written, percent-encoded, without trailing slashes; may be empty

  friend bool operator==(const url&, const url&) = default;
};

/// Whether a server may interpret the segment as `.` or `..` (RFC 3986 §5.2.4), literally or percent-encoded.
[[nodiscard]] SSO_DECL bool is_dot_segment(std::string_view segment) noexcept;

/// Parses a base URL: scheme and host are required; user information, query, fragment and dot segments are
/// refused. `parameter` names the URL in errors. Errors: `invalid_argument` naming the parameter and the
/// rule.
[[nodiscard]] SSO_DECL result<url> parse_url(std::string_view text, std::string_view parameter);

/// Parses the URL of one resource. Path and query are kept as written, including a trailing slash; the query
/// is part of `url::path`. Otherwise like `parse_url`.
[[nodiscard]] SSO_DECL result<url> parse_endpoint(std::string_view text, std::string_view parameter);

/// Checks a path with an optional query, provided by the caller: origin-form (RFC 9112 §3.2.1),
/// percent-encoded, without dot segments in any notation (RFC 3986 §5.2.4). Errors: `invalid_argument` naming
/// the parameter and the rule.
[[nodiscard]] SSO_DECL result<void> check_path(std::string_view path, std::string_view parameter);

/// Percent-encodes `text` as one path segment (RFC 3986 §3.3): all characters except unreserved characters,
/// sub-delimiters, colon and at sign.
[[nodiscard]] SSO_DECL std::string encode_segment(std::string_view text);

/// Percent-encodes `text` as a query name or value: all characters except unreserved ones (RFC 3986 §2.3).
[[nodiscard]] SSO_DECL std::string encode_query(std::string_view text);

/// The printable parts of an untrusted URL: scheme, host, port and path, without user information, query and
/// fragment. `(unreadable)` if `url` is not a URL.
[[nodiscard]] SSO_DECL std::string without_secrets(std::string_view url);

class headers;

/// Describes the target of a redirect, shortened by `without_secrets`; empty if the response is not a
/// redirect.
[[nodiscard]] SSO_DECL std::string redirect_note(unsigned status, const headers& received);

}  // namespace sso::http

#if defined(SSO_HEADER_ONLY)
#include <sso/http/impl/url.ipp>
#endif
