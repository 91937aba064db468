// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/method.hpp>
#include <sso/json/encode.hpp>
#include <sso/json/validate.hpp>
#include <sso/pipeline/prepare.hpp>
#include <sso/result.hpp>

#include <optional>
#include <string>
#include <string_view>

/// What the vendors' requests are made of. Errors: `invalid_argument` naming the parameter and the rule.
namespace sso::pipeline {

/// The error that refuses an argument.
[[nodiscard]] SSO_DECL error refuse_argument(std::string_view parameter, std::string_view rule);

/// An id as one path segment, percent-encoded: 1 to `longest` characters of valid UTF-8, not `.` or `..`.
[[nodiscard]] SSO_DECL result<std::string> id_segment(std::string_view parameter, std::string_view id,
                                                      std::size_t longest);

/// The JSON body for a parameter object.
template <class Params>
[[nodiscard]] result<std::string> body_of(const Params& params) {
  if (const auto fault = json::validate(params)) return refuse_argument(fault->path, fault->rule);
  return json::encode(params);
}

/// A call that is not typed: any method, path and JSON body.
[[nodiscard]] SSO_DECL result<prepared_call>
prepare_untyped(const settings& settings, std::string_view operation_name, http::method method,
                std::string_view path, std::optional<std::string> body, const call_options& options);

}  // namespace sso::pipeline

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/arguments.ipp>
#endif
