// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/error_condition.hpp>

#include <ostream>
#include <string_view>
#include <type_traits>

namespace sso {

/// Why a call failed.
enum class errc {
  // Before anything is sent.
  invalid_argument = 1,  ///< a parameter or option breaks a rule; the message names both
  // The call itself.
  cancelled,  ///< the caller's cancellation signal was emitted
  timeout,    ///< a deadline passed; the message names the phase and the failure before it
  // transport
  connect_failed,       ///< no connection: name lookup failed, or no address accepted the connection
  tls_failed,           ///< the TLS handshake failed or the peer's certificate was refused
  transport_failed,     ///< the connection broke before the first byte of a response
  incomplete_response,  ///< the connection ended inside a response
  protocol_error,       ///< the received bytes are not a well-formed HTTP response
  response_too_large,   ///< the response exceeds a limit
  decode_failed,        ///< the response is complete, but its body is not as documented
  // authorization
  credentials_rejected,  ///< the token endpoint refused the client, or returned no usable token
  // Statuses of the API.
  bad_request,        ///< 400
  unauthorized,       ///< 401
  forbidden,          ///< 403
  not_found,          ///< 404
  conflict,           ///< 409
  unprocessable,      ///< 422
  rate_limited,       ///< 429
  server_error,       ///< 500 to 599
  unexpected_status,  ///< any other status that is not a success, including redirects
};

/// Classes of errors, compared with the code of an error: `if (error.code() == sso::condition::retryable)`.
enum class condition {
  retryable = 1,   ///< a later attempt may succeed; `outcome` says whether it is safe
  authorization,   ///< the credentials are refused: `credentials_rejected`, `unauthorized`, `forbidden`
  no_response,     ///< no complete response arrived
  client_mistake,  ///< the request must change before it can succeed
};

/// Whether the server may have executed the call.
enum class outcome {
  not_sent,  ///< not executed: no byte of the request was written (bytes of a token request may have been)
  maybe_executed,  ///< unknown, or executed but the response was unusable
  rejected,        ///< not executed: the server said so
};

/// The enumerator's name, e.g. `not_found`.
[[nodiscard]] SSO_DECL std::string_view to_string(errc e) noexcept;
/// The enumerator's name, e.g. `maybe_executed`.
[[nodiscard]] SSO_DECL std::string_view to_string(outcome o) noexcept;
/// Writes the enumerator's name.
inline std::ostream& operator<<(std::ostream& out, errc e) {
  return out << to_string(e);
}
/// Writes the enumerator's name.
inline std::ostream& operator<<(std::ostream& out, outcome o) {
  return out << to_string(o);
}

/// The category of `errc`; its name is `sso`.
[[nodiscard]] SSO_DECL const boost::system::error_category& error_category() noexcept;
/// The category of `condition`; its name is `sso.condition`.
[[nodiscard]] SSO_DECL const boost::system::error_category& condition_category() noexcept;

/// Converts an `errc` to an `error_code`. The message is the enumerator's name.
[[nodiscard]] inline boost::system::error_code make_error_code(errc e) noexcept {
  return {static_cast<int>(e), error_category()};
}
/// Allows comparing a `condition` with an `error_code`.
[[nodiscard]] inline boost::system::error_condition make_error_condition(condition c) noexcept {
  return {static_cast<int>(c), condition_category()};
}

/// Whether `e` belongs to the class `c`.
[[nodiscard]] SSO_DECL bool belongs_to(errc e, condition c) noexcept;

/// The code for the status of a response. Precondition: `status` is not 2xx.
[[nodiscard]] SSO_DECL errc errc_of_status(unsigned status) noexcept;

}  // namespace sso

template <>
struct boost::system::is_error_code_enum<sso::errc> : std::true_type {};
template <>
struct boost::system::is_error_condition_enum<sso::condition> : std::true_type {};

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/errc.ipp>
#endif
