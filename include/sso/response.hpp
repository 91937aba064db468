// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/headers.hpp>
#include <sso/result.hpp>

#include <boost/json/value.hpp>

#include <string>

namespace sso {

/// The HTTP side of a successful call.
struct http_exchange {
  unsigned status = 0;
  http::headers headers;
  std::string body;        ///< the raw body, with whatever members this library does not know yet
  std::string request_id;  ///< the server's id of the request; empty if it sent none
  unsigned attempts = 0;   ///< how often the request was sent

  /// The body as JSON. Errors: `decode_failed` if it is none.
  [[nodiscard]] SSO_DECL result<boost::json::value> json() const;
};

/// The `T` an operation answers, and the exchange that brought it.
template <class T>
struct response : T {
  http_exchange http;
};

template <>
struct response<void> {
  http_exchange http;
};

}  // namespace sso

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/response.ipp>
#endif
