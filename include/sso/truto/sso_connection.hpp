// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/open_enum.hpp>
#include <sso/time.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sso::truto {

/// What a connection speaks with the identity provider.
enum class protocol : std::uint8_t { saml, oidc };

/// The identity provider's side of a connection. Which members are there depends on the protocol; secrets are
/// never returned.
struct config {
  std::optional<std::string> idp_entity_id;  ///< SAML
  std::optional<std::string> idp_sso_url;    ///< SAML
  std::optional<std::string> idp_x509_cert;  ///< SAML; PEM
  std::optional<bool> sign_authn_requests;   ///< SAML; false where left out; compare with `== true`
  std::optional<bool> allow_idp_initiated;   ///< SAML; false where left out; compare with `== true`
  std::optional<std::string> issuer;         ///< OpenID Connect
  std::optional<std::string> client_id;      ///< OpenID Connect
  std::optional<std::string> discovery_url;  ///< OpenID Connect

  friend bool operator==(const config&, const config&) = default;
};

/// An SSO connection of a team.
struct sso_connection {
  std::string id;                                      ///< a UUID
  std::optional<std::string> team_id;                  ///< a UUID
  std::optional<open_enum<truto::protocol>> protocol;  ///< a value not known today is kept
  std::optional<bool> is_active;                       ///< whether it may be used; compare with `== true`
  /// Whether users of its verified domains have to use it; compare with `== true`.
  std::optional<bool> enforced;
  std::optional<bool> is_default;           ///< whether it is the team's default one; compare with `== true`
  std::optional<truto::config> config;      ///< never with a secret
  std::optional<std::string> default_role;  ///< of users created through it, e.g. `member`
  std::optional<std::vector<std::string>>
      default_environment_ids;          ///< what users created through it get access to
  std::optional<timestamp> created_at;  ///< in UTC
  std::optional<timestamp> updated_at;  ///< in UTC

  friend bool operator==(const sso_connection&, const sso_connection&) = default;
};

}  // namespace sso::truto

template <>
struct sso::enum_names<sso::truto::protocol> {
  static constexpr std::array<std::pair<truto::protocol, std::string_view>, 2> names{
      {{truto::protocol::saml, "saml"}, {truto::protocol::oidc, "oidc"}}};
};
