// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/http/headers.hpp>

#include <string_view>

namespace sso::pipeline {

/// The value of an environment variable; empty if it is not set.
[[nodiscard]] SSO_DECL std::string_view environment_variable(const char* name) noexcept;

/// The value of a required variable. Throws `exception` naming it if it is unset or empty.
[[nodiscard]] SSO_DECL std::string_view required_environment_variable(const char* name);

/// Adds the headers from a variable with one `Name: value` per line. Skips names that `headers` already
/// contains. Throws `exception` naming the variable and the line number.
SSO_DECL void add_headers_from_environment(const char* name, http::headers& headers);

}  // namespace sso::pipeline

#if defined(SSO_HEADER_ONLY)
#include <sso/pipeline/impl/environment.ipp>
#endif
