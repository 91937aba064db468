// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/errc.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string_view>
#include <variant>

namespace sso {

/// What a client reports while it works. Every view is valid during the observer's call only; none holds a
/// secret, a body, a header or a query. A call that is refused before it began (`errc::invalid_argument`)
/// reports nothing.
namespace events {

/// Measured on the runtime's monotonic clock.
using duration = std::chrono::steady_clock::duration;

/// What every event of a call carries.
struct call_info {
  std::string_view operation;          ///< e.g. `keycard.retrieve`
  std::string_view client_request_id;  ///< equal on all events of a call
  std::string_view method;             ///< e.g. `GET`
  std::string_view path;               ///< the request's path, without query
};

/// A request is about to go to the transport.
struct attempt_started {
  call_info call;    ///< which call
  unsigned attempt;  ///< 1 for the first
};

/// The transport answered.
struct attempt_finished {
  call_info call;               ///< which call
  unsigned attempt;             ///< 1 for the first
  unsigned status;              ///< 0 without a complete response
  std::optional<errc> failure;  ///< why there was none
  std::string_view request_id;  ///< the server's
  duration elapsed;             ///< from the transport's call to its answer, without the wait for a token
};

/// The call waits, and then makes another attempt.
struct retry_scheduled {
  call_info call;               ///< which call
  unsigned attempt;             ///< the one that failed
  unsigned status;              ///< of its response; 0 without a complete one
  std::optional<errc> failure;  ///< why there was none
  duration wait;                ///< from now to the next attempt
};

/// A refresh of the access token begins. All calls that need a token wait for it.
struct token_refresh_started {
  call_info call;  ///< the call that needed it first
};

/// A token request failed; the refresh waits, and then sends another one.
struct token_refresh_retried {
  call_info call;   ///< the call that needed it first
  unsigned status;  ///< of the token endpoint; 0 without a complete response
  errc failure;     ///< why there is no token
  duration wait;    ///< from now to the next token request
};

/// A refresh of the access token has ended.
struct token_refreshed {
  call_info call;               ///< the call that needed it first
  std::optional<errc> failure;  ///< why there is no new token; the old one stays in use while it is valid
  unsigned status;              ///< of the token endpoint; 0 if it was not asked or did not respond
  std::optional<std::chrono::seconds> expires_in;  ///< the new token's life; nothing if it was not told
  duration elapsed;                                ///< of the whole refresh
};

/// The call is over.
struct call_finished {
  call_info call;               ///< which call
  unsigned attempts;            ///< requests that went to the transport; 0 if the call ended before the first
  unsigned status;              ///< of the last response; 0 if the call ended without a complete one
  std::optional<errc> failure;  ///< the code of the call's error; nothing if it succeeded
  std::string_view request_id;  ///< the server's, of the last response
  duration elapsed;             ///< of the whole call: token, waits and all attempts
};

/// A wait for a domain's verification begins: `truto.wait_until_verified`. Its checks are calls with the same
/// `client_request_id`.
struct wait_started {
  call_info call;    ///< which wait
  duration timeout;  ///< what it may take at most
};

/// Such a wait is over.
struct wait_finished {
  call_info call;               ///< which wait
  unsigned checks;              ///< calls that asked whether the domain is verified
  std::optional<errc> failure;  ///< the code of the wait's error; nothing if the domain is verified
  duration elapsed;             ///< of the whole wait
};

}  // namespace events

/// Any of the events. `std::visit` tells them apart; new kinds may come with a minor version.
using event = std::variant<events::attempt_started, events::attempt_finished, events::retry_scheduled,
                           events::token_refreshed, events::call_finished, events::token_refresh_started,
                           events::token_refresh_retried, events::wait_started, events::wait_finished>;

/// Called with each event on the executor of the call that caused it, from several threads at once if calls
/// run on several. It must not block; what it throws is dropped. An empty one costs nothing.
using observer = std::function<void(const event&)>;

}  // namespace sso
