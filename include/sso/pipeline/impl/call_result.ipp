// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/uuid.hpp>
#include <sso/http/retry_after.hpp>
#include <sso/http/url.hpp>
#include <sso/pipeline/call_result.hpp>
#include <sso/pipeline/decide.hpp>

#include <string>
#include <utility>

namespace sso::pipeline {
namespace detail {

inline error with_call(error failed, const call& call) {
  failed.with_call(to_string(call.request.method), call.request.target);
  failed.with_client_request_id(std::string{call.id()});
  failed.with_attempts(call.attempts);
  return failed.with_outcome(graver(failed.outcome(), call.gravest));
}

inline void add_failure_before(error& ended, const error& before) {
  ended.with_what(ended.what() + "; the attempt before: " + describe(before)).with_cause(before.code());
}

inline std::string redirect_note(const http::response& response) {
  const auto location = response.headers.get("Location");
  if (response.status < 300 || response.status > 399 || !location) return {};
  return "redirects are not followed; to " + http::without_secrets(*location);
}

}  // namespace detail

SSO_DECL error refusal(error refused, const call_options& options) {
  const std::string& id = options.client_request_id();
  if (sso::detail::is_uuid(id)) refused.with_client_request_id(id);
  return refused;
}

SSO_DECL error end_between_attempts(errc code, const call& call) {
  if (code == errc::timeout)
    return error{code, outcome::not_sent, "the call's time ran out before an attempt"};
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
  const auto& response = *call.response;
  error failed{errc_of_status(response.status), outcome_of(response), detail::redirect_note(response)};
  failed.with_response(response);
  failed.with_retry_after(http::retry_after(response.status, response.headers, wall_now));
  std::string code;
  std::string message;
  if (settings.vendor.read_error != nullptr) settings.vendor.read_error(response.body, code, message);
  failed.with_server_text(std::move(code), std::move(message));
  return detail::with_call(std::move(failed), call);
}

SSO_DECL error make_decode_error(error failed, const call& call) {
  failed.with_response(*call.response);
  if (const auto type = call.response->headers.get("Content-Type")) {
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
