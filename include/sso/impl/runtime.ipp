// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/runtime.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <new>
#include <random>

namespace sso {

/// A generator that survives `fork()`: its state is in a page of its own, which the kernel clears in a child process
/// (`MADV_WIPEONFORK`). There are no locks, since one that is held during `fork()` stays locked in the child.
struct system_runtime::generator {
  std::atomic<std::uint64_t> first;   // half of the seed; zero: not seeded in this process
  std::atomic<std::uint64_t> second;  // the other half
  std::atomic<std::uint64_t> drawn;   // how many numbers
  std::atomic<pid_t> seeded_in;       // where the kernel clears nothing; else zero

  static std::shared_ptr<generator> make() {
    void* const page =
        ::mmap(nullptr, sizeof(generator), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) throw std::bad_alloc{};
    std::shared_ptr<generator> made{new (page) generator{},
                                    [](generator* g) { ::munmap(g, sizeof(generator)); }};
#if defined(MADV_WIPEONFORK)
    const bool cleared = ::madvise(page, sizeof(generator), MADV_WIPEONFORK) == 0;
#else
    const bool cleared = false;
#endif
    if (!cleared) made->seeded_in = ::getpid();
    made->seed();
    return made;
  }

  std::uint64_t seed() {
    std::random_device device;
    const auto draw = [&device] { return (std::uint64_t{device()} << 32) | device(); };
    second = draw();
    first = draw() | 1;
    return first;
  }

  std::uint64_t draw() {
    const auto pid = seeded_in.load(std::memory_order_relaxed);
    auto key = first.load(std::memory_order_relaxed);
    if (pid != 0 && pid != ::getpid()) {
      seeded_in = ::getpid();
      key = 0;
    }
    if (key == 0) key = seed();
    // SplitMix64 (Steele, Lea and Flood, 2014), keyed a second time.
    const auto n = drawn.fetch_add(1, std::memory_order_relaxed);
    return mix(mix(key + n * 0x9e37'79b9'7f4a'7c15ULL) ^ second.load(std::memory_order_relaxed));
  }

  static std::uint64_t mix(std::uint64_t z) noexcept {
    z = (z ^ (z >> 30)) * 0xbf58'476d'1ce4'e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d0'49bb'1331'11ebULL;
    return z ^ (z >> 31);
  }
};

SSO_DECL system_runtime::system_runtime() : generator_{generator::make()} {}

SSO_DECL asio::awaitable<void> system_runtime::sleep(std::chrono::steady_clock::duration duration) const {
  asio::steady_timer timer{co_await asio::this_coro::executor, duration};
  co_await timer.async_wait(asio::use_awaitable);
}

SSO_DECL std::uint64_t system_runtime::random() const {
  return generator_->draw();
}

}  // namespace sso
