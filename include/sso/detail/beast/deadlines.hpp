// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/io.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <new>
#include <utility>

namespace sso::detail::net {

/// One deadline's entry in `deadlines`. Guarded by its mutex, except `passed`.
struct deadline_entry : boost::intrusive::list_base_hook<> {
  clock::time_point due;
  stoppable* guarded = nullptr;  // what it stops; null: nothing at present
  std::atomic<bool> passed = false;
};

/// The deadlines of all exchanges of a transport, on one timer: one timer each would cost 11,000 instructions
/// and 20 allocations per call. Most exchanges end long before, so the timer is seldom set again. Owned by
/// `std::shared_ptr`. Thread-safe.
class deadlines : public std::enable_shared_from_this<deadlines> {
public:
  explicit deadlines(const asio::any_io_executor& executor) : timer_{executor} {}

  void add(deadline_entry& one) {
    const std::lock_guard lock{mutex_};
    if (one.due < armed_) arm(one.due);
    all_.push_back(one);
  }

  void move(deadline_entry& one, clock::time_point due) {
    const std::lock_guard lock{mutex_};
    if (due < armed_) arm(due);
    one.due = due;
  }

  void remove(deadline_entry& one) noexcept {
    const std::lock_guard lock{mutex_};
    all_.erase(all_.iterator_to(one));
    if (!all_.empty() || armed_ == never || settling_) return;
    try {
      // Posted: if the caller begins another exchange first, the timer stays as it is.
      asio::post(timer_.get_executor(), [self = shared_from_this()] { self->settle(); });
      settling_ = true;
    } catch (const std::bad_alloc&) {
      disarm();
    }
  }

  void guard(deadline_entry& one, stoppable* what) noexcept {
    const std::lock_guard lock{mutex_};
    one.guarded = what;
    if (one.passed && what != nullptr) what->stop();
  }

private:
  static constexpr auto never = (clock::time_point::max)();

  /// Starts the new wait before the old one ends: if there is no memory for it, the old one remains.
  void arm(clock::time_point when) {
    asio::steady_timer next{timer_.get_executor(), when};
    next.async_wait([weak = weak_from_this()](error_code cancelled) {
      if (const auto self = weak.lock(); self && !cancelled) self->stop_late_ones();
    });
    timer_ = std::move(next);
    armed_ = when;
  }

  void stop_late_ones() {
    const std::lock_guard lock{mutex_};
    const auto now = clock::now();
    auto next = never;
    for (auto& one : all_) {
      if (one.passed) continue;
      if (one.due > now) {
        next = (std::min)(next, one.due);
      } else {
        one.passed = true;
        if (one.guarded != nullptr) one.guarded->stop();
      }
    }
    armed_ = never;
    if (next != never) arm(next);
  }

  /// A timer without deadlines must not keep an event loop running.
  void settle() {
    const std::lock_guard lock{mutex_};
    settling_ = false;
    if (all_.empty()) disarm();
  }

  void disarm() {
    armed_ = never;
    timer_.cancel();
  }

  std::mutex mutex_;
  asio::steady_timer timer_;
  boost::intrusive::list<deadline_entry> all_;
  clock::time_point armed_ = never;
  bool settling_ = false;
};

/// The deadline of one exchange, in force during its lifetime.
class deadline {
public:
  deadline(std::shared_ptr<deadlines> owner, clock::time_point due) : owner_{std::move(owner)} {
    entry_.due = due;
    owner_->add(entry_);
  }
  deadline(const deadline&) = delete;
  deadline& operator=(const deadline&) = delete;
  ~deadline() { owner_->remove(entry_); }

  /// Whether it has passed. Final: `move_to` does not undo it.
  [[nodiscard]] bool passed() const noexcept { return entry_.passed; }
  void move_to(clock::time_point due) { owner_->move(entry_, due); }

  /// During the guard's lifetime the deadline stops `what` when it passes, or at once if it has passed.
  class guard {
  public:
    guard(deadline& watched, stoppable& what) noexcept : deadline_{watched} {
      deadline_.owner_->guard(deadline_.entry_, &what);
    }
    guard(const guard&) = delete;
    guard& operator=(const guard&) = delete;
    ~guard() { deadline_.owner_->guard(deadline_.entry_, nullptr); }

  private:
    deadline& deadline_;
  };

private:
  std::shared_ptr<deadlines> owner_;
  deadline_entry entry_;
};

}  // namespace sso::detail::net
