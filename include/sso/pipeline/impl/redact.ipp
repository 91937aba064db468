// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/pipeline/redact.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <utility>

namespace sso::pipeline {
namespace detail {

/// Appends the strings of all members whose name contains `secret`, at any depth.
inline void append_secret_members(const boost::json::value& value, std::vector<std::string>& out) {
  if (const auto* const array = value.if_array()) {
    for (const auto& item : *array) append_secret_members(item, out);
  } else if (const auto* const object = value.if_object()) {
    for (const auto& member : *object) {
      const bool secret = member.key().find("secret") != boost::json::string_view::npos;
      if (secret && member.value().is_string()) {
        out.emplace_back(member.value().get_string());
      } else {
        append_secret_members(member.value(), out);
      }
    }
  }
}

/// The length of `start`, a number in base `base` and `end` at the beginning of `text`, if that number is the
/// code of `c`; otherwise 0. `digits`: the number of digits; 0: any.
inline std::size_t coded(char c, std::string_view text, std::string_view start, std::size_t digits, int base,
                         std::string_view end) {
  if (!text.starts_with(start)) return 0;
  auto rest = text.substr(start.size());
  if (digits != 0) rest = rest.substr(0, digits);
  unsigned code = 0;
  const auto [stop, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), code, base);
  const auto used = static_cast<std::size_t>(stop - rest.data());
  if (failed != std::errc{} || (digits != 0 && used != digits)) return 0;
  if (code != static_cast<unsigned char>(c) || !text.substr(start.size() + used).starts_with(end)) return 0;
  return start.size() + used + end.size();
}

/// The length of `c` at the beginning of `text`, in another notation or as it is; 0 if it is not there.
inline std::size_t length_of(char c, std::string_view text) {
  constexpr std::array<std::pair<char, std::string_view>, 5> entities{
      {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&apos;"}}};
  if (text.empty()) return 0;
  std::size_t length = 0;
  switch (text.front()) {
  case '\\':
    if (text.size() > 1 && text[1] == c && !sso::detail::is_alnum(c)) return 2;
    length = coded(c, text, "\\u", 4, 16, "");
    break;
  case '%': length = coded(c, text, "%", 2, 16, ""); break;
  case '&':
    for (const auto& [meant, entity] : entities) {
      if (meant == c && text.starts_with(entity)) return entity.size();
    }
    length = coded(c, text, "&#", 0, 10, ";");
    if (length == 0) length = coded(c, text, "&#x", 0, 16, ";");
    break;
  case '+':
    if (c == ' ') return 1;
    break;
  default: break;
  }
  return length != 0 ? length : text.front() == c ? 1 : 0;
}

/// The length of `secret` at the beginning of `text`, in any notation; 0 if it is not there.
inline std::size_t length_of(std::string_view secret, std::string_view text) {
  if (text.starts_with(secret)) return secret.size();
  std::size_t length = 0;
  for (const char c : secret) {
    while (length != 0 && length < text.size() && (text[length] == '\r' || text[length] == '\n')) ++length;
    const auto one = length_of(c, text.substr(length));
    if (one == 0) return 0;
    length += one;
  }
  return length;
}

}  // namespace detail

SSO_DECL std::vector<std::string> secrets_of(const http::request& request) {
  constexpr std::array<std::string_view, 4> harmless{"Accept", "Content-Type", "User-Agent",
                                                     "X-Client-Request-ID"};
  std::vector<std::string> secrets;
  for (const auto field : request.headers) {
    const auto is_named = [&field](std::string_view name) {
      return http::same_header_name(name, field.name);
    };
    if (std::any_of(harmless.begin(), harmless.end(), is_named)) continue;
    auto value = field.value;
    if (is_named("Authorization")) value.remove_prefix(value.find(' ') + 1);
    secrets.emplace_back(value);
  }
  boost::system::error_code no_json;
  detail::append_secret_members(boost::json::parse(request.body, no_json), secrets);
  std::erase_if(secrets, [](const std::string& one) { return one.size() < 6; });
  return secrets;
}

SSO_DECL std::string redact(std::string_view text, std::vector<std::string> secrets) {
  // The longest first: one may be a part of another.
  std::sort(secrets.begin(), secrets.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  std::string out{text};
  for (const auto& secret : secrets) {
    if (secret.size() > out.size()) continue;  // no notation is shorter
    const auto before = std::exchange(out, {});
    std::string_view rest = before;
    while (!rest.empty()) {
      if (const auto length = detail::length_of(secret, rest); length != 0) {
        out += "[redacted]";
        rest.remove_prefix(length);
      } else {
        out += rest.front();
        rest.remove_prefix(1);
      }
    }
  }
  return out;
}

}  // namespace sso::pipeline
