// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/json/describe.hpp>
#include <sso/page.hpp>
#include <sso/truto/domain.hpp>
#include <sso/truto/params.hpp>
#include <sso/truto/sso_connection.hpp>

/// @file
/// JSON descriptions of Truto's models and parameters. Separate, so that compiled-mode users do not pay for
/// them.

template <>
struct sso::json::description<sso::truto::config_params> {
  using self = truto::config_params;
  static constexpr auto members = json::members(
      member<&self::idp_entity_id_>("idp_entity_id"), member<&self::idp_sso_url_>("idp_sso_url", format::uri),
      member<&self::idp_x509_cert_>("idp_x509_cert"), member<&self::idp_metadata_xml_>("idp_metadata_xml"),
      member<&self::sign_authn_requests_>("sign_authn_requests"),
      member<&self::allow_idp_initiated_>("allow_idp_initiated"), member<&self::issuer_>("issuer"),
      member<&self::client_id_>("client_id"), member<&self::discovery_url_>("discovery_url", format::uri));
};

template <>
struct sso::json::description<sso::truto::update_params> {
  using self = truto::update_params;
  static constexpr auto members =
      json::members(member<&self::protocol_>("protocol", length(1)), member<&self::is_active_>("is_active"),
                    member<&self::enforced_>("enforced"), member<&self::is_default_>("is_default"),
                    member<&self::default_role_>("default_role"),
                    member<&self::default_environment_ids_>("default_environment_ids"),
                    member<&self::client_secret_>("client_secret"), member<&self::config_>("config"));
};

template <>
struct sso::json::description<sso::truto::list_params> {
  using self = truto::list_params;
  static constexpr auto members = json::members(member<&self::limit_>("limit", range(1)),
                                                member<&self::next_cursor_>("next_cursor", length(1)));
};

template <>
struct sso::json::description<sso::truto::config> {
  using self = truto::config;
  static constexpr auto members = json::members(
      member<&self::idp_entity_id>("idp_entity_id"), member<&self::idp_sso_url>("idp_sso_url", format::uri),
      member<&self::idp_x509_cert>("idp_x509_cert"),
      member<&self::sign_authn_requests>("sign_authn_requests"),
      member<&self::allow_idp_initiated>("allow_idp_initiated"), member<&self::issuer>("issuer"),
      member<&self::client_id>("client_id"), member<&self::discovery_url>("discovery_url", format::uri));
};

template <>
struct sso::json::description<sso::truto::sso_connection> {
  using self = truto::sso_connection;
  static constexpr auto members =
      json::members(member<&self::id>("id", format::uuid), member<&self::team_id>("team_id", format::uuid),
                    member<&self::protocol>("protocol"), member<&self::is_active>("is_active"),
                    member<&self::enforced>("enforced"), member<&self::is_default>("is_default"),
                    member<&self::config>("config"), member<&self::default_role>("default_role"),
                    member<&self::default_environment_ids>("default_environment_ids"),
                    member<&self::created_at>("created_at"), member<&self::updated_at>("updated_at"));
};

template <>
struct sso::json::description<sso::truto::domain> {
  using self = truto::domain;
  static constexpr auto members =
      json::members(member<&self::domain>("domain", length(1)),
                    member<&self::sso_connection_id>("sso_connection_id", format::uuid),
                    member<&self::team_id>("team_id", format::uuid), member<&self::verified>("verified"),
                    member<&self::verification_token>("verification_token"),
                    member<&self::verification_record>("verification_record"),
                    member<&self::created_at>("created_at"), member<&self::updated_at>("updated_at"));
};

template <>
struct sso::json::description<sso::truto::domain_verification> {
  using self = truto::domain_verification;
  static constexpr auto members = json::members(
      member<&self::domain>("domain"), member<&self::verified>("verified"), member<&self::detail>("detail"));
};

template <>
struct sso::json::description<sso::page<sso::truto::domain>> {
  using self = page<truto::domain>;
  static constexpr auto members =
      json::members(member<&self::items>("result"), member<&self::next_cursor>("next_cursor"));
};
