// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/call_options.hpp>
#include <sso/http/response.hpp>
#include <sso/pipeline/call.hpp>
#include <sso/pipeline/settings.hpp>
#include <sso/response.hpp>

#include <chrono>

/// What a call ends with: plain functions of its state.
namespace sso::pipeline {

/// Whether there is a response, and its status is one of success (2xx).
[[nodiscard]] inline bool is_success(const result<http::response>& response) noexcept {
  return response && http::is_success(response->status);
}

/// The error of a call that is refused before it starts, with the caller's id if that is a UUID.
[[nodiscard]] SSO_DECL error refusal(error refused, const call_options& options);

/// The end of a call that was cancelled, or had no time left, when it was to send a request.
[[nodiscard]] SSO_DECL error end_between_attempts(errc code, const call& call);

/// A failed attempt as an error, for `call::failure_before`.
[[nodiscard]] SSO_DECL error summary_of(const result<http::response>& failed);

/// The error of a call whose response is no success. A timeout names the failure before it.
[[nodiscard]] SSO_DECL error make_error(const settings& settings, const call& call,
                                        std::chrono::system_clock::time_point wall_now);

/// The error of a call that succeeded with a body that could not be decoded.
[[nodiscard]] SSO_DECL error make_decode_error(error failed, const call& call);

/// Moves the response of a successful call into `out`.
SSO_DECL void move_exchange(call& call, http_exchange& out);

}  // namespace sso::pipeline

#if defined(SSO_HEADER_ONLY)
#include <sso/pipeline/impl/call_result.ipp>
#endif
