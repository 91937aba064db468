// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/url.hpp>
#include <sso/json/error_body.hpp>
#include <sso/keycard/client.hpp>
#include <sso/keycard/json.hpp>
#include <sso/pipeline/impl/client_core.ipp>
#include <sso/pipeline/prepare.hpp>
#include <sso/pipeline/vendor.hpp>

#include <memory>
#include <utility>
#include <vector>

namespace sso::keycard {
namespace detail {

inline constexpr pipeline::vendor api{
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
inline constexpr pipeline::operation disable{"keycard.disable", http::method::delete_, true, "*/*", true};

inline result<std::string> make_query(const retrieve_params& params, expand_format format) {
  if (params.expand().empty()) return std::string{};
  if (const auto fault = json::validate(params)) return invalid_argument(fault->path, fault->rule);
  const std::string name = format == expand_format::brackets ? http::encode_query("expand[]") : "expand";
  std::string query;
  for (const auto& value : params.expand()) {
    if (!query.empty()) query += '&';
    query.append(name).append("=").append(http::encode_query(value.str()));
  }
  return query;
}

/// Prepares a call for an organization's connection. Returns the error of `query` or `body`, if any.
inline result<std::unique_ptr<pipeline::call>>
prepare(const pipeline::settings& settings, const pipeline::operation& operation,
        std::string_view organization_id, const result<std::string>& query,
        std::optional<result<std::string>>&& body, const call_options& options) {
  const auto segment = pipeline::path_segment("organization_id", organization_id, 255);
  if (!segment) return segment.error();
  if (!query) return query.error();
  if (body && !*body) return body->error();
  std::optional<std::string> json;
  if (body) json = std::move(**body);
  constexpr std::string_view before = "/organizations/";
  constexpr std::string_view after = "/sso-connection";
  std::string path;
  path.reserve(before.size() + segment->size() + after.size());
  path.append(before).append(*segment).append(after);
  return pipeline::prepare(settings, operation, std::move(path), *query, std::move(json), options);
}

}  // namespace detail

SSO_DECL operations::operations(any_transport transport, any_runtime runtime, credentials&& credentials,
                                client_options&& options)
    : core_{detail::api, std::move(transport), std::move(runtime), std::move(credentials),
            std::move(options)} {}

SSO_DECL asio::awaitable<result<response<sso_connection>>>
operations::retrieve(std::string_view organization_id, retrieve_params params, call_options options) const {
  const auto query = detail::make_query(params, core_.settings().expand_format);
  auto call =
      detail::prepare(core_.settings(), detail::retrieve, organization_id, query, std::nullopt, options);
  return core_.perform<sso_connection>(std::move(call), options);
}

SSO_DECL asio::awaitable<result<response<sso_connection>>>
operations::enable(std::string_view organization_id, enable_params params, call_options options) const {
  auto body = pipeline::json_body(params);
  auto call = detail::prepare(core_.settings(), detail::enable, organization_id, std::string{},
                              std::move(body), options);
  return core_.perform<sso_connection>(std::move(call), options);
}

SSO_DECL asio::awaitable<result<response<sso_connection>>>
operations::update(std::string_view organization_id, update_params params, call_options options) const {
  auto body = pipeline::json_body(params);
  auto call = detail::prepare(core_.settings(), detail::update, organization_id, std::string{},
                              std::move(body), options);
  return core_.perform<sso_connection>(std::move(call), options);
}

SSO_DECL asio::awaitable<result<response<void>>> operations::disable(std::string_view organization_id,
                                                                     call_options options) const {
  auto call = detail::prepare(core_.settings(), detail::disable, organization_id, std::string{}, std::nullopt,
                              options);
  return core_.perform<void>(std::move(call), options);
}

SSO_DECL asio::awaitable<result<response<void>>> operations::request(http::method method,
                                                                     std::string_view path,
                                                                     std::optional<std::string> body,
                                                                     call_options options) const {
  auto call =
      pipeline::prepare_untyped(core_.settings(), "keycard.request", method, path, std::move(body), options);
  return core_.perform<void>(std::move(call), options);
}

}  // namespace sso::keycard
