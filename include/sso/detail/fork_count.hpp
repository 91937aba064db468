// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <atomic>
#include <cstdint>

#if !defined(_WIN32)
#include <pthread.h>
#endif

namespace sso::detail {

inline std::atomic<std::uint64_t> forks_seen{0};

/// Differs between a process and each child that it forks. A call asks each time; `getpid` would be one more system
/// call to the four or five that a call needs.
[[nodiscard]] inline std::uint64_t fork_count() noexcept {
#if !defined(_WIN32)
  [[maybe_unused]] static const int registered =
      ::pthread_atfork(nullptr, nullptr, [] { forks_seen.fetch_add(1, std::memory_order_relaxed); });
#endif
  return forks_seen.load(std::memory_order_relaxed);
}

}  // namespace sso::detail
