// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <atomic>
#include <cstdint>

#if !defined(_WIN32)
#include <pthread.h>
#endif

namespace sso::detail {

inline std::atomic<std::uint64_t> forks_seen{0};

/// A number that differs between a process and its forked children. Each API call uses it: `getpid` would add
/// one system call to its four or five.
[[nodiscard]] inline std::uint64_t fork_count() noexcept {
#if !defined(_WIN32)
  [[maybe_unused]] static const int registered =
      ::pthread_atfork(nullptr, nullptr, [] { forks_seen.fetch_add(1, std::memory_order_relaxed); });
#endif
  return forks_seen.load(std::memory_order_relaxed);
}

}  // namespace sso::detail
