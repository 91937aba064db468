// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/time.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sso::keycard {

/// OAuth 2.0 endpoints and capabilities of the identity provider. Members missing in the provider's metadata
/// are empty.
struct oauth2_protocol {
  std::optional<std::string> authorization_endpoint;                         ///< an absolute URI
  std::optional<std::vector<std::string>> code_challenge_methods_supported;  ///< e.g. `S256` (RFC 7636 §4.2)
  std::optional<std::string> jwks_uri;                                       ///< an absolute URI
  std::optional<std::string> registration_endpoint;                          ///< an absolute URI
  std::optional<std::vector<std::string>> scopes_supported;                  ///< e.g. `openid`
  std::optional<std::string> token_endpoint;                                 ///< an absolute URI

  friend bool operator==(const oauth2_protocol&, const oauth2_protocol&) = default;
};

/// OpenID Connect endpoints of the identity provider.
struct openid_protocol {
  std::optional<std::string> userinfo_endpoint;  ///< an absolute URI

  friend bool operator==(const openid_protocol&, const openid_protocol&) = default;
};

/// Protocols of the identity provider.
struct protocols {
  std::optional<oauth2_protocol> oauth2;  ///< empty: not set
  std::optional<openid_protocol> openid;  ///< empty: not set

  friend bool operator==(const protocols&, const protocols&) = default;
};

/// The SSO connection of an organization. The client secret is never returned.
struct sso_connection {
  std::string id;                        ///< assigned by the server; opaque
  std::optional<std::string> client_id;  ///< always present in the response, but may be null
  bool client_secret_set = false;        ///< whether a secret is stored
  timestamp created_at;                  ///< in UTC
  std::string identifier;  ///< 1 to 2048 characters, e.g. the issuer's URL; unchanged as received
  timestamp updated_at;    ///< in UTC
  /// Resource type, name of a permission, and whether the caller has it. Only if expanded.
  std::optional<std::map<std::string, std::map<std::string, bool>>> permissions;
  std::optional<keycard::protocols> protocols;  ///< empty: not set

  friend bool operator==(const sso_connection&, const sso_connection&) = default;
};

}  // namespace sso::keycard
