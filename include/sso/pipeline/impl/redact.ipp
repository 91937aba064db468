// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/pipeline/redact.hpp>

#include <algorithm>
#include <array>

namespace sso::pipeline {

SSO_DECL std::vector<std::string_view> secrets_of(const http::request& request) {
  constexpr std::array<std::string_view, 4> harmless{"Accept", "Content-Type", "User-Agent",
                                                     "X-Client-Request-ID"};
  std::vector<std::string_view> secrets;
  for (const auto field : request.headers) {
    const auto is_named = [&field](std::string_view name) {
      return http::same_header_name(name, field.name);
    };
    if (std::any_of(harmless.begin(), harmless.end(), is_named)) continue;
    auto value = field.value;
    if (is_named("Authorization")) value.remove_prefix(value.find(' ') + 1);
    if (value.size() >= 6) secrets.push_back(value);
  }
  return secrets;
}

SSO_DECL std::string redact(std::string text, const std::vector<std::string_view>& secrets) {
  constexpr std::string_view mark = "[redacted]";
  for (const auto secret : secrets) {
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + mark.size())) {
      text.replace(at, secret.size(), mark);
    }
  }
  return text;
}

}  // namespace sso::pipeline
