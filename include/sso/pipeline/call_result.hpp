// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/call_options.hpp>
#include <sso/http/response.hpp>
#include <sso/pipeline/call.hpp>
#include <sso/pipeline/settings.hpp>
#include <sso/response.hpp>

#include <chrono>

/// The result of a call, computed from its state.
namespace sso::pipeline {

/// Whether there is a response with a 2xx status.
[[nodiscard]] inline bool is_success(const result<http::response>& response) noexcept {
  return response && http::is_success(response->status);
}

/// Whether a body is HTML or XML, e.g. a page of a proxy or a login form: by its Content-Type, or by its
/// beginning. An empty body is not.
[[nodiscard]] SSO_DECL bool is_markup(const http::headers& headers, std::string_view body) noexcept;

/// What the response of a successful call without a model is instead of a success, e.g. `an HTML page`; empty
/// if nothing speaks against it.
[[nodiscard]] SSO_DECL std::string_view unexpected_content(const settings& settings, const call& call);

/// The error of a call refused before its start. Adds the caller's request id if it is a UUID.
[[nodiscard]] SSO_DECL error refusal(error refused, const call_options& options);

/// The error of a call that is `cancelled` or reaches its deadline (`timeout`) between attempts.
[[nodiscard]] SSO_DECL error end_between_attempts(errc code, const call& call);

/// Summary of a failed attempt, for `call::failure_before`.
[[nodiscard]] SSO_DECL error summary_of(const result<http::response>& failed);

/// The error of a call without a 2xx response. A timeout names the previous failure.
[[nodiscard]] SSO_DECL error make_error(const settings& settings, const call& call,
                                        std::chrono::system_clock::time_point wall_now);

/// The error of a call whose 2xx response is not what the operation returns, for the reason `why`.
[[nodiscard]] SSO_DECL error make_decode_error(const settings& settings, error why, const call& call);

/// Moves the response of a successful call into `out`.
SSO_DECL void move_exchange(call& call, http_exchange& out);

}  // namespace sso::pipeline

#if defined(SSO_HEADER_ONLY)
#include <sso/pipeline/impl/call_result.ipp>
#endif
