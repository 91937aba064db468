// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/time.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sso::keycard {

/// OAuth 2.0 endpoints and abilities of the identity provider. Members the provider's metadata does not have
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

/// How the identity provider is spoken to, per protocol.
struct protocols {
  std::optional<oauth2_protocol> oauth2;  ///< empty: none was set
  std::optional<openid_protocol> openid;  ///< empty: none was set

  friend bool operator==(const protocols&, const protocols&) = default;
};

/// The SSO connection of an organization. The client secret is never returned, only whether there is one.
struct sso_connection {
  std::string id;                        ///< the server's; opaque
  std::optional<std::string> client_id;  ///< always in the answer, but may be null
  bool client_secret_set = false;        ///< whether a secret is stored; the secret itself is never returned
  timestamp created_at;                  ///< in UTC
  std::string identifier;  ///< 1 to 2048 characters, e.g. the issuer's URL; kept as the server wrote it
  timestamp updated_at;    ///< in UTC
  /// Resource type, name of a permission, whether the caller has it. Only when expanded.
  std::optional<std::map<std::string, std::map<std::string, bool>>> permissions;
  std::optional<keycard::protocols> protocols;  ///< empty: none was set

  friend bool operator==(const sso_connection&, const sso_connection&) = default;
};

}  // namespace sso::keycard
