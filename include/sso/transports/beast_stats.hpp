// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace sso {

/// A look at a transport's connections. The last four are counts since it was built.
struct beast_stats {
  std::size_t open = 0;        ///< connections that exist, being opened, in use or idle
  std::size_t idle = 0;        ///< those of them that wait for a request
  std::size_t waiting = 0;     ///< calls that wait for a connection
  std::uint64_t opened = 0;    ///< connections established, handshake included
  std::uint64_t reused = 0;    ///< exchanges that began on a kept connection
  std::uint64_t evicted = 0;   ///< kept connections closed for age, or to make room
  std::uint64_t replaced = 0;  ///< kept connections that turned out dead and were replaced by a new one
};

}  // namespace sso
