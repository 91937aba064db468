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

/// How a repeated query parameter is written: `a=1&a=2`, or `a[]=1&a[]=2`.
enum class expand_format { repeat, brackets };

/// How a client behaves. Checked when the client is built, which then throws `sso::exception` with
/// `errc::invalid_argument`; the message names the member and the rule.
///
/// With g++ 12, do not make one inside a `co_await` expression.
struct client_options {
  /// Where the API is, with or without a path prefix and a trailing slash. Empty: the vendor's own. Plain
  /// `http` is for loopback hosts only.
  std::string base_url{};
  /// The token endpoint of `client_credentials`, sent as it is written: an absolute URL, or a path, which continues
  /// `base_url`; a query may follow.
  /// Empty: the vendor's path below `base_url`.
  std::string token_url{};
  /// The whole call: waiting, name lookup, connecting, the token, back-off and every attempt. More than zero.
  std::chrono::milliseconds timeout{60'000};
  /// One attempt, from its start to the last byte of its response. More than zero.
  std::chrono::milliseconds attempt_timeout{30'000};
  /// How often a call is repeated, and how long it waits in between.
  retry_policy retry{};
  /// Sent with every request to the API, not to the token endpoint, in place of a default of the same name.
  /// Not `Authorization`, not the fields that belong to the transport (`Host`, `Content-Length`,
  /// `Transfer-Encoding`, `TE`, `Trailer`, `Connection`, `Upgrade`, `Expect`, `Proxy-Authorization`), and not
  /// Keycard's `X-Client-Request-ID`, which differs with every call.
  http::headers headers{};
  /// Appended to the query of every request to the API; names and values as they are, not encoded. No name
  /// may be empty.
  std::vector<std::pair<std::string, std::string>> query{};
  /// Sizes of responses; its `timeout` bounds an attempt too, where it is the smaller one. All above zero.
  http::limits limits{.timeout = std::chrono::steady_clock::duration::max()};
  /// Keycard only: how `expand` is written.
  sso::expand_format expand_format = sso::expand_format::repeat;
  /// Told of every attempt, retry, token and end of a call; empty: nobody watches. `make_logger`
  /// (`<sso/logger.hpp>`) makes one that writes a log.
  sso::observer observer{};
  /// The `User-Agent`, without control characters. Empty: `sso-cpp/` and the library's version.
  std::string user_agent{};
  /// Lets credentials travel unencrypted to hosts that are not loopback. Anyone on the way can then take
  /// them. The transport has a say as well: `beast_transport` wants an option of its own.
  bool dangerously_allow_plain_http = false;
};

}  // namespace sso
