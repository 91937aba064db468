// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/credentials.hpp>
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

/// The `http::request::operation` of token requests.
inline constexpr std::string_view token_operation = "token";

/// The request for an access token (RFC 6749 §4.4.2).
[[nodiscard]] SSO_DECL http::request make_token_request(const http::url& endpoint,
                                                        const client_credentials& credentials,
                                                        std::string_view user_agent);

/// Reads the token endpoint's response (RFC 6749 §5). `expires_in` may be a number or a numeric string; if it
/// is absent or invalid, it is 3600 s.
///
/// Errors, all with outcome `not_sent`, because the call that needed the token was not sent:
/// `credentials_rejected` for another 4xx or for a 2xx without a usable token, with the server's `error` and
/// `error_description`; `rate_limited` for 429 and `server_error` for 408 and 5xx, with `retry_after`;
/// `unexpected_status` for the rest.
[[nodiscard]] SSO_DECL result<access_token>
read_token_response(const http::response& response, std::chrono::system_clock::time_point wall_now);

/// Converts the failure of a token request to the error of the waiting calls, with outcome `not_sent`.
[[nodiscard]] SSO_DECL error token_request_failed(error failure, const http::request& request);

/// Checks that the token of a `token_source` is valid in a header. Errors: `credentials_rejected`.
[[nodiscard]] SSO_DECL result<access_token> check_supplied(access_token token);

}  // namespace sso::auth

#if defined(SSO_HEADER_ONLY)
#include <sso/auth/impl/token_request.ipp>
#endif
