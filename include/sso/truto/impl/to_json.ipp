// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/json/encode.hpp>
#include <sso/truto/json.hpp>
#include <sso/truto/to_json.hpp>

namespace sso {

SSO_DECL std::string to_json(const truto::sso_connection& model) {
  return json::encode(model);
}

SSO_DECL std::string to_json(const truto::domain& model) {
  return json::encode(model);
}

SSO_DECL std::string to_json(const truto::domain_verification& model) {
  return json::encode(model);
}

SSO_DECL std::string to_json(const page<truto::domain>& model) {
  return json::encode(model);
}

}  // namespace sso
