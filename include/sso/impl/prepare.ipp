// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/detail/duration.hpp>
#include <sso/detail/uuid.hpp>
#include <sso/pipeline/prepare.hpp>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <utility>

namespace sso::pipeline {
namespace detail {

inline error refuse_call(std::string_view option, std::string_view rule) {
  return error{errc::invalid_argument, outcome::not_sent, std::string{option}.append(": ").append(rule)};
}

/// Adds the members of `extra`: objects are merged, everything else is replaced.
inline void merge_into(boost::json::object& target, const boost::json::object& extra) {
  for (const auto& member : extra) {
    auto* const present = target.if_contains(member.key());
    if (present != nullptr && present->is_object() && member.value().is_object()) {
      merge_into(present->get_object(), member.value().get_object());
    } else {
      target.insert_or_assign(member.key(), member.value());
    }
  }
}

inline result<std::string> add_extra_body(const std::optional<std::string>& body,
                                          const boost::json::object& extra) {
  if (!body) return refuse_call("extra_body", "this operation has no body");
  boost::system::error_code failed;
  auto value = boost::json::parse(*body, failed);
  if (failed || !value.is_object()) return refuse_call("extra_body", "the body is not a JSON object");
  merge_into(value.get_object(), extra);
  return boost::json::serialize(value);
}

inline std::optional<error> check_call(const settings& settings, const call_options& options) {
  if (options.timeout() && options.timeout()->count() <= 0)
    return refuse_call("timeout", "must be more than zero");
  if (options.attempt_timeout() && options.attempt_timeout()->count() <= 0) {
    return refuse_call("attempt_timeout", "must be more than zero");
  }
  if (options.max_retries().value_or(0) > most_retries)
    return refuse_call("max_retries", "must be at most 20");
  if (!options.client_request_id().empty() && !sso::detail::is_uuid(options.client_request_id())) {
    return refuse_call("client_request_id", "must be a UUID (RFC 4122 3)");
  }
  for (const auto& [name, value] : options.headers()) {
    const auto objection = header_objection(name, value);
    if (!objection.empty()) return refuse_call("header " + sso::detail::printable(name), objection);
    const bool is_request_id = http::same_header_name(name, settings.vendor.request_id_header);
    if (is_request_id && !sso::detail::is_uuid(value)) {
      return refuse_call("header " + name, "must be a UUID (RFC 4122 3)");
    }
  }
  for (const auto& [name, value] : options.query()) {
    if (name.empty()) return refuse_call("query", "a parameter needs a name");
  }
  return std::nullopt;
}

inline void append_query(std::string& target, std::string_view query) {
  if (query.empty()) return;
  target.append(target.find('?') == std::string::npos ? "?" : "&").append(query);
}

}  // namespace detail

SSO_DECL result<prepared_call> prepare(const settings& settings, const operation& operation, std::string path,
                                       std::string_view query, std::optional<std::string> body,
                                       const call_options& options) {
  if (auto refused = detail::check_call(settings, options)) return std::move(*refused);
  if (options.extra_body() != nullptr) {
    auto merged = detail::add_extra_body(body, *options.extra_body());
    if (!merged) return merged.error();
    body = std::move(*merged);
  }

  result<prepared_call> prepared;  // made in place: the call has many members to move
  auto& call = *prepared;
  call.timeout = options.timeout() ? sso::detail::bounded(*options.timeout()) : settings.timeout;
  call.attempt = settings.limits;
  if (options.attempt_timeout()) {
    call.attempt.timeout =
        std::min(sso::detail::bounded(*options.attempt_timeout()), settings.exchange_timeout);
  }
  call.max_retries = options.max_retries().value_or(settings.retry.max_retries);
  call.client_request_id = sso::detail::to_uuid_text(options.client_request_id());

  auto& request = call.request;
  request.method = operation.method;
  request.origin = settings.base.origin;
  request.operation = operation.name;
  request.replayable = operation.replayable;
  request.target = std::move(path);
  if (!settings.base.path.empty()) request.target.insert(0, settings.base.path);
  detail::append_query(request.target, query);
  detail::append_query(request.target, settings.query);
  for (const auto& [name, value] : options.query()) {
    detail::append_query(request.target, http::encode_query(name) + '=' + http::encode_query(value));
  }

  // Room for Authorization, the request id and Content-Type as well.
  request.headers.reserve(settings.headers.size() + options.headers().size() + 3,
                          settings.headers.wire().size() + 160);
  request.headers = settings.headers;
  if (operation.accept != "application/json" && !settings.own_accept) {
    request.headers.set("Accept", operation.accept);
  }
  if (body) {
    if (!settings.own_content_type) request.headers.set("Content-Type", "application/json");
    request.body = std::move(*body);
  }
  for (const auto& [name, value] : options.headers()) {
    if (http::same_header_name(name, settings.vendor.request_id_header)) {
      call.client_request_id = sso::detail::to_uuid_text(value);  // another spelling of that option
    } else {
      request.headers.set(name, value);
    }
  }
  return prepared;
}

}  // namespace sso::pipeline
