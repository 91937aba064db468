// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/response.hpp>
#include <sso/pipeline/call_context.hpp>
#include <sso/pipeline/prepare.hpp>
#include <sso/pipeline/settings.hpp>
#include <sso/response.hpp>

#include <chrono>
#include <optional>

namespace sso::pipeline {

/// The error a call ends with, complete with all that is known of the call, or nothing if its answer is a
/// success (2xx).
[[nodiscard]] SSO_DECL std::optional<error> failure_of(const settings& settings, const prepared_call& call,
                                                       const call_context& context,
                                                       const result<http::response>& answer,
                                                       std::chrono::system_clock::time_point wall_now);

/// The error of a call that succeeded with a body that could not be read.
[[nodiscard]] SSO_DECL error undecodable(error failed, const prepared_call& call, const call_context& context,
                                         const http::response& answer);

/// The HTTP side of a success.
[[nodiscard]] SSO_DECL http_exchange exchange_from(http::response answer, const call_context& context);

/// The event that ends a call. Its views refer to the arguments.
[[nodiscard]] SSO_DECL events::call_finished finished_event(const prepared_call& call,
                                                            const call_context& context,
                                                            const result<const http_exchange*>& exchange,
                                                            events::duration elapsed);

}  // namespace sso::pipeline

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/finish.ipp>
#endif
