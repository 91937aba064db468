// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/call_options.hpp>
#include <sso/http/response.hpp>
#include <sso/pipeline/call_context.hpp>
#include <sso/pipeline/prepare.hpp>
#include <sso/pipeline/settings.hpp>
#include <sso/response.hpp>

#include <chrono>

namespace sso::pipeline {

/// Whether there is an answer, and its status is one of success (2xx).
[[nodiscard]] inline bool is_success(const result<http::response>& answer) noexcept {
  return answer && http::is_success(answer->status);
}

/// The error of a call that was refused before it began, with the caller's own id if that is one.
[[nodiscard]] SSO_DECL error refusal_of(error refused, const call_options& options);

/// The error a call ends with, complete with all that is known of the call. Precondition: `answer` is not a
/// success.
[[nodiscard]] SSO_DECL error failure_of(const settings& settings, const prepared_call& call,
                                        const call_context& context, const result<http::response>& answer,
                                        std::chrono::system_clock::time_point wall_now);

/// The error of a call that succeeded with a body that could not be read.
[[nodiscard]] SSO_DECL error undecodable(error failed, const prepared_call& call, const call_context& context,
                                         const http::response& answer);

/// Fills in the HTTP side of a success.
SSO_DECL void exchange_from(http::response&& answer, const call_context& context, http_exchange& out);

/// The event that ends a call. Its views refer to the arguments.
[[nodiscard]] SSO_DECL events::call_finished finished_event(const prepared_call& call,
                                                            const call_context& context,
                                                            const result<const http_exchange*>& exchange,
                                                            events::duration elapsed);

}  // namespace sso::pipeline

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/finish.ipp>
#endif
