// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/runtime.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

namespace sso::testing {

/// A runtime whose time a test owns: nobody waits, yet everybody sees the time pass. Satisfies
/// `sso::runtime`.
///
/// A handle: copies share clock, random numbers and records. Keep one copy in the test and give another to
/// the client. Its clocks stand still until somebody sleeps or the test calls `advance`.
///
/// Sleepers wake in the order of their times, and those of the same time in the order in which they began. One
/// wakes only when its event loop has nothing else to run; the clock then reads the sleeper's time.
///
/// - The order holds within one `io_context`, for all its strands and for all runtimes used there. Loops that share
///   a runtime share its clock, but do not wait for each other.
/// - A loop whose coroutines wait for a network has nothing to run: virtual time passes at once. A `sleep` that
///   guards real I/O therefore ends before it. Give such a client the `system_runtime`.
/// - Where several threads run one `io_context`, and on a `thread_pool`, a handler that another thread is running cannot be
///   seen: a sleeper gives it time to end, but time may pass before it does if it takes long.
///
/// Thread safety: every member may be called from several threads at once.
class manual_runtime {
public:
  /// Of the steady clock, so that literals of any unit fit.
  using duration = std::chrono::steady_clock::duration;

  /// The calendar reads 2024-01-01 00:00:00 UTC; random numbers follow from the seed 0.
  SSO_DECL manual_runtime();

  /// The monotonic clock: how far sleeping and `advance` have moved it.
  [[nodiscard]] SSO_DECL std::chrono::steady_clock::time_point now() const;
  /// The calendar, which moves along.
  [[nodiscard]] SSO_DECL std::chrono::system_clock::time_point wall_now() const;

  /// Effect: records `d`, waits until nothing else can run and no sleeper has an earlier time, and sets the clocks
  /// to `d` after the call unless they are past that already; sleeps that overlap therefore do not add up. A `d`
  /// of zero or less moves nothing, one above a hundred years counts as that.
  ///
  /// Completion: on the awaiting coroutine's executor. The loop has work until then.
  ///
  /// Cancellation: what the awaiting coroutine's state lets through, before the call or while it is suspended.
  /// Throws `boost::system::system_error` with `operation_aborted`; the clocks then stay where they were.
  [[nodiscard]] SSO_DECL asio::awaitable<void> sleep(duration d) const;

  /// The next number queued by `next_random`; else the one set by `every_random`; else the next of the
  /// sequence that follows from the seed, which is the same on every platform.
  [[nodiscard]] SSO_DECL std::uint64_t random() const;

  /// Moves both clocks forward. Precondition: `d` is not negative.
  SSO_DECL manual_runtime& advance(duration d);
  /// Moves both clocks forward until the monotonic one reads `time`; does nothing if it is past that.
  SSO_DECL manual_runtime& advance_to(std::chrono::steady_clock::time_point time);
  /// Sets the calendar, and leaves the monotonic clock alone.
  SSO_DECL manual_runtime& set_wall(std::chrono::sys_time<std::chrono::milliseconds> time);

  /// Restarts the sequence of random numbers and forgets what `next_random` and `every_random` set.
  SSO_DECL manual_runtime& seed(std::uint64_t seed);
  /// Queues one random number.
  SSO_DECL manual_runtime& next_random(std::uint64_t value);
  /// Makes every number that is not queued this one.
  SSO_DECL manual_runtime& every_random(std::uint64_t value);

  /// All durations given to `sleep`, in the order of the calls, cancelled ones included.
  [[nodiscard]] SSO_DECL std::vector<duration> slept() const;

private:
  friend class fake_transport;
  struct state;

  /// `sleep` without a record. Where `moves_time` is false, it ends when the clock has come to `until` because of
  /// other sleepers, and does not move the clock itself.
  SSO_DECL static asio::awaitable<void>
  wait_until(std::shared_ptr<state> shared, std::chrono::steady_clock::time_point until, bool moves_time);

  std::shared_ptr<state> state_;
};

}  // namespace sso::testing

#if defined(SSO_HEADER_ONLY)
#include <sso/testing/impl/manual_runtime.ipp>
#endif
