// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/pipeline/environment.hpp>
#include <sso/truto/environment.hpp>

#include <utility>

namespace sso::truto {

SSO_DECL credentials credentials_from_environment() {
  const auto token = pipeline::required_environment_variable("TRUTO_API_TOKEN");
  if (!sso::detail::is_visible_ascii(token)) {
    throw exception{
        invalid_argument("TRUTO_API_TOKEN", "must consist of visible ASCII characters, without a line end")};
  }
  return bearer_token{secret{token}};
}

SSO_DECL environment from_environment(client_options options) {
  auto own = credentials_from_environment();
  return {std::move(own), options_from_environment(std::move(options))};
}

SSO_DECL client_options options_from_environment(client_options options) {
  pipeline::read_base_url("TRUTO_API_BASE_URL", options);
  return options;
}

}  // namespace sso::truto
