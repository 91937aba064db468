// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/headers.hpp>
#include <sso/http/limits.hpp>
#include <sso/observer.hpp>
#include <sso/retry_policy.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace sso {

/// Encoding of a repeated query parameter: `a=1&a=2` or `a[]=1&a[]=2`.
enum class expand_format { repeat, brackets };

/// Options of a client. The client's constructor checks them and throws `sso::exception` with
/// `errc::invalid_argument`; the message names the member and the rule.
///
/// With g++ 12, do not create one inside a `co_await` expression.
struct client_options {
  /// Base URL of the API; a path prefix and a trailing slash are allowed. Empty: the vendor's default. Plain
  /// `http` is allowed only for loopback hosts.
  std::string base_url{};
  /// Token endpoint of `client_credentials`: an absolute URL, or a path appended to `base_url`, with an
  /// optional query. Sent as written. Empty: the vendor's path below `base_url`.
  std::string token_url{};
  /// Bounds the whole call: waiting for a connection, name lookup, connecting, token, backoff and all
  /// attempts. Greater than zero.
  std::chrono::milliseconds timeout{60'000};
  /// Bounds one attempt, from its start to the last byte of its response. Greater than zero.
  std::chrono::milliseconds attempt_timeout{30'000};
  /// Number of retries and the backoff between them.
  retry_policy retry{};
  /// Header fields of every request to the API, but not of requests to the token endpoint. A field replaces a
  /// default of the same name. Not allowed are `Authorization`, the fields of the transport (`Host`,
  /// `Content-Length`, `Transfer-Encoding`, `TE`, `Trailer`, `Connection`, `Upgrade`, `Expect`,
  /// `Proxy-Authorization`), and Keycard's `X-Client-Request-ID`, which differs for each call.
  http::headers headers{};
  /// Query parameters appended to every request to the API, unencoded: the client percent-encodes them. Names
  /// are not empty.
  std::vector<std::pair<std::string, std::string>> query{};
  /// Limits of response sizes, each greater than zero. `limits.timeout` bounds an attempt as well, if it is
  /// shorter than `attempt_timeout`.
  http::limits limits{.timeout = std::chrono::steady_clock::duration::max()};
  /// Keycard only: encoding of the `expand` parameter.
  sso::expand_format expand_format = sso::expand_format::repeat;
  /// Called for each attempt, retry, token refresh and end of a call. May be empty. `make_logger`
  /// (`<sso/logger.hpp>`) creates an observer that writes a log.
  sso::observer observer{};
  /// Value of `User-Agent`, without control characters. Empty: `sso-cpp/` and the library's version.
  std::string user_agent{};
  /// Allows `http` for hosts that are not loopback. The credentials are then sent unencrypted, and anyone on
  /// the path can read them. The transport must allow it too: `beast_transport` has its own option.
  bool dangerously_allow_plain_http = false;
};

}  // namespace sso
