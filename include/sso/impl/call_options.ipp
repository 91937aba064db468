// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/call_options.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace sso {

SSO_DECL call_options::call_options() noexcept = default;
SSO_DECL call_options::call_options(const call_options&) = default;
SSO_DECL call_options::call_options(call_options&&) noexcept = default;
SSO_DECL call_options& call_options::operator=(const call_options&) = default;
SSO_DECL call_options& call_options::operator=(call_options&&) noexcept = default;
SSO_DECL call_options::~call_options() = default;

SSO_DECL call_options& call_options::extra_body(std::string name, const boost::json::value& value) & {
  auto members = extra_body_ ? std::make_shared<boost::json::object>(*extra_body_)
                             : std::make_shared<boost::json::object>();
  members->insert_or_assign(name, value);
  extra_body_ = std::move(members);
  return *this;
}

SSO_DECL call_options&& call_options::extra_body(std::string name, const boost::json::value& value) && {
  return std::move(extra_body(std::move(name), value));
}

}  // namespace sso
