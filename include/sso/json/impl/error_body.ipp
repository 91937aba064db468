// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/json/error_body.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace sso::json {
namespace detail {

inline void take_string(const boost::json::object& object, std::string_view name, std::string& target) {
  const auto* const value = object.if_contains(name);
  if (value != nullptr && value->is_string())
    target.assign(value->get_string().data(), value->get_string().size());
}

}  // namespace detail

SSO_DECL void read_error_body(std::string_view body, std::string_view code_member, std::string& code,
                              std::string_view message_member, std::string& message) {
  boost::system::error_code failed;
  const auto value = boost::json::parse(body, failed);
  if (failed || !value.is_object()) return;
  detail::take_string(value.get_object(), code_member, code);
  detail::take_string(value.get_object(), message_member, message);
}

}  // namespace sso::json
