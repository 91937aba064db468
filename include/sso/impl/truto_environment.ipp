// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/environment.hpp>
#include <sso/truto/environment.hpp>

namespace sso::truto {

SSO_DECL credentials credentials_from_environment() {
  return bearer_token{secret{sso::detail::required_environment_variable("TRUTO_API_TOKEN")}};
}

}  // namespace sso::truto
