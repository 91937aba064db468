// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/call_options.hpp>
#include <sso/json/encode.hpp>
#include <sso/json/validate.hpp>
#include <sso/pipeline/call.hpp>
#include <sso/pipeline/settings.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// Makes a call from the arguments of an operation. All errors are `invalid_argument` and name the parameter
/// or option and the rule.
namespace sso::pipeline {

/// Prepares a call of `operation`. `path` is below the base URL and percent-encoded; `query` is encoded,
/// without `?`, and may be empty; `body` is JSON.
[[nodiscard]] SSO_DECL result<std::unique_ptr<call>>
prepare(const settings& settings, const operation& operation, std::string path, std::string_view query,
        std::optional<std::string> body, const call_options& options);

/// Prepares a call with any method, path with query, and JSON body.
[[nodiscard]] SSO_DECL result<std::unique_ptr<call>>
prepare_untyped(const settings& settings, std::string_view operation_name, http::method method,
                std::string_view path, std::optional<std::string> body, const call_options& options);

/// Sets one deadline for several calls: that of one call which starts `now`.
[[nodiscard]] SSO_DECL call_options share_deadline(call_options options, const settings& settings,
                                                   std::chrono::steady_clock::time_point now);

/// Encodes an id as one path segment: 1 to `longest` characters of valid UTF-8, not `.` or `..`.
[[nodiscard]] SSO_DECL result<std::string> path_segment(std::string_view parameter, std::string_view id,
                                                        std::size_t longest);

/// The JSON body for a parameter object.
template <class Params>
[[nodiscard]] result<std::string> json_body(const Params& params) {
  if (const auto fault = json::validate(params)) return invalid_argument(fault->path, fault->rule);
  return json::encode(params);
}

}  // namespace sso::pipeline

#if defined(SSO_HEADER_ONLY)
#include <sso/pipeline/impl/prepare.ipp>
#endif
