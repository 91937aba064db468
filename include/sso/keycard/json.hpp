// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/json/describe.hpp>
#include <sso/keycard/params.hpp>
#include <sso/keycard/protocols_params.hpp>
#include <sso/keycard/sso_connection.hpp>

/// @file
/// JSON descriptions of Keycard's models and parameters. Separate, so that compiled-mode users do not pay for
/// them.

template <>
struct sso::json::description<sso::keycard::oauth2_params> {
  using self = keycard::oauth2_params;
  static constexpr auto members =
      json::members(member<&self::authorization_endpoint_>("authorization_endpoint", format::uri),
                    member<&self::code_challenge_methods_supported_>("code_challenge_methods_supported"),
                    member<&self::jwks_uri_>("jwks_uri", format::uri),
                    member<&self::registration_endpoint_>("registration_endpoint", format::uri),
                    member<&self::scopes_supported_>("scopes_supported"),
                    member<&self::token_endpoint_>("token_endpoint", format::uri));
};

template <>
struct sso::json::description<sso::keycard::openid_params> {
  using self = keycard::openid_params;
  static constexpr auto members =
      json::members(member<&self::userinfo_endpoint_>("userinfo_endpoint", format::uri));
};

template <>
struct sso::json::description<sso::keycard::protocols_params> {
  using self = keycard::protocols_params;
  static constexpr auto members =
      json::members(member<&self::oauth2_>("oauth2"), member<&self::openid_>("openid"));
};

template <>
struct sso::json::description<sso::keycard::retrieve_params> {
  using self = keycard::retrieve_params;
  static constexpr auto members = json::members(member<&self::expand_>("expand", length(1)));
};

template <>
struct sso::json::description<sso::keycard::enable_params> {
  using self = keycard::enable_params;
  static constexpr auto members = json::members(
      member<&self::client_id_>("client_id"), member<&self::identifier_>("identifier", length(1, 2048)),
      member<&self::client_secret_>("client_secret"), member<&self::protocols_>("protocols"));
};

template <>
struct sso::json::description<sso::keycard::update_params> {
  using self = keycard::update_params;
  static constexpr auto members = json::members(
      member<&self::client_id_>("client_id"), member<&self::client_secret_>("client_secret"),
      member<&self::identifier_>("identifier", length(1, 2048)), member<&self::protocols_>("protocols"));
};

template <>
struct sso::json::description<sso::keycard::oauth2_protocol> {
  using self = keycard::oauth2_protocol;
  static constexpr auto members =
      json::members(member<&self::authorization_endpoint>("authorization_endpoint", format::uri),
                    member<&self::code_challenge_methods_supported>("code_challenge_methods_supported"),
                    member<&self::jwks_uri>("jwks_uri", format::uri),
                    member<&self::registration_endpoint>("registration_endpoint", format::uri),
                    member<&self::scopes_supported>("scopes_supported"),
                    member<&self::token_endpoint>("token_endpoint", format::uri));
};

template <>
struct sso::json::description<sso::keycard::openid_protocol> {
  using self = keycard::openid_protocol;
  static constexpr auto members =
      json::members(member<&self::userinfo_endpoint>("userinfo_endpoint", format::uri));
};

template <>
struct sso::json::description<sso::keycard::protocols> {
  using self = keycard::protocols;
  static constexpr auto members =
      json::members(member<&self::oauth2>("oauth2"), member<&self::openid>("openid"));
};

template <>
struct sso::json::description<sso::keycard::sso_connection> {
  using self = keycard::sso_connection;
  static constexpr auto members = json::members(
      member<&self::id>("id"), member<&self::client_id>("client_id", required),
      member<&self::client_secret_set>("client_secret_set"), member<&self::created_at>("created_at"),
      member<&self::identifier>("identifier", length(1, 2048)), member<&self::updated_at>("updated_at"),
      member<&self::permissions>("permissions"), member<&self::protocols>("protocols"));
};
