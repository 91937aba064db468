// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/http/headers.hpp>

#include <string_view>

namespace sso::pipeline {

/// The value of an environment variable; empty if it is not set.
[[nodiscard]] SSO_DECL std::string_view environment_variable(const char* name) noexcept;

/// The value of a variable that must not be empty. Throws `exception` naming it.
[[nodiscard]] SSO_DECL std::string_view required_environment_variable(const char* name);

/// Adds the headers in the lines `Name: value` of a variable, except those that are there. Throws `exception`
/// naming the variable and the line's number.
SSO_DECL void add_headers_from_environment(const char* name, http::headers& headers);

}  // namespace sso::pipeline

#if defined(SSO_HEADER_ONLY)
#include <sso/pipeline/impl/environment.ipp>
#endif
