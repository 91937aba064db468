// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/pipeline/environment.hpp>
#include <sso/truto/environment.hpp>

namespace sso::truto {

SSO_DECL credentials credentials_from_environment() {
  const auto token = pipeline::required_environment_variable("TRUTO_API_TOKEN");
  if (!sso::detail::is_visible_ascii(token)) {
    throw exception{
        invalid_argument("TRUTO_API_TOKEN", "must consist of visible ASCII characters, without a line end")};
  }
  return bearer_token{secret{token}};
}

}  // namespace sso::truto
