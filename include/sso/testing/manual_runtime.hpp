// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/runtime.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

namespace sso::testing {

/// A runtime with virtual time controlled by a test: sleeping advances the clock without waiting. Satisfies
/// `sso::runtime`.
///
/// A handle: copies share clock, random numbers and records. Keep one copy in the test and pass another to
/// the client. The clocks advance only when a coroutine sleeps or the test calls `advance`.
///
/// Sleepers wake in the order of their wake-up times; sleepers with equal times in the order in which they
/// started. A sleeper wakes only if its event loop has nothing else to run. The clock then shows the
/// sleeper's time.
///
/// - The order holds within one `io_context`, for all its strands and all runtimes used on it. Event loops
///   that share a runtime share its clock, but do not wait for each other.
/// - An event loop whose coroutines wait for a network has nothing to run, so virtual time advances at once,
///   and a `sleep` that guards real I/O ends before the I/O. Use `system_runtime` for such a client.
/// - If several threads run one `io_context`, or on a `thread_pool`, a sleeper cannot detect handlers running
///   on other threads. It gives them time to end, but virtual time may advance before a slow handler ends.
///
/// Thread safety: every member may be called from several threads at once.
class manual_runtime {
public:
  /// A duration of the steady clock; accepts literals of any unit.
  using duration = std::chrono::steady_clock::duration;

  /// The calendar clock starts at 2024-01-01 00:00:00 UTC; the random numbers start from the seed 0.
  SSO_DECL manual_runtime();

  /// The monotonic clock, advanced by `sleep` and `advance`.
  [[nodiscard]] SSO_DECL std::chrono::steady_clock::time_point now() const;
  /// The calendar clock, which advances with the monotonic clock.
  [[nodiscard]] SSO_DECL std::chrono::system_clock::time_point wall_now() const;

  /// Effect: records `d`, waits until nothing else can run and no sleeper has an earlier time, and sets the
  /// clocks to `d` after the time of the call, unless they are later already. Overlapping sleeps therefore do
  /// not add up. A `d` of zero or less does not move the clocks; a `d` above a hundred years counts as a
  /// hundred years.
  ///
  /// Completion: on the awaiting coroutine's executor. The event loop has work until then.
  ///
  /// Cancellation: the types that the awaiting coroutine's state lets through, before the call or while it is
  /// suspended. Throws `boost::system::system_error` with `operation_aborted`; the clocks are then unchanged.
  [[nodiscard]] SSO_DECL asio::awaitable<void> sleep(duration d) const;

  /// The next number queued by `next_random`; otherwise the number set by `every_random`; otherwise the next
  /// number of the seed's sequence, which is the same on every platform.
  [[nodiscard]] SSO_DECL std::uint64_t random() const;

  /// Advances both clocks. Precondition: `d` is not negative.
  SSO_DECL manual_runtime& advance(duration d);
  /// Advances both clocks until the monotonic clock shows `time`; no effect if it is later already.
  SSO_DECL manual_runtime& advance_to(std::chrono::steady_clock::time_point time);
  /// Sets the calendar clock. The monotonic clock is unchanged.
  SSO_DECL manual_runtime& set_wall(std::chrono::sys_time<std::chrono::milliseconds> time);

  /// Restarts the random sequence from `seed` and discards numbers set by `next_random` and `every_random`.
  SSO_DECL manual_runtime& seed(std::uint64_t seed);
  /// Queues one random number.
  SSO_DECL manual_runtime& next_random(std::uint64_t value);
  /// Sets the value of all random numbers that are not queued.
  SSO_DECL manual_runtime& every_random(std::uint64_t value);

  /// All durations passed to `sleep`, in the order of the calls, including cancelled ones.
  [[nodiscard]] SSO_DECL std::vector<duration> slept() const;

private:
  friend class fake_transport;
  struct state;

  /// `sleep` without a record. If `moves_time` is false, it does not advance the clock, and ends when other
  /// sleepers have advanced it to `until`.
  SSO_DECL static asio::awaitable<void>
  wait_until(std::shared_ptr<state> shared, std::chrono::steady_clock::time_point until, bool moves_time);

  std::shared_ptr<state> state_;
};

}  // namespace sso::testing

#if defined(SSO_HEADER_ONLY)
#include <sso/testing/impl/manual_runtime.ipp>
#endif
