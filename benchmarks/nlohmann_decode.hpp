// SPDX-License-Identifier: BSL-1.0
// For libcurl and cpp-httplib: parses the response by nlohmann-json into the struct.
#pragma once

#include "model.hpp"
#include "workload.hpp"

#include <nlohmann/json.hpp>

namespace nlohmann_json {

using json = nlohmann::json;

template <class T>
std::optional<T> optional(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || found->is_null()) return std::nullopt;
  return found->get<T>();
}

inline const json* optional_object(const json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

inline bench::sso_connection decode(const std::string& body) {
  const auto object = json::parse(body);
  bench::sso_connection out;
  out.id = object.at("id").get<std::string>();
  out.client_id = optional<std::string>(object, "client_id");
  out.client_secret_set = object.at("client_secret_set").get<bool>();
  out.created_at = bench::parse_timestamp(object.at("created_at").get_ref<const std::string&>());
  out.identifier = object.at("identifier").get<std::string>();
  out.updated_at = bench::parse_timestamp(object.at("updated_at").get_ref<const std::string&>());
  out.permissions = optional<std::map<std::string, std::map<std::string, bool>>>(object, "permissions");
  if (const auto* const found = optional_object(object, "protocols")) {
    auto& protocols = out.protocols.emplace();
    if (const auto* const oauth2 = optional_object(*found, "oauth2")) {
      auto& to = protocols.oauth2.emplace();
      using texts = std::vector<std::string>;
      to.authorization_endpoint = optional<std::string>(*oauth2, "authorization_endpoint");
      to.code_challenge_methods_supported = optional<texts>(*oauth2, "code_challenge_methods_supported");
      to.jwks_uri = optional<std::string>(*oauth2, "jwks_uri");
      to.registration_endpoint = optional<std::string>(*oauth2, "registration_endpoint");
      to.scopes_supported = optional<texts>(*oauth2, "scopes_supported");
      to.token_endpoint = optional<std::string>(*oauth2, "token_endpoint");
    }
    if (const auto* const openid = optional_object(*found, "openid")) {
      protocols.openid.emplace().userinfo_endpoint = optional<std::string>(*openid, "userinfo_endpoint");
    }
  }
  return out;
}

/// The body of `update`.
inline std::string update_body() {
  return json{{"identifier", bench::identifier}}.dump();
}

}  // namespace nlohmann_json
