// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/fork_count.hpp>
#include <sso/runtime.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <stdexcept>

#if defined(_WIN32)
#include <random>
#else
#include <sys/random.h>
#endif

namespace sso {

/// A random generator, seeded again in each forked process. Lock-free: a mutex that is locked during `fork()`
/// stays locked in the child.
struct system_runtime::generator {
  generator() { seed(detail::fork_count()); }

  /// @throws std::runtime_error if the system has no random bytes
  void seed(std::uint64_t process) {
    std::array<std::uint64_t, 2> bits{};
#if defined(_WIN32)
    std::random_device device;
    for (auto& word : bits) word = (std::uint64_t{device()} << 32) | device();
#else
    if (::getentropy(bits.data(), sizeof bits) != 0) {
      throw std::runtime_error{"the system has no random bytes"};
    }
#endif
    first = bits[0];
    second = bits[1];
    forks = process;
  }

  /// SplitMix64 (Steele, Lea and Flood, 2014) with a key of 128 bits.
  std::uint64_t draw() {
    const auto process = detail::fork_count();
    if (forks.load(std::memory_order_acquire) != process) seed(process);
    const auto n = drawn.fetch_add(1, std::memory_order_relaxed);
    return mix(mix(first.load(std::memory_order_relaxed) + n * 0x9e37'79b9'7f4a'7c15ULL) ^
               second.load(std::memory_order_relaxed));
  }

  static std::uint64_t mix(std::uint64_t z) noexcept {
    z = (z ^ (z >> 30)) * 0xbf58'476d'1ce4'e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d0'49bb'1331'11ebULL;
    return z ^ (z >> 31);
  }

  std::atomic<std::uint64_t> first;
  std::atomic<std::uint64_t> second;
  std::atomic<std::uint64_t> drawn{0};
  std::atomic<std::uint64_t> forks;  // `fork_count` when last seeded
};

SSO_DECL system_runtime::system_runtime() : generator_{std::make_shared<generator>()} {}

SSO_DECL asio::awaitable<void> system_runtime::sleep(std::chrono::steady_clock::duration duration) const {
  asio::steady_timer timer{co_await asio::this_coro::executor, duration};
  co_await timer.async_wait(asio::use_awaitable);
}

SSO_DECL std::uint64_t system_runtime::random() const {
  return generator_->draw();
}

}  // namespace sso
