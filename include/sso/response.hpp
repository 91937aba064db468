// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/headers.hpp>
#include <sso/result.hpp>

#include <boost/json/value.hpp>

#include <string>

namespace sso {

/// The HTTP side of a successful call.
struct http_exchange {
  unsigned status = 0;     ///< 200 to 299
  http::headers headers;   ///< of the response, as received; untrusted
  std::string body;        ///< the raw body, with whatever members this library does not know yet
  std::string request_id;  ///< the server's id of the request; empty if it sent none
  unsigned attempts = 0;   ///< how often the request was sent

  /// The body as JSON. Errors: `decode_failed` if it is none.
  [[nodiscard]] SSO_DECL result<boost::json::value> json() const;
};

/// The `T` an operation answers, and the exchange that brought it.
template <class T>
struct response : T {
  http_exchange http;  ///< status, headers, raw body, ids and attempts
};

/// The answer of an operation that has nothing but its exchange.
template <>
struct response<void> {
  http_exchange http;  ///< status, headers, raw body, ids and attempts
};

}  // namespace sso

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/response.ipp>
#endif
