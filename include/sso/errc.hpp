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
  // before anything is sent
  invalid_argument = 1,  ///< a parameter or option breaks a rule; the message names both
  // the call's own end
  cancelled,  ///< the caller's cancellation signal was emitted
  timeout,    ///< a deadline passed; the message names the phase and the failure before it
  // transport
  connect_failed,       ///< no connection: the name did not resolve or no address answered
  tls_failed,           ///< the TLS handshake failed or the peer's certificate was refused
  transport_failed,     ///< the connection broke before the first byte of a response
  incomplete_response,  ///< the connection ended inside a response
  protocol_error,       ///< what arrived is not a well-formed HTTP response
  response_too_large,   ///< the response passes a limit
  decode_failed,        ///< a complete response whose body is not what the operation documents
  // authorization
  credentials_rejected,  ///< the token endpoint refused the client, or gave no usable token
  // what the API answered
  bad_request,        ///< 400
  unauthorized,       ///< 401
  forbidden,          ///< 403
  not_found,          ///< 404
  conflict,           ///< 409
  unprocessable,      ///< 422
  rate_limited,       ///< 429
  server_error,       ///< 500 to 599
  unexpected_status,  ///< any other status that is not a success, redirects included
};

/// Classes of failures, to compare an error's code with: `if (error.code() == sso::condition::retryable)`.
enum class condition {
  retryable = 1,   ///< another try later may succeed; whether it is safe, `outcome` tells
  authorization,   ///< the credentials are the problem: `credentials_rejected`, `unauthorized`, `forbidden`
  no_response,     ///< no complete response arrived
  client_mistake,  ///< the request must change before it can succeed
};

/// May the server have carried the call out?
enum class outcome {
  not_sent,        ///< no: not one byte of the request was written (of a token request some may have been)
  maybe_executed,  ///< unknown, or it did but the answer was unusable
  rejected,        ///< no: the server answered that it did not
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

/// Lets an `errc` stand where an `error_code` is wanted; its message is the enumerator's name.
[[nodiscard]] inline boost::system::error_code make_error_code(errc e) noexcept {
  return {static_cast<int>(e), error_category()};
}
/// Lets a `condition` be compared with an `error_code`.
[[nodiscard]] inline boost::system::error_condition make_error_condition(condition c) noexcept {
  return {static_cast<int>(c), condition_category()};
}

/// Whether `e` belongs to the class `c`.
[[nodiscard]] SSO_DECL bool belongs_to(errc e, condition c) noexcept;

/// The code for a response's status; precondition: `status` is not 2xx.
[[nodiscard]] SSO_DECL errc errc_of_status(unsigned status) noexcept;

}  // namespace sso

template <>
struct boost::system::is_error_code_enum<sso::errc> : std::true_type {};
template <>
struct boost::system::is_error_condition_enum<sso::condition> : std::true_type {};

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/errc.ipp>
#endif
