// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/utf8.hpp>
#include <sso/http/url.hpp>
#include <sso/pipeline/arguments.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <utility>

namespace sso::pipeline {

SSO_DECL error refuse_argument(std::string_view parameter, std::string_view rule) {
  return error{errc::invalid_argument, outcome::not_sent, std::string{parameter}.append(": ").append(rule)};
}

SSO_DECL result<std::string> id_segment(std::string_view parameter, std::string_view id,
                                        std::size_t longest) {
  if (id.empty()) return refuse_argument(parameter, "must not be empty");
  const auto characters = sso::detail::count_code_points(id);
  if (!characters) return refuse_argument(parameter, "must be valid UTF-8");
  if (*characters > longest) {
    return refuse_argument(parameter, "must have 1 to " + std::to_string(longest) + " characters, but has " +
                                          std::to_string(*characters));
  }
  if (http::is_dot_segment(id)) return refuse_argument(parameter, "must not be a dot segment (RFC 3986 3.3)");
  return http::encode_segment(id);
}

SSO_DECL result<prepared_call> prepare_untyped(const settings& settings, std::string_view operation_name,
                                               http::method method, std::string_view path,
                                               std::optional<std::string> body, const call_options& options) {
  if (auto checked = http::check_path(path, "path"); !checked) return checked.error();
  if (body) {
    if (method == http::method::get || method == http::method::head) {
      return refuse_argument("body", "GET and HEAD requests have none");
    }
    boost::system::error_code failed;
    boost::json::parse(*body, failed);
    if (failed) return refuse_argument("body", "must be JSON: " + failed.message());
  }
  // What a PATCH or POST to an unknown resource does when it is repeated, nobody here can know.
  const bool replayable = method != http::method::post && method != http::method::patch;
  return prepare(settings, operation{operation_name, method, replayable}, std::string{path}, {},
                 std::move(body), options);
}

}  // namespace sso::pipeline
