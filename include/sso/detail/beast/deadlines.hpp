// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/io_executor.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace sso::detail::net {

/// The deadlines of all exchanges of a transport, on one timer. Owned by `std::shared_ptr`. Thread-safe.
///
/// Most exchanges end long before their deadline, so the timer is touched as seldom as can be: it stays where
/// it is when an exchange ends and when one with a later deadline begins. `settle` takes it back when nobody
/// is in flight any more, so that it keeps no event loop running.
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

    /// Called without a lock held, on the thread that noticed. False where memory failed, to be called again.
    [[nodiscard]] virtual bool on_deadline() = 0;
    /// The event loop was destroyed, and nothing will ever happen on it any more. Called without a lock held.
    virtual void on_abandoned() noexcept = 0;

    entry* next_ = nullptr;
    entry* before_ = nullptr;
    clock::time_point due_;
  };

  explicit deadlines(io_executor executor) : timer_{executor} {}

  void add(entry& one, clock::time_point due) {
    const std::lock_guard lock{mutex_};
    if (due < armed_) arm(due);
    one.due_ = due;
    one.before_ = nullptr;
    one.next_ = first_;
    if (first_ != nullptr) first_->before_ = &one;
    first_ = &one;
  }

  /// Precondition: it was added, and not removed since. `on_deadline` for the old one may still be under way.
  void change(entry& one, clock::time_point due) {
    const std::lock_guard lock{mutex_};
    if (due < armed_) arm(due);
    one.due_ = due;
  }

  /// Precondition: it was added, and not removed since. `on_deadline` may still be under way.
  void remove(entry& one) noexcept {
    const std::lock_guard lock{mutex_};
    (one.before_ != nullptr ? one.before_->next_ : first_) = one.next_;
    if (one.next_ != nullptr) one.next_->before_ = one.before_;
    if (to_tell_ == &one) to_tell_ = one.next_;
  }

  /// To be called after an exchange, when its caller has had the chance to begin the next one.
  void settle() {
    const std::lock_guard lock{mutex_};
    if (first_ != nullptr || armed_ == never) return;
    armed_ = never;
    timer_.cancel();
  }

private:
  static constexpr auto never = (clock::time_point::max)();

  /// What the timer calls. If it is destroyed instead, the event loop is.
  class alarm {
  public:
    alarm(std::weak_ptr<deadlines> owner, std::uint64_t number) noexcept
        : owner_{std::move(owner)}, number_{number} {}
    alarm(alarm&&) noexcept = default;
    ~alarm() {
      if (const auto owner = owner_.lock()) owner->abandon(number_);
    }
    void operator()(error_code cancelled) {
      const auto owner = std::exchange(owner_, {}).lock();
      if (owner && !cancelled) owner->look();
    }

  private:
    std::weak_ptr<deadlines> owner_;
    std::uint64_t number_;
  };

  void arm(clock::time_point when) {
    timer next{timer_.get_executor()};
    next.expires_at(when);
    next.async_wait(alarm{weak_from_this(), alarms_ + 1});
    timer_ = std::move(next);  // which cancels the former alarm, now that there is another
    armed_ = when;
    ++alarms_;  // not before: an alarm that could not be set is destroyed as well
  }

  void abandon(std::uint64_t number) noexcept {
    if (number != alarms_) return;  // not the one that is set
    begin_telling();
    while (const auto one = take_untold(never)) one->on_abandoned();
  }

  void look() {
    const auto now = clock::now();
    begin_telling();
    while (const auto late = take_untold(now)) {
      if (!late->on_deadline()) put_off(*late, now);
    }
    const std::lock_guard lock{mutex_};
    auto earliest = never;
    for (const auto* one = first_; one != nullptr; one = one->next_)
      earliest = (std::min)(earliest, one->due_);
    if (earliest < armed_) arm(earliest);
  }

  void put_off(entry& one, clock::time_point now) noexcept {
    const std::lock_guard lock{mutex_};
    one.due_ = now + std::chrono::milliseconds{10};
  }

  /// The alarm is over: whoever comes from now on sets another one.
  void begin_telling() noexcept {
    const std::lock_guard lock{mutex_};
    armed_ = never;
    to_tell_ = first_;
  }

  /// The next one whose deadline is not after `now`. Being told, it may remove itself and others.
  std::shared_ptr<entry> take_untold(clock::time_point now) noexcept {
    const std::lock_guard lock{mutex_};
    while (to_tell_ != nullptr) {
      auto& one = *std::exchange(to_tell_, to_tell_->next_);
      if (one.due_ > now) continue;
      if (auto alive = one.weak_from_this().lock()) {
        one.due_ = never;
        return alive;
      }
    }
    return nullptr;
  }

  std::mutex mutex_;
  timer timer_;
  entry* first_ = nullptr;
  entry* to_tell_ = nullptr;
  clock::time_point armed_ = never;
  std::atomic<std::uint64_t> alarms_ = 0;
};

}  // namespace sso::detail::net
