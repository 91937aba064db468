// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/detail/environment.hpp>
#include <sso/error.hpp>
#include <sso/pipeline/settings.hpp>

#include <cstdlib>
#include <string>

namespace sso::detail {

SSO_DECL std::string_view environment_variable(const char* name) noexcept {
  const char* const value = std::getenv(name);
  return value != nullptr ? std::string_view{value} : std::string_view{};
}

SSO_DECL std::string_view required_environment_variable(const char* name) {
  const auto value = environment_variable(name);
  if (value.empty()) {
    throw exception{error{errc::invalid_argument, outcome::not_sent,
                          std::string{name} + ": the environment variable is not set"}};
  }
  return value;
}

SSO_DECL void add_headers_from_environment(const char* name, http::headers& headers) {
  http::headers found;
  std::string_view rest = environment_variable(name);
  for (unsigned number = 1; !rest.empty(); ++number) {
    const auto end = rest.find('\n');
    const auto line = trim(rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    if (line.empty()) continue;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) {
      throw exception{
          error{errc::invalid_argument, outcome::not_sent,
                std::string{name} + ": line " + std::to_string(number) + " is not 'Name: value'"}};
    }
    const auto header = trim(line.substr(0, colon));
    const auto value = trim(line.substr(colon + 1));
    if (const auto objection = pipeline::header_objection(header, value); !objection.empty()) {
      throw exception{
          error{errc::invalid_argument, outcome::not_sent,
                std::string{name} + ": line " + std::to_string(number) + ": " + std::string{objection}}};
    }
    if (!headers.contains(header)) found.add(header, value);
  }
  for (const auto field : found) headers.add(field.name, field.value);
}

}  // namespace sso::detail
