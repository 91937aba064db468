// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/json/error_body.hpp>
#include <sso/keycard/json.hpp>
#include <sso/keycard/requests.hpp>
#include <sso/pipeline/arguments.hpp>

#include <utility>

namespace sso::keycard {
namespace detail {

inline constexpr pipeline::vendor keycard_api{
    .name = "keycard",
    .base_url = "https://api.keycard.ai",
    .token_path = "/service-account-token",
    .request_id_header = "X-Client-Request-ID",
    .has_expand = true,
    .read_error = [](std::string_view body, std::string& code,
                     std::string& message) { json::read_error_body(body, "code", code, "message", message); },
};

inline constexpr pipeline::operation retrieve{"keycard.retrieve", http::method::get, true};
inline constexpr pipeline::operation enable{"keycard.enable", http::method::post, false};
inline constexpr pipeline::operation update{"keycard.update", http::method::patch, true};
inline constexpr pipeline::operation disable{"keycard.disable", http::method::delete_, true, "*/*"};

inline std::string expand_query(const std::vector<open_enum<expansion>>& values, expand_format format) {
  const std::string name = format == expand_format::brackets ? http::encode_query("expand[]") : "expand";
  std::string query;
  for (const auto& value : values) {
    if (!query.empty()) query += '&';
    query.append(name).append("=").append(http::encode_query(value.str()));
  }
  return query;
}

template <class Params>
result<pipeline::prepared_call>
prepare_with_body(const pipeline::settings& settings, const pipeline::operation& operation,
                  std::string_view organization_id, const Params& params, const call_options& options) {
  auto path = connection_path(organization_id);
  if (!path) return path.error();
  auto body = pipeline::body_of(params);
  if (!body) return body.error();
  return pipeline::prepare(settings, operation, std::move(*path), {}, std::move(*body), options);
}

}  // namespace detail

SSO_DECL const pipeline::vendor& api() noexcept {
  return detail::keycard_api;
}

SSO_DECL result<std::string> connection_path(std::string_view organization_id) {
  auto segment = pipeline::id_segment("organization_id", organization_id, 255);
  if (!segment) return segment;
  constexpr std::string_view before = "/organizations/";
  constexpr std::string_view after = "/sso-connection";
  std::string path;
  path.reserve(before.size() + segment->size() + after.size());
  path.append(before).append(*segment).append(after);
  return path;
}

SSO_DECL result<pipeline::prepared_call> make_retrieve(const pipeline::settings& settings,
                                                       std::string_view organization_id,
                                                       const retrieve_params& params,
                                                       const call_options& options) {
  auto path = connection_path(organization_id);
  if (!path) return path.error();
  if (const auto fault = json::validate(params)) return pipeline::refuse_argument(fault->path, fault->rule);
  const auto query = detail::expand_query(params.expand(), settings.expand_format);
  return pipeline::prepare(settings, detail::retrieve, std::move(*path), query, std::nullopt, options);
}

SSO_DECL result<pipeline::prepared_call> make_enable(const pipeline::settings& settings,
                                                     std::string_view organization_id,
                                                     const enable_params& params,
                                                     const call_options& options) {
  return detail::prepare_with_body(settings, detail::enable, organization_id, params, options);
}

SSO_DECL result<pipeline::prepared_call> make_update(const pipeline::settings& settings,
                                                     std::string_view organization_id,
                                                     const update_params& params,
                                                     const call_options& options) {
  return detail::prepare_with_body(settings, detail::update, organization_id, params, options);
}

SSO_DECL result<pipeline::prepared_call> make_disable(const pipeline::settings& settings,
                                                      std::string_view organization_id,
                                                      const call_options& options) {
  auto path = connection_path(organization_id);
  if (!path) return path.error();
  return pipeline::prepare(settings, detail::disable, std::move(*path), {}, std::nullopt, options);
}

SSO_DECL result<pipeline::prepared_call> make_request(const pipeline::settings& settings, http::method method,
                                                      std::string_view path, std::optional<std::string> body,
                                                      const call_options& options) {
  return pipeline::prepare_untyped(settings, "keycard.request", method, path, std::move(body), options);
}

}  // namespace sso::keycard
