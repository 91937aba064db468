// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/errc.hpp>

#include <boost/assert/source_location.hpp>

#include <chrono>
#include <iosfwd>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sso::http {
class headers;
struct response;
}  // namespace sso::http

namespace sso {

/// The error of a call with all its details. Copies share their text until one of them is modified, so
/// `r.error().server_message()` stays valid as long as `r` does.
///
/// Text sent by a server (`server_code`, `server_message`, `body`, `headers`) is untrusted: display it, but
/// do not act on it. `message()` escapes the parts it shows, so that they fit into one log line.
///
/// Thread safety: distinct objects are safe; concurrent reads of one object are safe.
class error {
public:
  /// No error: its code is zero.
  error() noexcept = default;

  /// For transports and token sources: creates an error of their own. `what` describes what happened and
  /// where, e.g. `connect to api.example.com:443 timed out after 5 s`. It must not contain a secret.
  SSO_DECL explicit error(errc code, sso::outcome outcome = sso::outcome::not_sent, std::string what = {},
                          boost::system::error_code cause = {});

  /// A value of `errc`; compares with `errc` and `condition`.
  [[nodiscard]] boost::system::error_code code() const noexcept { return make_error_code(code_); }
  /// The underlying error of the network, TLS or parser. After a timeout, the code of the last failed
  /// attempt. Empty if there is none.
  [[nodiscard]] SSO_DECL const boost::system::error_code& cause() const noexcept;
  /// Whether the server may have executed the call.
  [[nodiscard]] sso::outcome outcome() const noexcept { return outcome_; }
  /// Whether the effect of the call must be checked: the outcome is `maybe_executed` and the method is not
  /// safe (RFC 9110 §9.2.1).
  [[nodiscard]] SSO_DECL bool unsettled() const noexcept;
  /// The response's status; 0 if there was no complete response.
  [[nodiscard]] SSO_DECL unsigned status() const noexcept;
  /// The code in the server's error body: Keycard `code`, Truto and OAuth `error`. Untrusted.
  [[nodiscard]] SSO_DECL const std::string& server_code() const noexcept;
  /// The message in the server's error body: `message`, OAuth `error_description`. Untrusted.
  [[nodiscard]] SSO_DECL const std::string& server_message() const noexcept;
  /// The server's id for the request (`X-Request-Id`), to quote to its operators.
  [[nodiscard]] SSO_DECL const std::string& request_id() const noexcept;
  /// The client's id for the call, equal on all its attempts.
  [[nodiscard]] SSO_DECL const std::string& client_request_id() const noexcept;
  /// The wait that the server asked for, if any.
  [[nodiscard]] SSO_DECL std::optional<std::chrono::milliseconds> retry_after() const noexcept;
  /// Number of attempts; 0 if the call ended before the first.
  [[nodiscard]] SSO_DECL unsigned attempts() const noexcept;
  /// The first 4096 bytes of the response body, without the request's secrets. Untrusted.
  [[nodiscard]] SSO_DECL const std::string& body() const noexcept;
  /// The response headers. Include `<sso/http/headers.hpp>` for their type. Untrusted.
  [[nodiscard]] SSO_DECL const http::headers& headers() const noexcept;
  /// Description of the failure, without the call.
  [[nodiscard]] SSO_DECL const std::string& what() const noexcept;
  /// All details in one line: call, status, code, description, ids, and the cause unless the description
  /// contains it. From the response it contains `server_code()`, `server_message()`, `request_id()`, the target
  /// of a redirect without its query, and of a body that could not be read its `Content-Type` and beginning.
  /// Contains no secret of the caller.
  [[nodiscard]] SSO_DECL std::string message() const;

  /// Writes `message()`. Ignores the stream's flags, width, fill and locale.
  friend std::ostream& operator<<(std::ostream& out, const error& e) { return write(out, e); }

  // For layers, which add details to the error of the layer below. Each returns `*this`.
  /// Sets `code()`.
  SSO_DECL error& with_code(errc code);
  /// Sets `outcome()`.
  SSO_DECL error& with_outcome(sso::outcome outcome);
  /// Sets `cause()`.
  SSO_DECL error& with_cause(boost::system::error_code cause);
  /// Sets `what()`. It must not contain a secret.
  SSO_DECL error& with_what(std::string what);
  /// Sets the call: method and path, e.g. `GET /organizations/acme/sso-connection`. A query is removed.
  SSO_DECL error& with_call(std::string_view method, std::string_view target);
  /// Sets status, headers, body excerpt and request id from `response` (`<sso/http/response.hpp>`).
  SSO_DECL error& with_response(const http::response& response);
  /// Sets `server_code()` and `server_message()`.
  SSO_DECL error& with_server_text(std::string code, std::string message);
  /// Sets `client_request_id()`.
  SSO_DECL error& with_client_request_id(std::string id);
  /// Sets `retry_after()`.
  SSO_DECL error& with_retry_after(std::optional<std::chrono::milliseconds> wait);
  /// Sets `attempts()`.
  SSO_DECL error& with_attempts(unsigned attempts);

private:
  struct details;

  SSO_DECL static std::ostream& write(std::ostream& out, const error& e);
  SSO_DECL static std::ostream& print(std::ostream& out, const error& e);
  SSO_DECL const details& get() const noexcept;
  SSO_DECL details& change();

  errc code_{};
  sso::outcome outcome_ = sso::outcome::not_sent;
  std::shared_ptr<details> details_;  // null: none
};

/// The exception for an `error`. Thrown by `result::value()` and by constructors that refuse their options.
class exception : public std::runtime_error {
public:
  /// `what()` returns the error's `message()`.
  SSO_DECL explicit exception(sso::error error);

  /// The error. The reference is valid as long as a copy of the exception exists.
  [[nodiscard]] const sso::error& error() const noexcept { return *error_; }

private:
  std::shared_ptr<const sso::error> error_;  // shared, so that copying does not throw
};

/// Customization point of `boost::system::result`: throws `exception` when a missing value is accessed.
[[noreturn]] SSO_DECL void throw_exception_from_error(const error& e, const boost::source_location& where);

/// Summary of an error for use inside another error: status, code and description, without call, ids and
/// outcome.
[[nodiscard]] SSO_DECL std::string describe(const error& e);

/// An error for a refused argument or option, with outcome `not_sent`. `rule` states the rule for the
/// parameter.
[[nodiscard]] SSO_DECL error invalid_argument(std::string_view parameter, std::string_view rule);

}  // namespace sso

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/error.ipp>
#endif
