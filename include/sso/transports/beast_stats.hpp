// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace sso {

/// Statistics of a transport's connections. The last four count from its construction.
struct beast_stats {
  std::size_t open = 0;        ///< existing connections: being opened, in use or idle
  std::size_t idle = 0;        ///< idle connections
  std::size_t waiting = 0;     ///< calls waiting for a connection
  std::uint64_t opened = 0;    ///< connections established, including the handshake
  std::uint64_t reused = 0;    ///< exchanges that started on a kept-alive connection
  std::uint64_t evicted = 0;   ///< kept-alive connections closed because of their age or to make room
  std::uint64_t replaced = 0;  ///< dead kept-alive connections replaced by a new one
};

}  // namespace sso
