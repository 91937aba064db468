// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/lane.hpp>

#include <algorithm>
#include <memory>
#include <mutex>
#include <vector>

namespace sso::detail::net {

/// The deadlines of all exchanges of a transport, on one timer. Owned by `std::shared_ptr`. Thread-safe.
///
/// Most exchanges end long before their deadline, so the timer is set and taken back as seldom as can be:
/// it is never moved for an exchange that ends while others go on, and when it is first needed it is set to
/// go off soon. Whoever has been in flight for that long is worth a timer set to the deadline itself. Calls
/// that follow each other quickly thus share short waits, and an event loop without calls runs on for `soon`
/// at most.
class deadlines : public std::enable_shared_from_this<deadlines> {
public:
  /// Who has a deadline.
  class entry : public std::enable_shared_from_this<entry> {
  public:
    entry() = default;
    entry(const entry&) = delete;
    entry& operator=(const entry&) = delete;

  protected:
    ~entry() = default;

  private:
    friend class deadlines;

    /// Called without a lock held, on the thread that noticed.
    virtual void on_deadline() = 0;

    entry* next_ = nullptr;
    entry* before_ = nullptr;
    clock::time_point due_;
    clock::time_point since_;
  };

  explicit deadlines(io_executor executor) : timer_{executor} {}

  void add(entry& one, clock::time_point due, clock::time_point now) {
    const std::lock_guard lock{mutex_};
    one.due_ = due;
    one.since_ = now;
    one.before_ = nullptr;
    one.next_ = first_;
    if (first_ != nullptr) first_->before_ = &one;
    first_ = &one;
    if (due < armed_) arm((std::min)(due, now + soon));
  }

  /// Precondition: it was added, and not removed since. `on_deadline` may still be under way.
  void remove(entry& one) noexcept {
    const std::lock_guard lock{mutex_};
    (one.before_ != nullptr ? one.before_->next_ : first_) = one.next_;
    if (one.next_ != nullptr) one.next_->before_ = one.before_;
    if (first_ != nullptr || armed_ == never) return;
    const auto latest = clock::now() + soon;
    if (armed_ > latest) arm(latest);
  }

private:
  static constexpr std::chrono::milliseconds soon{5};
  static constexpr auto never = (clock::time_point::max)();

  void arm(clock::time_point when) {
    armed_ = when;
    timer_.expires_at(when);
    timer_.async_wait([weak = weak_from_this()](error_code cancelled) {
      if (cancelled) return;
      if (const auto self = weak.lock()) self->look();
    });
  }

  void look() {
    std::vector<std::shared_ptr<entry>> late;
    {
      const std::lock_guard lock{mutex_};
      const auto now = clock::now();
      auto earliest = never;
      bool all_young = true;
      for (auto* one = first_; one != nullptr; one = one->next_) {
        if (one->due_ > now) {
          earliest = (std::min)(earliest, one->due_);
          all_young = all_young && now - one->since_ < soon;
        } else if (auto alive = one->weak_from_this().lock()) {
          one->due_ = never;
          late.push_back(std::move(alive));
        }
      }
      armed_ = never;
      if (earliest != never) arm(all_young ? (std::min)(earliest, now + soon) : earliest);
    }
    for (const auto& one : late) one->on_deadline();
  }

  std::mutex mutex_;
  timer timer_;
  entry* first_ = nullptr;
  clock::time_point armed_ = never;
};

}  // namespace sso::detail::net
