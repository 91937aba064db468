// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/headers.hpp>
#include <sso/result.hpp>

#include <boost/json/value.hpp>

#include <string>

namespace sso {

/// The HTTP exchange of a successful call.
struct http_exchange {
  unsigned status = 0;     ///< 200 to 299
  http::headers headers;   ///< of the response, as received; untrusted
  std::string body;        ///< the raw body, including members that this library does not support yet
  std::string request_id;  ///< the server's id of the request; empty if it sent none
  unsigned attempts = 0;   ///< number of attempts

  /// The body parsed as JSON. Errors: `decode_failed` if it is not JSON.
  [[nodiscard]] SSO_DECL result<boost::json::value> json() const;
};

/// The value of a successful operation, a `T`, with its HTTP exchange.
template <class T>
struct response : T {
  http_exchange http;  ///< status, headers, raw body, ids and attempts
};

/// The result of a successful operation without a value.
template <>
struct response<void> {
  http_exchange http;  ///< status, headers, raw body, ids and attempts
};

}  // namespace sso

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/response.ipp>
#endif
