// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/detail/utf8.hpp>
#include <sso/detail/uuid.hpp>
#include <sso/http/retry_after.hpp>
#include <sso/http/url.hpp>
#include <sso/pipeline/call_result.hpp>
#include <sso/pipeline/decide.hpp>
#include <sso/pipeline/redact.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

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

/// The body without surrounding white space and without a byte order mark.
inline std::string_view content_of(std::string_view body) {
  body = sso::detail::without_byte_order_mark(body);
  while (body.starts_with('\v') || body.starts_with('\f')) body.remove_prefix(1);
  return sso::detail::trim(body);
}

/// Adds the code and the message of the response's body.
inline void add_server_text(error& failed, const settings& settings, const http::response& received,
                            const std::vector<std::string>& secrets) {
  std::string code;
  std::string message;
  settings.vendor.read_error(received.body, code, message);
  failed.with_server_text(redact(code, secrets), redact(message, secrets));
}

/// Describes a response without an error body of the API: its type, the beginning of its body, and the error in
/// `WWW-Authenticate` (RFC 6750 §3).
inline std::string excerpt_of(const http::response& response) {
  std::string note;
  if (const auto content = content_of(response.body); !content.empty()) {
    note = "the response";
    if (const auto type = response.headers.get("Content-Type")) note.append(" is ").append(*type);
    note.append(": ").append(sso::detail::printable(content, 120));
  }
  const auto challenge = response.headers.get("WWW-Authenticate");
  if (challenge && challenge->find("error") != std::string_view::npos) {
    note.append(note.empty() ? "" : "; ").append("WWW-Authenticate: ");
    note.append(sso::detail::printable(*challenge, 200));
  }
  return note;
}

/// A copy of the response without `secrets`, with at most 8192 bytes of its body.
inline http::response redacted(const http::response& response, const std::vector<std::string>& secrets) {
  http::response safe{response.status, {}, redact(response.body, secrets).substr(0, 8192)};
  for (const auto field : response.headers) safe.headers.add(field.name, redact(field.value, secrets));
  return safe;
}

}  // namespace detail

SSO_DECL bool is_markup(const http::headers& headers, std::string_view body) noexcept {
  const auto content = detail::content_of(body);
  if (content.empty()) return false;
  auto type = headers.get("Content-Type").value_or(std::string_view{});
  type = sso::detail::trim(type.substr(0, type.find(';')));
  return content.starts_with('<') || sso::detail::iequals(type, "text/html") ||
         sso::detail::iequals(type, "application/xhtml+xml");
}

SSO_DECL std::string_view unexpected_content(const settings& settings, const call& call) {
  const auto& response = *call.response;
  if (is_markup(response.headers, response.body)) return "an HTML page";
  const auto content = detail::content_of(response.body);
  if (!call.no_content || content.empty()) return {};
  boost::system::error_code failed;
  const auto value = boost::json::parse(content, failed);
  if (failed) return "not JSON";
  std::string code;
  std::string message;
  settings.vendor.read_error(content, code, message);
  const auto* const object = value.if_object();
  const auto* const success = object != nullptr ? object->if_contains("success") : &value;
  const bool denied = success != nullptr && success->is_bool() && !success->get_bool();
  return denied || !code.empty() || !message.empty() ? "an error" : "";
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
  detail::add_server_text(failed, settings, received, secrets);
  if (failed.server_message().empty() && failed.what().empty())
    failed.with_what(detail::excerpt_of(response));
  return detail::with_call(std::move(failed), call);
}

SSO_DECL error make_decode_error(const settings& settings, error why, const call& call) {
  const auto secrets = secrets_of(call.request);
  const auto response = detail::redacted(*call.response, secrets);
  why.with_response(response);
  auto what = redact(why.what(), secrets);  // it may quote the name of a member
  if (const auto type = response.headers.get("Content-Type")) {
    what.append(" (Content-Type: ").append(*type) += ')';
  }
  why.with_what(std::move(what)).with_outcome(outcome::maybe_executed);
  detail::add_server_text(why, settings, *call.response, secrets);
  return detail::with_call(std::move(why), call);
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
