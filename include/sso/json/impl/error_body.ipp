// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/json/error_body.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <initializer_list>

namespace sso::json {
namespace detail {

/// A string, or the `message` of an object.
inline std::string_view words_of(const boost::json::value& value) {
  const auto* const object = value.if_object();
  const auto* const text = object != nullptr ? object->if_contains("message") : &value;
  if (text == nullptr || !text->is_string()) return {};
  return {text->get_string().data(), text->get_string().size()};
}

/// A string, or the first three texts of a list; else empty.
inline std::string text_of(const boost::json::value* value) {
  constexpr unsigned most = 3;
  if (value == nullptr) return {};
  if (value->is_string()) return std::string{value->get_string()};
  if (!value->is_array()) return {};
  std::string text;
  unsigned count = 0;
  for (const auto& item : value->get_array()) {
    const auto words = words_of(item);
    if (words.empty()) continue;
    if (++count > most) return text.append("; ...");
    text.append(text.empty() ? "" : "; ").append(words);
  }
  return text;
}

/// Reads a code, which may be a number.
inline std::string code_of(const boost::json::value* value) {
  return value != nullptr && value->is_number() ? boost::json::serialize(*value) : text_of(value);
}

/// The text of the first member that has one.
inline std::string first_text(const boost::json::object& object,
                              std::initializer_list<std::string_view> names) {
  for (const auto name : names) {
    auto text = text_of(object.if_contains(name));
    if (!text.empty()) return text;
  }
  return {};
}

}  // namespace detail

SSO_DECL void read_error_body(std::string_view body, std::string_view code_member, std::string& code,
                              std::string_view message_member, std::string& message) {
  boost::system::error_code failed;
  const auto value = boost::json::parse(body, failed);
  if (failed || !value.is_object()) return;
  const auto& object = value.get_object();
  const auto* const nested = object.if_contains("error");
  auto found_code = detail::text_of(object.if_contains(code_member));
  auto found = detail::first_text(
      object, {message_member, "message", "error_description", "detail", "errors", "title"});
  if (nested != nullptr && nested->is_object()) {
    const auto& inner = nested->get_object();
    if (found_code.empty()) found_code = detail::code_of(inner.if_contains("code"));
    if (found_code.empty()) found_code = detail::text_of(inner.if_contains("type"));
    if (found.empty())
      found = detail::first_text(inner, {"message", "description", "detail", "errors", "title"});
  }
  if (found.empty() && code_member != "error") found = detail::text_of(nested);
  if (!found_code.empty()) code = std::move(found_code);
  if (!found.empty()) message = std::move(found);
}

}  // namespace sso::json
