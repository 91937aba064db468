// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/headers.hpp>
#include <sso/http/method.hpp>
#include <sso/http/origin.hpp>

#include <string>
#include <string_view>

namespace sso::http {

/// One request, complete and owned. The transport adds only `Host`, `Content-Length`, `Accept-Encoding` where
/// `headers` has none, and what concerns the connection; all else is in `headers`.
struct request {
  http::method method = http::method::get;  ///< GET unless set
  http::origin origin{};                    ///< the server to ask
  std::string target = "/";  ///< origin-form (RFC 9112 §3.2.1): path and query, already percent-encoded
  http::headers headers{};   ///< in the order in which they are sent
  std::string body{};        ///< sent with its length for POST, PUT and PATCH even when empty
  std::string_view
      operation{};          ///< what the request is for, e.g. `keycard.retrieve`; `token` for an access token
  bool replayable = false;  ///< whether sending it twice does no more than sending it once
};

}  // namespace sso::http
