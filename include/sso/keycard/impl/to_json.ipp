// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/json/encode.hpp>
#include <sso/keycard/json.hpp>
#include <sso/keycard/to_json.hpp>

namespace sso {

SSO_DECL std::string to_json(const keycard::sso_connection& model) {
  return json::encode(model);
}

}  // namespace sso
