// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/pipeline/redact.hpp>

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

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

namespace detail {

inline void replace_all(std::string& text, std::string_view part, std::string_view by) {
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + by.size())) {
    text.replace(at, part.size(), by);
  }
}

}  // namespace detail

SSO_DECL std::string redact(std::string text, const std::vector<std::string_view>& secrets) {
  constexpr std::string_view mark = "[redacted]";
  for (const auto secret : secrets) {
    if (secret.size() > text.size()) continue;  // no notation is shorter
    detail::replace_all(text, secret, mark);
    std::string in_json{secret};  // as PHP writes it
    detail::replace_all(in_json, "/", "\\/");
    detail::replace_all(text, in_json, mark);
    const auto in_url = boost::urls::encode(secret, boost::urls::unreserved_chars);
    detail::replace_all(text, in_url, mark);
  }
  return text;
}

}  // namespace sso::pipeline
