// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/headers.hpp>
#include <sso/http/method.hpp>
#include <sso/http/origin.hpp>

#include <string>
#include <string_view>

namespace sso::http {

/// One complete request that owns its parts. The transport adds only `Host`, `Content-Length`, the fields
/// that concern the connection, and `Accept-Encoding` if `headers` does not contain it.
struct request {
  http::method method = http::method::get;  ///< the request method
  http::origin origin{};                    ///< the server
  std::string target = "/";      ///< origin-form (RFC 9112 §3.2.1): path and query, already percent-encoded
  http::headers headers{};       ///< sent in this order
  std::string body{};            ///< sent with its length for POST, PUT and PATCH, even if empty
  std::string_view operation{};  ///< the operation, e.g. `keycard.retrieve`; `token` for a token request
  bool replayable = false;       ///< whether sending it twice does no more than sending it once
};

}  // namespace sso::http
