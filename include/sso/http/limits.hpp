// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <cstddef>

namespace sso::http {

/// What one exchange may take.
struct limits {
  /// From the call of `send` to the last byte of the response, all included. Zero or less: no time is left.
  std::chrono::steady_clock::duration timeout = std::chrono::seconds{60};
  std::size_t body_bytes = 1024 * 1024;  ///< the longest response body accepted, in bytes
  std::size_t header_bytes = 64 * 1024;  ///< the longest status line and header section accepted, in bytes
};

}  // namespace sso::http
