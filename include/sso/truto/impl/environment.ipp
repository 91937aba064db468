// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/http/url.hpp>
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
  const auto base = pipeline::environment_variable("TRUTO_API_BASE_URL");
  if (!options.base_url.empty() || base.empty()) return options;
  if (const auto url = http::parse_url(base, "TRUTO_API_BASE_URL"); !url) throw exception{url.error()};
  options.base_url = base;
  return options;
}

}  // namespace sso::truto
