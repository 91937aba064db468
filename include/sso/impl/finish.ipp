// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/uuid.hpp>
#include <sso/http/retry_after.hpp>
#include <sso/pipeline/decide.hpp>
#include <sso/pipeline/finish.hpp>

#include <string>
#include <utility>

namespace sso::pipeline {
namespace detail {

inline error with_call(error failed, const prepared_call& call, const call_context& context) {
  failed.with_call(to_string(call.request.method), call.request.target);
  failed.with_client_request_id(std::string{context.client_request_id});
  failed.with_attempts(context.attempts);
  return failed.with_outcome(graver(failed.outcome(), context.so_far));
}

inline std::string redirect_note(const http::response& answer) {
  const auto location = answer.headers.get("Location");
  if (answer.status < 300 || answer.status > 399 || !location) return {};
  return "redirects are not followed; to " + http::without_secrets(*location);
}

}  // namespace detail

SSO_DECL error refusal_of(error refused, const call_options& options) {
  const std::string& id = options.client_request_id();
  if (sso::detail::is_uuid(id)) refused.with_client_request_id(id);
  return refused;
}

SSO_DECL error failure_of(const settings& settings, const prepared_call& call, const call_context& context,
                          const result<http::response>& answer,
                          std::chrono::system_clock::time_point wall_now) {
  if (!answer) return detail::with_call(answer.error(), call, context);
  error failed{errc_of_status(answer->status), outcome_of(*answer), detail::redirect_note(*answer)};
  failed.with_response(*answer);
  failed.with_retry_after(http::retry_after(answer->status, answer->headers, wall_now));
  std::string code;
  std::string message;
  if (settings.vendor.read_error != nullptr) settings.vendor.read_error(answer->body, code, message);
  failed.with_server_text(std::move(code), std::move(message));
  return detail::with_call(std::move(failed), call, context);
}

SSO_DECL error undecodable(error failed, const prepared_call& call, const call_context& context,
                           const http::response& answer) {
  failed.with_response(answer);
  if (const auto type = answer.headers.get("Content-Type")) {
    failed.with_what(failed.what() + " (Content-Type: " + std::string{*type} + ')');
  }
  failed.with_outcome(outcome::maybe_executed);
  return detail::with_call(std::move(failed), call, context);
}

SSO_DECL void exchange_from(http::response&& answer, const call_context& context, http_exchange& out) {
  out.request_id = request_id_of(answer.headers);
  out.status = answer.status;
  out.headers = std::move(answer.headers);
  out.body = std::move(answer.body);
  out.attempts = context.attempts;
}

SSO_DECL events::call_finished finished_event(const prepared_call& call, const call_context& context,
                                              const result<const http_exchange*>& exchange,
                                              events::duration elapsed) {
  events::call_finished finished{
      info_of(context, call.request), context.attempts, 0, std::nullopt, {}, elapsed};
  if (exchange) {
    finished.status = (*exchange)->status;
    finished.request_id = (*exchange)->request_id;
  } else {
    const auto failed = exchange.error();
    finished.status = failed.status();
    finished.failure = static_cast<errc>(failed.code().value());
    finished.request_id = failed.request_id();
  }
  return finished;
}

}  // namespace sso::pipeline
