// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/auth/credentials.hpp>
#include <sso/http/request.hpp>
#include <sso/http/response.hpp>
#include <sso/http/url.hpp>
#include <sso/result.hpp>

#include <chrono>
#include <string_view>

namespace sso::auth {

/// The `Authorization` value of HTTP Basic (RFC 7617 §2) for these credentials.
[[nodiscard]] SSO_DECL secret basic_authorization(const client_credentials& credentials);

/// The `Authorization` value of a bearer token (RFC 6750 §2.1).
[[nodiscard]] SSO_DECL secret bearer_authorization(const secret& token);

/// The request for an access token (RFC 6749 §4.4.2). `operation` refers to a constant.
[[nodiscard]] SSO_DECL http::request make_token_request(const http::url& endpoint,
                                                        const client_credentials& credentials,
                                                        std::string_view user_agent,
                                                        std::string_view operation);

/// Reads the token endpoint's answer (RFC 6749 §5). `expires_in` may be a number or a numeric string; absent
/// or unreadable, it counts as 3600 s.
///
/// Errors, all with outcome `not_sent`, because the call that needed the token was not sent:
/// `credentials_rejected` for another 4xx or for a 2xx without a usable token, with the server's `error` and
/// `error_description`; `rate_limited` for 429 and `server_error` for 408 and 5xx, with `retry_after`;
/// `unexpected_status` for the rest.
[[nodiscard]] SSO_DECL result<access_token>
read_token_response(const http::response& response, std::chrono::system_clock::time_point wall_now);

}  // namespace sso::auth

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/token_request.ipp>
#endif
