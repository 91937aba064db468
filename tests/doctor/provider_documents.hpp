// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <fstream>
#include <iterator>
#include <string>
#include <utility>

/// @file
/// Documents of OpenID providers for tests.

inline std::string read_file(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

inline constexpr const char* good_issuer = "https://idp.example.com/tenant";

/// A correct discovery document.
inline boost::json::object good_document() {
  return {{"issuer", good_issuer},
          {"authorization_endpoint", "https://idp.example.com/tenant/authorize"},
          {"token_endpoint", "https://idp.example.com/tenant/token"},
          {"userinfo_endpoint", "https://idp.example.com/tenant/userinfo"},
          {"jwks_uri", "https://idp.example.com/tenant/keys"},
          {"scopes_supported", {"openid", "email", "profile"}},
          {"response_types_supported", {"code"}},
          {"grant_types_supported", {"authorization_code", "refresh_token"}},
          {"subject_types_supported", {"public"}},
          {"id_token_signing_alg_values_supported", {"RS256"}},
          {"token_endpoint_auth_methods_supported", {"client_secret_basic", "client_secret_post"}},
          {"code_challenge_methods_supported", {"S256"}}};
}

/// The same with one member changed.
inline std::string document_with(const char* member, boost::json::value value) {
  auto out = good_document();
  out[member] = std::move(value);
  return boost::json::serialize(out);
}

inline std::string document_without(const char* member) {
  auto out = good_document();
  out.erase(member);
  return boost::json::serialize(out);
}
