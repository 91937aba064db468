// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <cstddef>

namespace sso::http {

/// Limits of one exchange.
struct limits {
  /// Bounds the exchange from the call of `send` to the last byte of the response. Zero or less: no time is
  /// left.
  std::chrono::steady_clock::duration timeout = std::chrono::seconds{60};
  std::size_t body_bytes = 1024 * 1024;  ///< the longest accepted response body, in bytes
  std::size_t header_bytes = 64 * 1024;  ///< the longest accepted status line and header section, in bytes
};

}  // namespace sso::http
