// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/keycard/environment.hpp>
#include <sso/logger.hpp>
#include <sso/pipeline/environment.hpp>

#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sso::keycard {
namespace detail {

inline std::string_view credential_from_environment(const char* name) {
  const auto value = pipeline::required_environment_variable(name);
  if (sso::detail::has_control(value)) {
    throw exception{invalid_argument(name, "must not contain control characters, such as a line end")};
  }
  return value;
}

/// Empty for `off`.
inline std::optional<log_level> read_log_level(std::string_view name) {
  if (name == "off") return std::nullopt;
  if (name == "error") return log_level::error;
  if (name == "warn") return log_level::warn;
  if (name == "info") return log_level::info;
  if (name == "debug") return log_level::debug;
  throw exception{invalid_argument("KEYCARD_API_LOG", "must be 'debug', 'info', 'warn', 'error' or 'off'")};
}

}  // namespace detail

SSO_DECL environment from_environment(client_options options) {
  client_credentials own{std::string{detail::credential_from_environment("KEYCARD_API_CLIENT_ID")},
                         secret{detail::credential_from_environment("KEYCARD_API_CLIENT_SECRET")}};
  return {std::move(own), options_from_environment(std::move(options))};
}

SSO_DECL client_options options_from_environment(client_options options) {
  pipeline::read_base_url("KEYCARD_API_BASE_URL", options);
  constexpr std::string_view request_id = "X-Client-Request-ID";
  const bool set_before = options.headers.contains(request_id);  // the client refuses that
  pipeline::add_headers_from_environment("KEYCARD_API_CUSTOM_HEADERS", options.headers);
  if (!set_before && options.headers.contains(request_id)) {
    throw exception{
        invalid_argument("KEYCARD_API_CUSTOM_HEADERS", "X-Client-Request-ID differs with every call")};
  }
  if (const auto name = pipeline::environment_variable("KEYCARD_API_LOG"); !name.empty()) {
    const auto level = detail::read_log_level(name);
    if (level && !options.observer) options.observer = make_logger(std::clog, *level);
  }
  return options;
}

}  // namespace sso::keycard
