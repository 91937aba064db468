// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/field.hpp>
#include <sso/json/description.hpp>

#include <concepts>
#include <string>
#include <utility>
#include <vector>

namespace sso::keycard {

/// OAuth 2.0 endpoints and capabilities of the identity provider, for `enable` and `update`. Each member is
/// kept (not set), removed (`null`) or replaced. Endpoints are absolute URIs.
class oauth2_params {
public:
  /// The endpoint at which users sign in (RFC 8414 §2, as for all members of this class).
  oauth2_params& authorization_endpoint(field<std::string> uri) {
    authorization_endpoint_ = std::move(uri);
    return *this;
  }
  /// PKCE methods (RFC 7636 §4.2), e.g. `S256`. Replaces the whole list.
  oauth2_params& code_challenge_methods_supported(field<std::vector<std::string>> methods) {
    code_challenge_methods_supported_ = std::move(methods);
    return *this;
  }
  /// @overload
  template <std::convertible_to<std::string>... Methods>
    requires(sizeof...(Methods) != 0)
  oauth2_params& code_challenge_methods_supported(Methods&&... methods) {
    auto& list = code_challenge_methods_supported_.emplace();
    (list.emplace_back(std::forward<Methods>(methods)), ...);
    return *this;
  }
  /// The URL of the provider's signing keys.
  oauth2_params& jwks_uri(field<std::string> uri) {
    jwks_uri_ = std::move(uri);
    return *this;
  }
  /// The endpoint of dynamic client registration (RFC 7591).
  oauth2_params& registration_endpoint(field<std::string> uri) {
    registration_endpoint_ = std::move(uri);
    return *this;
  }
  /// Supported scopes, e.g. `openid`. Replaces the whole list.
  oauth2_params& scopes_supported(field<std::vector<std::string>> scopes) {
    scopes_supported_ = std::move(scopes);
    return *this;
  }
  /// @overload
  template <std::convertible_to<std::string>... Scopes>
    requires(sizeof...(Scopes) != 0)
  oauth2_params& scopes_supported(Scopes&&... scopes) {
    auto& list = scopes_supported_.emplace();
    (list.emplace_back(std::forward<Scopes>(scopes)), ...);
    return *this;
  }
  /// The endpoint that exchanges codes for tokens.
  oauth2_params& token_endpoint(field<std::string> uri) {
    token_endpoint_ = std::move(uri);
    return *this;
  }

private:
  friend json::description<oauth2_params>;

  field<std::string> authorization_endpoint_;
  field<std::vector<std::string>> code_challenge_methods_supported_;
  field<std::string> jwks_uri_;
  field<std::string> registration_endpoint_;
  field<std::vector<std::string>> scopes_supported_;
  field<std::string> token_endpoint_;
};

/// OpenID Connect endpoints of the identity provider, for `enable` and `update`.
class openid_params {
public:
  /// The endpoint that returns claims about a user (OpenID Connect Core §5.3), an absolute URI.
  openid_params& userinfo_endpoint(field<std::string> uri) {
    userinfo_endpoint_ = std::move(uri);
    return *this;
  }

private:
  friend json::description<openid_params>;

  field<std::string> userinfo_endpoint_;
};

/// Protocols of the identity provider, for `enable` and `update`.
class protocols_params {
public:
  /// The OAuth 2.0 members; `null` removes all of them.
  protocols_params& oauth2(field<oauth2_params> protocol) {
    oauth2_ = std::move(protocol);
    return *this;
  }
  /// The OpenID Connect members; `null` removes all of them.
  protocols_params& openid(field<openid_params> protocol) {
    openid_ = std::move(protocol);
    return *this;
  }

private:
  friend json::description<protocols_params>;

  field<oauth2_params> oauth2_;
  field<openid_params> openid_;
};

}  // namespace sso::keycard
