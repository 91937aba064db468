// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/headers.hpp>

#include <string>

namespace sso::http {

/// Whether a status reports success (2xx, RFC 9110 §15.3).
[[nodiscard]] constexpr bool is_success(unsigned status) noexcept {
  return status >= 200 && status <= 299;
}

/// Whether a status redirects to `Location` (RFC 9110 §15.4).
[[nodiscard]] constexpr bool is_redirect(unsigned status) noexcept {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// One complete response.
struct response {
  unsigned status = 0;      ///< 200 to 999; the transport consumes interim responses (1xx)
  http::headers headers{};  ///< as received; untrusted
  std::string body{};       ///< the content after transfer decoding
};

}  // namespace sso::http

#if defined(SSO_HEADER_ONLY)
#include <sso/http/impl/response.ipp>
#endif
