// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/http/origin.hpp>

#include <string>
#include <string_view>

namespace sso::doctor::detail {

/// The parts of a URL. Made from any text.
struct location {
  // known for any text
  bool blank = false;          ///< empty, or only blanks
  bool blanks_around = false;  ///< has leading or trailing blanks
  bool braces = false;         ///< has `{` or `}`, also percent-encoded before the query: a placeholder
  bool user_info = false;      ///< has `user@`
  bool absolute = false;       ///< an absolute URI with a host

  // known only if `absolute`
  bool query = false;            ///< has a query, also an empty one
  bool fragment = false;         ///< has a fragment, also an empty one
  bool secure = false;           ///< https, or http on a loopback host
  bool private_address = false;  ///< the host is `localhost` or a non-public address in any notation
  std::string scheme;            ///< in lower case
  http::origin origin;           ///< the origin as written, in lower case
  http::origin server;  ///< the origin to connect to: `http://127.1` and `http://localhost.` are loopback
  std::string path;     ///< the path as written
  std::string target;   ///< the request target: path and query
};

[[nodiscard]] SSO_DECL location read_location(std::string_view text);

/// The URL as shown in a report, without user information.
[[nodiscard]] SSO_DECL std::string shown_url(std::string_view url);
/// Like `shown_url`, without query and fragment.
[[nodiscard]] SSO_DECL std::string shown_url_path(std::string_view url);

/// The URL of the issuer's discovery document (OIDC Discovery 4.1). One trailing slash of the issuer is dropped. An
/// issuer with `/.well-known/` is returned unchanged.
[[nodiscard]] SSO_DECL std::string discovery_url_of(std::string_view issuer);

}  // namespace sso::doctor::detail

#if defined(SSO_HEADER_ONLY)
#include <sso/doctor/impl/location.ipp>
#endif
