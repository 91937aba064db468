// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/lane.hpp>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>

#include <algorithm>
#include <memory>

namespace sso::detail::net {

/// Why an exchange, or the opening of its connection, was ended from outside.
enum class interruption { none, deadline, connect_deadline, cancelled };

/// What can end the opening of a connection from outside, and what can wake it: the deadline, the caller's
/// cancellation, events on other threads. Owned by `std::shared_ptr`; all members run on `strand()` except
/// those that say otherwise.
///
/// An interruption closes the socket that is waited on instead of cancelling single operations. A cancel can
/// fall between two operations and get lost; a closed socket stays closed.
class supervisor : public std::enable_shared_from_this<supervisor> {
public:
  /// `executor` must outlive it.
  supervisor(const asio::any_io_executor& executor, clock::time_point deadline)
      : strand_{asio::make_strand(executor)},
        deadline_timer_{io_executor::on(executor)},
        wake_timer_{io_executor::on(executor)},
        deadline_{deadline},
        limit_{deadline} {}

  [[nodiscard]] const lane& strand() const noexcept { return strand_; }
  [[nodiscard]] interruption interrupted() const noexcept { return why_; }

  /// Starts the clock.
  void start() { arm(); }

  /// Sets an earlier limit for what comes now, the opening of a connection; `end_opening` takes it back.
  void begin_opening(clock::duration at_most) {
    limit_ = (std::min)(deadline_, clock::now() + at_most);
    if (limit_ < armed_) arm();
  }
  void end_opening() noexcept { limit_ = deadline_; }

  /// The socket that an interruption closes, or none. It must stay valid until the next call.
  void watch(tcp_socket* socket) noexcept { socket_ = socket; }

  void interrupt(interruption why) {
    if (finished_ || why_ != interruption::none) return;
    why_ = why;
    error_code ignored;
    if (socket_ != nullptr) socket_->close(ignored);
    wake_timer_.cancel();
  }

  /// From any thread.
  void post_interruption(interruption why) {
    asio::post(strand_, [self = shared_from_this(), why] { self->interrupt(why); });
  }

  /// From any thread: ends a `wait`, or the next one.
  void post_wake() {
    asio::post(strand_, [self = shared_from_this()] { self->wake(); });
  }

  void wake() {
    woken_ = true;
    wake_timer_.cancel();
  }

  /// Waits for `wake`, for an interruption, or until `at_latest`.
  task<void> wait(clock::time_point at_latest) {
    if (!woken_ && why_ == interruption::none) {
      wake_timer_.expires_at(at_latest);
      error_code ignored;
      co_await wake_timer_.async_wait(asio::redirect_error(use_task, ignored));
    }
    woken_ = false;
  }

  /// No interruption has an effect any more.
  void finish() {
    finished_ = true;
    socket_ = nullptr;
    deadline_timer_.cancel();
  }

private:
  void arm() {
    armed_ = limit_;
    deadline_timer_.expires_at(limit_);
    deadline_timer_.async_wait(asio::bind_executor(
        strand_, [self = shared_from_this()](error_code failed) { self->on_timer(failed); }));
  }

  void on_timer(error_code failed) {
    if (failed || finished_ || why_ != interruption::none) return;
    const auto now = clock::now();
    if (now >= deadline_) return interrupt(interruption::deadline);
    if (now >= limit_) return interrupt(interruption::connect_deadline);
    if (deadline_timer_.expiry() <= now) arm();
  }

  lane strand_;
  timer deadline_timer_;
  timer wake_timer_;
  clock::time_point deadline_;
  clock::time_point limit_;
  clock::time_point armed_ = (clock::time_point::max)();
  tcp_socket* socket_ = nullptr;
  interruption why_ = interruption::none;
  bool woken_ = false;
  bool finished_ = false;
};

}  // namespace sso::detail::net
