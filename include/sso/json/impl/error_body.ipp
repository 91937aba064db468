// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/detail/utf8.hpp>
#include <sso/json/error_body.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <initializer_list>

namespace sso::json {
namespace detail {

/// A string that is not blank; else empty.
inline std::string words_of(const boost::json::string& text) {
  const std::string_view words{text.data(), text.size()};
  return std::string{sso::detail::trim(words).empty() ? std::string_view{} : words};
}

/// An item of a list of errors: a string, or the `message` of an object, or the object itself.
inline std::string words_of(const boost::json::value& item) {
  if (item.is_string()) return words_of(item.get_string());
  if (!item.is_object()) return {};
  const auto* const message = item.get_object().if_contains("message");
  return message != nullptr && message->is_string() ? words_of(message->get_string())
                                                    : boost::json::serialize(item);
}

/// A string, or the first three texts of a list; else empty.
inline std::string text_of(const boost::json::value* value) {
  constexpr unsigned most = 3;
  if (value == nullptr) return {};
  if (value->is_string()) return words_of(value->get_string());
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
  const auto value = boost::json::parse(sso::detail::without_byte_order_mark(body), failed);
  if (failed || !value.is_object()) return;
  const auto& object = value.get_object();
  const auto* const nested = object.if_contains("error");
  auto found_code = detail::code_of(object.if_contains(code_member));
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
