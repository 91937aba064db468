// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/detail/uuid.hpp>
#include <sso/http/retry_after.hpp>
#include <sso/http/url.hpp>
#include <sso/pipeline/call_result.hpp>
#include <sso/pipeline/decide.hpp>
#include <sso/pipeline/redact.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sso::pipeline {
namespace detail {

inline error with_call(error failed, const call& call) {
  failed.with_call(to_string(call.request.method), call.request.target);
  failed.with_client_request_id(std::string{call.id()});
  failed.with_attempts(call.attempts);
  return failed.with_outcome(worse_of(failed.outcome(), call.worst_outcome));
}

inline void add_failure_before(error& ended, const error& before) {
  ended.with_what(ended.what() + "; the attempt before: " + describe(before)).with_cause(before.code());
}

/// Describes a response without an error body of the API: its type and the beginning of its body.
inline std::string excerpt_of(const http::response& response) {
  if (response.body.empty()) return {};
  const auto type = response.headers.get("Content-Type");
  std::string note = "the response";
  if (type) note.append(" is ").append(*type);
  return note.append(": ").append(sso::detail::printable(sso::detail::trim(response.body), 120));
}

/// A copy of the response without `secrets`, with at most 8192 bytes of its body.
inline http::response redacted(const http::response& response, const std::vector<std::string_view>& secrets) {
  http::response safe{response.status, {}, redact(response.body.substr(0, 8192), secrets)};
  for (const auto field : response.headers)
    safe.headers.add(field.name, redact(std::string{field.value}, secrets));
  return safe;
}

}  // namespace detail

SSO_DECL bool is_html(const http::response& response) noexcept {
  const auto body = sso::detail::trim(response.body);
  if (body.empty()) return false;
  auto type = response.headers.get("Content-Type").value_or(std::string_view{});
  type = sso::detail::trim(type.substr(0, type.find(';')));
  return body.starts_with('<') || sso::detail::iequals(type, "text/html");
}

SSO_DECL error refusal(error refused, const call_options& options) {
  const std::string& id = options.client_request_id();
  if (sso::detail::is_uuid(id)) refused.with_client_request_id(id);
  return refused;
}

SSO_DECL error end_between_attempts(errc code, const call& call) {
  if (code == errc::timeout)
    return error{code, outcome::not_sent, "the call's deadline passed before an attempt"};
  if (call.attempts == 0) return error{code, outcome::not_sent, "before the first attempt"};
  error ended{code, outcome::not_sent, "while waiting for the next attempt"};
  if (call.failure_before) detail::add_failure_before(ended, *call.failure_before);
  return ended;
}

SSO_DECL error summary_of(const result<http::response>& failed) {
  if (!failed) return failed.error();
  error summary{errc_of_status(failed->status), outcome_of(*failed)};
  return summary.with_response(*failed);
}

SSO_DECL error make_error(const settings& settings, const call& call,
                          std::chrono::system_clock::time_point wall_now) {
  if (!call.response) {
    auto failed = call.response.error();
    if (failed.code() == errc::timeout && call.failure_before)
      detail::add_failure_before(failed, *call.failure_before);
    return detail::with_call(std::move(failed), call);
  }
  const auto& received = *call.response;
  const auto secrets = secrets_of(call.request);
  const auto response = detail::redacted(received, secrets);
  error failed{errc_of_status(response.status), outcome_of(response),
               redact(http::redirect_note(received.status, received.headers), secrets)};
  failed.with_response(response);
  failed.with_retry_after(http::retry_after(response.status, response.headers, wall_now));
  std::string code;
  std::string message;
  if (settings.vendor.read_error != nullptr) settings.vendor.read_error(received.body, code, message);
  if (message.empty() && failed.what().empty()) failed.with_what(detail::excerpt_of(response));
  failed.with_server_text(redact(std::move(code), secrets), redact(std::move(message), secrets));
  return detail::with_call(std::move(failed), call);
}

SSO_DECL error make_decode_error(error failed, const call& call) {
  const auto response = detail::redacted(*call.response, secrets_of(call.request));
  failed.with_response(response);
  if (const auto type = response.headers.get("Content-Type")) {
    failed.with_what(failed.what() + " (Content-Type: " + std::string{*type} + ')');
  }
  failed.with_outcome(outcome::maybe_executed);
  return detail::with_call(std::move(failed), call);
}

SSO_DECL void move_exchange(call& call, http_exchange& out) {
  auto& response = *call.response;
  out.request_id = request_id_of(response.headers);
  out.status = response.status;
  out.headers = std::move(response.headers);
  out.body = std::move(response.body);
  out.attempts = call.attempts;
}

}  // namespace sso::pipeline
