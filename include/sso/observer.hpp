// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/errc.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string_view>
#include <variant>

namespace sso {

/// Events of a client. Views are valid only during the call of the observer. No event contains a secret, a
/// body, a header or a query. A call refused before its start (`errc::invalid_argument`) emits no event.
namespace events {

/// Measured on the runtime's monotonic clock.
using duration = std::chrono::steady_clock::duration;

/// Members common to all events of a call.
struct call_info {
  std::string_view operation;          ///< e.g. `keycard.retrieve`
  std::string_view client_request_id;  ///< equal on all events of a call
  std::string_view method;             ///< e.g. `GET`
  std::string_view path;               ///< the request's path, without query
};

/// A request is about to be passed to the transport.
struct attempt_started {
  call_info call;    ///< the call
  unsigned attempt;  ///< 1 for the first
};

/// The transport completed the exchange.
struct attempt_finished {
  call_info call;               ///< the call
  unsigned attempt;             ///< 1 for the first
  unsigned status;              ///< 0 if there is no complete response
  std::optional<errc> failure;  ///< the error if there is no complete response
  std::string_view request_id;  ///< the server's id of the request
  duration elapsed;             ///< duration of the exchange, without the wait for a token
};

/// The call waits before the next attempt.
struct retry_scheduled {
  call_info call;               ///< the call
  unsigned attempt;             ///< the failed attempt
  unsigned status;              ///< of its response; 0 if there is no complete response
  std::optional<errc> failure;  ///< the error if there is no complete response
  duration wait;                ///< from now to the next attempt
};

/// A refresh of the access token starts. Calls wait for it if there is no cached token.
struct token_refresh_started {
  call_info call;  ///< the call that first needed it
};

/// A token request failed; the refresh waits before its next token request.
struct token_refresh_retried {
  call_info call;   ///< the call that first needed the token
  unsigned status;  ///< of the token endpoint; 0 if there is no complete response
  errc failure;     ///< the reason
  duration wait;    ///< from now to the next token request
};

/// A refresh of the access token completed or failed.
struct token_refreshed {
  call_info call;               ///< the call that first needed it
  std::optional<errc> failure;  ///< the reason of a failure; the old token stays in use while it is valid
  unsigned status;              ///< of the token endpoint; 0 if there was no request or no complete response
  std::optional<std::chrono::seconds> expires_in;  ///< lifetime of the new token; empty if unknown
  duration elapsed;                                ///< of the whole refresh
};

/// The call ended.
struct call_finished {
  call_info call;               ///< the call
  unsigned attempts;            ///< requests passed to the transport; 0 if the call ended before the first
  unsigned status;              ///< of the last response; 0 if the call ended without a complete response
  std::optional<errc> failure;  ///< the code of the call's error; empty if it succeeded
  std::string_view request_id;  ///< the server's id of the last request
  duration elapsed;             ///< of the whole call: token, backoff and all attempts
};

/// A wait for the verification of a domain starts: `truto.wait_until_verified`. Its checks are calls with the
/// same `client_request_id`.
struct wait_started {
  call_info call;    ///< the wait
  duration timeout;  ///< the timeout of the wait
};

/// A wait for the verification of a domain ended.
struct wait_finished {
  call_info call;               ///< the wait
  unsigned checks;              ///< number of checks
  std::optional<errc> failure;  ///< the code of the wait's error; empty if the domain is verified
  duration elapsed;             ///< of the whole wait
};

}  // namespace events

/// Any event, read with `std::visit`. A minor version may add new types.
using event = std::variant<events::attempt_started, events::attempt_finished, events::retry_scheduled,
                           events::token_refreshed, events::call_finished, events::token_refresh_started,
                           events::token_refresh_retried, events::wait_started, events::wait_finished>;

/// Called for each event on the executor of the call that caused it, concurrently if calls run on several
/// threads. It must not block. Exceptions are ignored. An empty observer costs nothing.
using observer = std::function<void(const event&)>;

}  // namespace sso
