// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/client_options.hpp>
#include <sso/detail/config.hpp>
#include <sso/http/headers.hpp>

#include <string_view>

namespace sso::pipeline {

/// The value of an environment variable; empty if it is not set.
[[nodiscard]] SSO_DECL std::string_view environment_variable(const char* name) noexcept;

/// The value of a required variable. Throws `exception` naming it if it is unset or empty.
[[nodiscard]] SSO_DECL std::string_view required_environment_variable(const char* name);

/// Sets `options.base_url` from a variable, unless it is set. Throws `exception` naming the variable if its value is not
/// a base URL, or is plain http that the options do not allow.
SSO_DECL void read_base_url(const char* name, client_options& options);

/// Adds the headers from a variable with one `Name: value` per line. Skips names that `headers` already
/// contains. Throws `exception` naming the variable and the line number.
SSO_DECL void add_headers_from_environment(const char* name, http::headers& headers);

}  // namespace sso::pipeline

#if defined(SSO_HEADER_ONLY)
#include <sso/pipeline/impl/environment.ipp>
#endif
