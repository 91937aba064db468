// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/field.hpp>
#include <sso/json/description.hpp>
#include <sso/secret.hpp>
#include <sso/truto/sso_connection.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// No member accepts `null`: the API merges the received members into the stored ones and removes nothing.

namespace sso::truto {

/// The identity provider's configuration, for `update`. Members that are not set are kept.
class config_params {
public:
  /// SAML: the identity provider's entity id, as in its metadata.
  config_params& idp_entity_id(std::string value) {
    idp_entity_id_ = std::move(value);
    return *this;
  }
  /// SAML: the single sign-on URL, an absolute URI.
  config_params& idp_sso_url(std::string value) {
    idp_sso_url_ = std::move(value);
    return *this;
  }
  /// SAML: the signing certificate, in PEM.
  config_params& idp_x509_cert(std::string value) {
    idp_x509_cert_ = std::move(value);
    return *this;
  }
  /// SAML: metadata. The server extracts `idp_entity_id`, `idp_sso_url` and `idp_x509_cert` and does not
  /// store the document.
  config_params& idp_metadata_xml(std::string value) {
    idp_metadata_xml_ = std::move(value);
    return *this;
  }
  /// SAML: whether requests to the identity provider are signed.
  config_params& sign_authn_requests(std::same_as<bool> auto value) {
    sign_authn_requests_ = value;
    return *this;
  }
  /// SAML: whether a sign-in may start at the identity provider.
  config_params& allow_idp_initiated(std::same_as<bool> auto value) {
    allow_idp_initiated_ = value;
    return *this;
  }
  /// OpenID Connect: the issuer, sent byte for byte.
  config_params& issuer(std::string value) {
    issuer_ = std::move(value);
    return *this;
  }
  /// OpenID Connect: the client id at the identity provider.
  config_params& client_id(std::string value) {
    client_id_ = std::move(value);
    return *this;
  }
  /// OpenID Connect: the URL of the discovery document, an absolute URI.
  config_params& discovery_url(std::string value) {
    discovery_url_ = std::move(value);
    return *this;
  }

  config_params& idp_entity_id(null_like auto) = delete;
  config_params& idp_sso_url(null_like auto) = delete;
  config_params& idp_x509_cert(null_like auto) = delete;
  config_params& idp_metadata_xml(null_like auto) = delete;
  config_params& sign_authn_requests(null_like auto) = delete;
  config_params& allow_idp_initiated(null_like auto) = delete;
  config_params& issuer(null_like auto) = delete;
  config_params& client_id(null_like auto) = delete;
  config_params& discovery_url(null_like auto) = delete;

private:
  friend json::description<config_params>;

  std::optional<std::string> idp_entity_id_;
  std::optional<std::string> idp_sso_url_;
  std::optional<std::string> idp_x509_cert_;
  std::optional<std::string> idp_metadata_xml_;
  std::optional<bool> sign_authn_requests_;
  std::optional<bool> allow_idp_initiated_;
  std::optional<std::string> issuer_;
  std::optional<std::string> client_id_;
  std::optional<std::string> discovery_url_;
};

/// Parameters of `update`. Members that are not set are kept.
class update_params {
public:
  /// The protocol. A value without an enumerator may be given as a string.
  update_params& protocol(open_enum<truto::protocol> value) {
    protocol_ = std::move(value);
    return *this;
  }
  /// Whether the connection may be used. Does not depend on `enforced`.
  update_params& is_active(std::same_as<bool> auto value) {
    is_active_ = value;
    return *this;
  }
  /// Whether users of the connection's verified domains must sign in through it.
  update_params& enforced(std::same_as<bool> auto value) {
    enforced_ = value;
    return *this;
  }
  /// Whether it is the team's default connection.
  update_params& is_default(std::same_as<bool> auto value) {
    is_default_ = value;
    return *this;
  }
  /// The role of users created through this connection, e.g. `member`.
  update_params& default_role(std::string value) {
    default_role_ = std::move(value);
    return *this;
  }
  /// The environments that users created through this connection get access to. Replaces the whole list.
  update_params& default_environment_ids(std::vector<std::string> values) {
    default_environment_ids_ = std::move(values);
    return *this;
  }
  /// @overload
  template <std::convertible_to<std::string>... Values>
    requires(sizeof...(Values) != 0)
  update_params& default_environment_ids(Values&&... values) {
    auto& list = default_environment_ids_.emplace();
    (list.emplace_back(std::forward<Values>(values)), ...);
    return *this;
  }
  /// The OpenID Connect client secret; never returned.
  update_params& client_secret(secret value) {
    client_secret_ = std::move(value);
    return *this;
  }
  /// @overload
  update_params& client_secret(std::string value) { return client_secret(secret{std::move(value)}); }
  /// The identity provider's configuration, merged into the stored one member by member.
  update_params& config(config_params value) {
    config_ = std::move(value);
    return *this;
  }

  update_params& protocol(null_like auto) = delete;
  update_params& is_active(null_like auto) = delete;
  update_params& enforced(null_like auto) = delete;
  update_params& is_default(null_like auto) = delete;
  update_params& default_role(null_like auto) = delete;
  update_params& default_environment_ids(null_like auto) = delete;
  update_params& client_secret(null_like auto) = delete;
  update_params& config(null_like auto) = delete;

private:
  friend json::description<update_params>;

  std::optional<open_enum<truto::protocol>> protocol_;
  std::optional<bool> is_active_;
  std::optional<bool> enforced_;
  std::optional<bool> is_default_;
  std::optional<std::string> default_role_;
  std::optional<std::vector<std::string>> default_environment_ids_;
  std::optional<secret> client_secret_;
  std::optional<config_params> config_;
};

/// Parameters of a list operation.
class list_params {
public:
  /// Maximum number of items per page, 1 or more. Not set: the server's default.
  list_params& limit(std::int64_t most) {
    limit_ = most;
    return *this;
  }
  /// The page to return: `next_cursor` of the previous page. Not set: the first page.
  list_params& next_cursor(std::string cursor) {
    next_cursor_ = std::move(cursor);
    return *this;
  }

  /// The value set; empty if not set.
  [[nodiscard]] std::optional<std::int64_t> limit() const noexcept { return limit_; }
  /// The value set; empty if not set.
  [[nodiscard]] const std::optional<std::string>& next_cursor() const noexcept { return next_cursor_; }

private:
  friend json::description<list_params>;

  std::optional<std::int64_t> limit_;
  std::optional<std::string> next_cursor_;
};

}  // namespace sso::truto
