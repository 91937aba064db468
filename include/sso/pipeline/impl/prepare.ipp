// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/detail/duration.hpp>
#include <sso/detail/utf8.hpp>
#include <sso/detail/uuid.hpp>
#include <sso/http/url.hpp>
#include <sso/pipeline/prepare.hpp>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <utility>

namespace sso::pipeline {
namespace detail {

/// Merges `extra` into `target`. Objects are merged recursively; other values are replaced.
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
  if (!body) return invalid_argument("extra_body", "this operation has no body");
  boost::system::error_code failed;
  auto value = boost::json::parse(*body, failed);
  if (failed || !value.is_object()) return invalid_argument("extra_body", "the body is not a JSON object");
  merge_into(value.get_object(), extra);
  return boost::json::serialize(value);
}

inline std::optional<error> check_call(const settings& settings, const call_options& options) {
  if (options.attempt_timeout() && options.attempt_timeout()->count() <= 0) {
    return invalid_argument("attempt_timeout", "must be more than zero");
  }
  if (options.max_retries().value_or(0) > most_retries)
    return invalid_argument("max_retries", "must be at most 20");
  if (!options.client_request_id().empty() && !sso::detail::is_uuid(options.client_request_id())) {
    return invalid_argument("client_request_id", "must be a UUID (RFC 4122 3)");
  }
  for (const auto& [name, value] : options.headers()) {
    const auto broken = header_rule_broken(name, value);
    if (!broken.empty()) return invalid_argument("header " + sso::detail::printable(name), broken);
    const bool is_request_id = http::same_header_name(name, settings.vendor.request_id_header);
    if (is_request_id && !sso::detail::is_uuid(value)) {
      return invalid_argument("header " + name, "must be a UUID (RFC 4122 3)");
    }
  }
  for (const auto& [name, value] : options.query()) {
    if (name.empty()) return invalid_argument("query", "a parameter needs a name");
  }
  return std::nullopt;
}

inline void append_query(std::string& target, std::string_view query) {
  if (query.empty()) return;
  target.append(target.find('?') == std::string::npos ? "?" : "&").append(query);
}

}  // namespace detail

SSO_DECL result<std::unique_ptr<call>> prepare(const settings& settings, const operation& operation,
                                               std::string path, std::string_view query,
                                               std::optional<std::string> body, const call_options& options) {
  if (auto refused = detail::check_call(settings, options)) return std::move(*refused);
  if (options.extra_body() != nullptr) {
    auto merged = detail::add_extra_body(body, *options.extra_body());
    if (!merged) return merged.error();
    body = std::move(*merged);
  }

  // On the heap, to keep the coroutine frame small: Asio reuses the memory of frames up to a kilobyte only.
  auto prepared = std::make_unique<pipeline::call>();
  auto& call = *prepared;
  call.timeout = options.timeout() ? sso::detail::clamp_duration(*options.timeout()) : settings.timeout;
  call.deadline = options.deadline().value_or(std::chrono::steady_clock::time_point::max());
  call.limits = settings.limits;
  call.attempt_timeout = settings.limits.timeout;
  if (options.attempt_timeout()) {
    call.attempt_timeout =
        std::min(sso::detail::clamp_duration(*options.attempt_timeout()), settings.exchange_timeout);
  }
  call.retries_left = options.max_retries().value_or(settings.retry.max_retries);
  call.client_request_id = sso::detail::to_uuid_text(options.client_request_id());

  auto& request = call.request;
  request.method = operation.method;
  request.origin = settings.base.origin;
  request.operation = operation.name;
  request.replayable = operation.replayable;
  call.no_content = operation.no_content;
  request.target = std::move(path);
  if (!settings.base.path.empty()) request.target.insert(0, settings.base.path);
  detail::append_query(request.target, query);
  detail::append_query(request.target, settings.query);
  for (const auto& [name, value] : options.query()) {
    detail::append_query(request.target, http::encode_query(name) + '=' + http::encode_query(value));
  }

  // Includes room for Authorization, the request id and Content-Type.
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
      call.client_request_id = sso::detail::to_uuid_text(value);  // the same as the option
    } else {
      request.headers.set(name, value);
    }
  }
  return prepared;
}

SSO_DECL call_options share_deadline(call_options options, const settings& settings,
                                     std::chrono::steady_clock::time_point now) {
  const auto timeout = options.timeout() ? sso::detail::clamp_duration(*options.timeout()) : settings.timeout;
  options.deadline(std::min(options.deadline().value_or(now + timeout), now + timeout));
  return options;
}

SSO_DECL result<std::string> path_segment(std::string_view parameter, std::string_view id,
                                          std::size_t longest) {
  if (id.empty()) return invalid_argument(parameter, "must not be empty");
  const auto characters = sso::detail::count_code_points(id);
  if (!characters) return invalid_argument(parameter, "must be valid UTF-8");
  if (*characters > longest) {
    return invalid_argument(parameter, "must have 1 to " + std::to_string(longest) + " characters, but has " +
                                           std::to_string(*characters));
  }
  if (http::is_dot_segment(id))
    return invalid_argument(parameter, "must not be a dot segment (RFC 3986 3.3)");
  return http::encode_segment(id);
}

SSO_DECL result<std::unique_ptr<call>> prepare_untyped(const settings& settings,
                                                       std::string_view operation_name, http::method method,
                                                       std::string_view path, std::optional<std::string> body,
                                                       const call_options& options) {
  if (auto checked = http::check_path(path, "path"); !checked) return checked.error();
  if (body) {
    if (method == http::method::get || method == http::method::head) {
      return invalid_argument("body", "GET and HEAD requests have none");
    }
    boost::system::error_code failed;
    boost::json::parse(*body, failed);
    if (failed) return invalid_argument("body", "must be JSON: " + failed.message());
  }
  // A PATCH or POST to an unknown resource may not be idempotent.
  const bool replayable = method != http::method::post && method != http::method::patch;
  return prepare(settings, operation{operation_name, method, replayable}, std::string{path}, {},
                 std::move(body), options);
}

}  // namespace sso::pipeline
