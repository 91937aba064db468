// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/http/request.hpp>

#include <string_view>

namespace sso::testing::detail {

/// Whether a request is for an access token (RFC 6749 4.4.2): a form with a `grant_type`.
[[nodiscard]] inline bool is_token_request(const http::request& request) {
  const auto type = request.headers.get("Content-Type").value_or(std::string_view{});
  const auto essence = sso::detail::trim(type.substr(0, type.find(';')));
  if (!sso::detail::iequals(essence, "application/x-www-form-urlencoded")) return false;
  const std::string_view body{request.body};
  return body.starts_with("grant_type=") || body.find("&grant_type=") != std::string_view::npos;
}

}  // namespace sso::testing::detail
