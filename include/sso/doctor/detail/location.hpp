// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/http/origin.hpp>

#include <string>
#include <string_view>

namespace sso::doctor::detail {

/// A URL somebody wrote, and what is notable of it. Reads any text.
struct location {
  bool absolute =
      false;           ///< an absolute URI with a host; otherwise nothing below is known, but the first four
  bool blank = false;  ///< empty, or nothing but blanks
  bool blanks_around = false;  ///< blanks before or behind it
  bool braces = false;         ///< `{` or `}`: a place-holder
  bool user_info = false;      ///< `user@`; found in unreadable text as well
  bool query = false;          ///< there is one
  bool fragment = false;       ///< there is one
  bool secure = false;         ///< https, or http on a loopback host
  bool private_address =
      false;            ///< the host is `localhost` or an address that is not public, in any notation
  std::string scheme;   ///< in lower case
  http::origin origin;  ///< of https and http
  std::string path;     ///< as written
  std::string target;   ///< path and query, to be requested
};

[[nodiscard]] SSO_DECL location read_location(std::string_view text);

/// The URL as a report may show it, without user information.
[[nodiscard]] SSO_DECL std::string shown_url(std::string_view url);
/// The same without query and fragment.
[[nodiscard]] SSO_DECL std::string shown_url_path(std::string_view url);

/// Where the discovery document of an issuer is (OIDC Discovery 4.1): one slash at the end is replaced. An issuer that
/// is itself the URL of a document stays as it is.
[[nodiscard]] SSO_DECL std::string discovery_url_of(std::string_view issuer);

}  // namespace sso::doctor::detail

#if defined(SSO_HEADER_ONLY)
#include <sso/doctor/impl/location.ipp>
#endif
