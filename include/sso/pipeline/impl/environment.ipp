// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/error.hpp>
#include <sso/http/url.hpp>
#include <sso/pipeline/environment.hpp>
#include <sso/pipeline/settings.hpp>

#include <cstdlib>
#include <string>

namespace sso::pipeline {

SSO_DECL std::string_view environment_variable(const char* name) noexcept {
  const char* const value = std::getenv(name);
  return value != nullptr ? std::string_view{value} : std::string_view{};
}

SSO_DECL std::string_view required_environment_variable(const char* name) {
  const auto value = environment_variable(name);
  if (value.empty()) throw exception{invalid_argument(name, "the environment variable is not set")};
  return value;
}

SSO_DECL void read_base_url(const char* name, client_options& options) {
  const auto base = environment_variable(name);
  if (!options.base_url.empty() || base.empty()) return;
  const auto url = http::parse_url(base, name);
  if (!url) throw exception{url.error()};
  check_plain_http(*url, name, options.dangerously_allow_plain_http);
  options.base_url = base;
}

SSO_DECL void add_headers_from_environment(const char* name, http::headers& headers) {
  http::headers found;
  std::string_view rest = environment_variable(name);
  for (unsigned number = 1; !rest.empty(); ++number) {
    const auto end = rest.find('\n');
    const auto line = sso::detail::trim(rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    if (line.empty()) continue;
    const auto here = "line " + std::to_string(number);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) {
      throw exception{invalid_argument(name, here + " is not 'Name: value'")};
    }
    const auto header = sso::detail::trim(line.substr(0, colon));
    const auto value = sso::detail::trim(line.substr(colon + 1));
    if (const auto broken = header_rule_broken(header, value); !broken.empty()) {
      throw exception{invalid_argument(name, here + ": " + std::string{broken})};
    }
    if (!headers.contains(header)) found.add(header, value);
  }
  for (const auto field : found) headers.add(field.name, field.value);
}

}  // namespace sso::pipeline
