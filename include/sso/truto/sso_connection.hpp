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

/// Protocol between Truto and the identity provider.
enum class protocol : std::uint8_t { saml, oidc };

/// The identity provider's configuration. The protocol determines which members are present. Secrets are
/// never returned.
struct config {
  std::optional<std::string> idp_entity_id;  ///< SAML
  std::optional<std::string> idp_sso_url;    ///< SAML
  std::optional<std::string> idp_x509_cert;  ///< SAML; PEM
  std::optional<bool> sign_authn_requests;   ///< SAML; absent means false; compare with `== true`
  std::optional<bool> allow_idp_initiated;   ///< SAML; absent means false; compare with `== true`
  std::optional<std::string> issuer;         ///< OpenID Connect
  std::optional<std::string> client_id;      ///< OpenID Connect
  std::optional<std::string> discovery_url;  ///< OpenID Connect

  friend bool operator==(const config&, const config&) = default;
};

/// An SSO connection of a team.
struct sso_connection {
  std::string id;                                      ///< a UUID
  std::optional<std::string> team_id;                  ///< a UUID
  std::optional<open_enum<truto::protocol>> protocol;  ///< unknown values are kept
  std::optional<bool> is_active;                       ///< whether it may be used; compare with `== true`
  /// Whether users of its verified domains must sign in through it; compare with `== true`.
  std::optional<bool> enforced;
  std::optional<bool> is_default;           ///< whether it is the team's default; compare with `== true`
  std::optional<truto::config> config;      ///< without secrets
  std::optional<std::string> default_role;  ///< of users created through it, e.g. `member`
  std::optional<std::vector<std::string>>
      default_environment_ids;          ///< environments of users created through it
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
