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

/// What went wrong with a call, with everything known of it. A value whose copies share their text until one
/// of them is changed, so that `r.error().server_message()` stays valid as long as `r` does.
///
/// Text that a server sent (`server_code`, `server_message`, `body`, `headers`) is untrusted: show it, do not
/// act on it. `message()` makes what it shows of that fit for one log line.
///
/// Thread safety: distinct objects are safe, a shared object may be read.
class error {
public:
  /// No error: its code is zero.
  error() noexcept = default;

  /// For transports and token sources: a failure of their own. `what` says in words what happened and where,
  /// e.g. `connect to api.example.com:443 timed out after 5 s`; never put a secret into it.
  SSO_DECL explicit error(errc code, sso::outcome outcome = sso::outcome::not_sent, std::string what = {},
                          boost::system::error_code cause = {});

  /// A value of `errc`; compares with `errc` and `condition`.
  [[nodiscard]] boost::system::error_code code() const noexcept { return make_error_code(code_); }
  /// The failure below this one: what the network, TLS or the parser reported; after a timeout, the code of
  /// the last failed attempt. Empty if there was none.
  [[nodiscard]] SSO_DECL const boost::system::error_code& cause() const noexcept;
  /// May the server have carried the call out?
  [[nodiscard]] sso::outcome outcome() const noexcept { return outcome_; }
  /// The response's status; 0 if there was no complete response.
  [[nodiscard]] SSO_DECL unsigned status() const noexcept;
  /// The code in the server's error body: Keycard `code`, Truto and OAuth `error`. Untrusted.
  [[nodiscard]] SSO_DECL const std::string& server_code() const noexcept;
  /// The message in the server's error body: `message`, OAuth `error_description`. Untrusted.
  [[nodiscard]] SSO_DECL const std::string& server_message() const noexcept;
  /// The server's id for the request (`X-Request-Id`), to quote to its operators.
  [[nodiscard]] SSO_DECL const std::string& request_id() const noexcept;
  /// Our id for the call, the same on all of its attempts.
  [[nodiscard]] SSO_DECL const std::string& client_request_id() const noexcept;
  /// How long the server asked to wait, where it did.
  [[nodiscard]] SSO_DECL std::optional<std::chrono::milliseconds> retry_after() const noexcept;
  /// How often the request was tried; 0 if the call ended before the first attempt.
  [[nodiscard]] SSO_DECL unsigned attempts() const noexcept;
  /// The first 4096 bytes of the response's body, as received. Untrusted.
  [[nodiscard]] SSO_DECL const std::string& body() const noexcept;
  /// The response's headers; `<sso/http/headers.hpp>` has their type. Untrusted.
  [[nodiscard]] SSO_DECL const http::headers& headers() const noexcept;
  /// What happened, in words, without the call it happened to.
  [[nodiscard]] SSO_DECL const std::string& what() const noexcept;
  /// All of it in one line: call, status, code, words, ids. Of the response it shows `server_code()`,
  /// `server_message()` and `request_id()`, where a redirect leads, without the query, and the `Content-Type`
  /// of a body that could not be read; nothing else of body and headers. No secret of the caller's.
  [[nodiscard]] SSO_DECL std::string message() const;

  /// Writes `message()`.
  friend std::ostream& operator<<(std::ostream& out, const error& e) { return print(out, e); }

  // For layers, which complete what the layer below reported. Each returns `*this`.
  /// Sets `code()`.
  SSO_DECL error& with_code(errc code);
  /// Sets `outcome()`.
  SSO_DECL error& with_outcome(sso::outcome outcome);
  /// Sets `cause()`.
  SSO_DECL error& with_cause(boost::system::error_code cause);
  /// Sets `what()`; never put a secret into it.
  SSO_DECL error& with_what(std::string what);
  /// The call: method and path, e.g. `GET /organizations/acme/sso-connection`; a query is cut off.
  SSO_DECL error& with_call(std::string_view method, std::string_view target);
  /// Status, headers, body excerpt and request id of `response`, from `<sso/http/response.hpp>`.
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

  SSO_DECL static std::ostream& print(std::ostream& out, const error& e);
  SSO_DECL const details& get() const noexcept;
  SSO_DECL details& change();

  errc code_{};
  sso::outcome outcome_ = sso::outcome::not_sent;
  std::shared_ptr<details> details_;  // null: none
};

/// An `error` thrown: by `result::value()`, and by constructors that refuse their options.
class exception : public std::runtime_error {
public:
  /// Its `what()` is the error's `message()`.
  SSO_DECL explicit exception(sso::error error);

  /// The error as a call without exceptions would have answered it; lives as long as any copy of the
  /// exception.
  [[nodiscard]] const sso::error& error() const noexcept { return *error_; }

private:
  std::shared_ptr<const sso::error> error_;  // shared: copying an exception must not throw
};

/// Found by `boost::system::result` when a value is asked for that is not there.
[[noreturn]] SSO_DECL void throw_exception_from_error(const error& e, const boost::source_location& where);

/// An error within another one: status, code and words, without call, ids and outcome.
[[nodiscard]] SSO_DECL std::string describe(const error& e);

/// The error that refuses an argument or option, with outcome `not_sent`. `rule` says what it must be.
[[nodiscard]] SSO_DECL error invalid_argument(std::string_view parameter, std::string_view rule);

}  // namespace sso

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/error.ipp>
#endif
