// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>

namespace sso {

/// Source of time and random numbers for calls. Tests use `testing::manual_runtime`.
///
/// - `now()`: a monotonic clock, for deadlines and token lifetimes.
/// - `wall_now()`: the calendar clock, for HTTP dates only.
/// - `sleep(duration)`: completes after `duration` on the awaiting coroutine's executor, or throws
///   `operation_aborted` when cancelled.
/// - `random()`: 64 uniformly distributed bits.
///
/// Thread safety: every member may be called from several threads at once. Copies share state.
template <class R>
concept runtime = std::copy_constructible<R> && requires(R& r, std::chrono::steady_clock::duration duration) {
  { r.now() } -> std::convertible_to<std::chrono::steady_clock::time_point>;
  { r.wall_now() } -> std::convertible_to<std::chrono::system_clock::time_point>;
  { r.sleep(duration) } -> std::same_as<asio::awaitable<void>>;
  { r.random() } -> std::convertible_to<std::uint64_t>;
};

/// The machine's clocks, a timer on the awaiting coroutine's executor, and a generator seeded from
/// the system's random source. Thread-safe. A forked child process draws other numbers than its parent.
class system_runtime {
public:
  /// Seeds the generator. Throws `std::runtime_error` if the system has no random bytes.
  SSO_DECL system_runtime();

  /// `std::chrono::steady_clock`.
  [[nodiscard]] std::chrono::steady_clock::time_point now() const noexcept {
    return std::chrono::steady_clock::now();
  }
  /// `std::chrono::system_clock`.
  [[nodiscard]] std::chrono::system_clock::time_point wall_now() const noexcept {
    return std::chrono::system_clock::now();
  }
  /// Waits on a timer of the awaiting coroutine's executor; returns at once for zero or less. Throws
  /// `boost::system::system_error` with `operation_aborted` when cancelled.
  [[nodiscard]] SSO_DECL asio::awaitable<void> sleep(std::chrono::steady_clock::duration duration) const;
  /// 64 uniformly distributed bits. Not for cryptographic keys.
  [[nodiscard]] SSO_DECL std::uint64_t random() const;

private:
  struct generator;
  std::shared_ptr<generator> generator_;
};

}  // namespace sso

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/runtime.ipp>
#endif
