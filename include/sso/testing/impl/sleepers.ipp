// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstdint>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

namespace sso::testing::detail {

/// The two clocks of a `manual_runtime`. Thread-safe.
class virtual_clock {
public:
  [[nodiscard]] std::chrono::steady_clock::time_point now() const {
    const std::lock_guard lock{mutex_};
    return now_;
  }
  [[nodiscard]] std::chrono::system_clock::time_point wall_now() const {
    const std::lock_guard lock{mutex_};
    return wall_;
  }
  void advance(std::chrono::steady_clock::duration d) {
    const std::lock_guard lock{mutex_};
    move(d);
  }
  void advance_to(std::chrono::steady_clock::time_point time) {
    const std::lock_guard lock{mutex_};
    if (now_ < time) move(time - now_);
  }
  void set_wall(std::chrono::system_clock::time_point time) {
    const std::lock_guard lock{mutex_};
    wall_ = time;
  }

private:
  void move(std::chrono::steady_clock::duration d) {
    now_ += d;
    wall_ += std::chrono::duration_cast<std::chrono::system_clock::duration>(d);
  }

  mutable std::mutex mutex_;
  // Not the clock's epoch: code may use that as "never".
  std::chrono::steady_clock::time_point now_{std::chrono::hours{1000}};
  std::chrono::system_clock::time_point wall_{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}};
};

/// The `io_context` of an executor; null if it is unknown.
inline asio::io_context* loop_of(const asio::any_io_executor& executor) {
  using loop_executor = asio::io_context::executor_type;
  if (const auto* const direct = executor.target<loop_executor>()) return &direct->context();
  if (const auto* const strand = executor.target<asio::strand<loop_executor>>()) {
    return &strand->get_inner_executor().context();
  }
  if (const auto* const strand = executor.target<asio::strand<asio::any_io_executor>>()) {
    return loop_of(strand->get_inner_executor());
  }
  return nullptr;
}

/// The sleepers of one event loop, of all its `manual_runtime`s.
///
/// While there are sleepers, a handler reposts itself in the loop. Each time, it runs one other ready handler, or wakes
/// the first sleeper if there is none. It does not drain the loop by a nested `poll`: a test that counts the steps of
/// its loop must see each of them.
class sleepers final : public asio::execution_context::service {
public:
  static inline asio::execution_context::id id;

  /// A waiting coroutine, from construction until it is woken or destroyed.
  class sleeper {
  public:
    /// @param moves_time false: wakes at its time, but does not advance the clock to it
    sleeper(const asio::any_io_executor& executor, virtual_clock& clock,
            std::chrono::steady_clock::time_point until, bool moves_time)
        : timer_{executor, (asio::steady_timer::time_point::max)()},
          clock_{clock},
          until_{until},
          moves_time_{moves_time},
          all_{asio::use_service<sleepers>(asio::query(executor, asio::execution::context))} {
      all_.add(*this, executor);
    }
    sleeper(const sleeper&) = delete;
    sleeper& operator=(const sleeper&) = delete;
    ~sleeper() { all_.remove(*this); }

    /// Starts the wait under the lock that also guards waking.
    struct initiation {
      sleeper& one;

      template <class Handler>
      void operator()(Handler handler) const {
        const std::lock_guard lock{one.all_.mutex_};
        if (one.woken_) one.timer_.expires_after(asio::steady_timer::duration::zero());
        one.timer_.async_wait(std::move(handler));
      }
    };
    /// Whether it was woken rather than cancelled.
    [[nodiscard]] bool woken() const {
      const std::lock_guard lock{all_.mutex_};
      return woken_;
    }

  private:
    friend class sleepers;

    asio::steady_timer timer_;  // cancelled to wake; expires only if woken before the wait
    virtual_clock& clock_;
    const std::chrono::steady_clock::time_point until_;
    const bool moves_time_;
    std::uint64_t number_ = 0;
    bool woken_ = false;
    sleepers& all_;
  };

  explicit sleepers(asio::execution_context& context) : service{context} {}

private:
  struct earlier {
    bool operator()(const sleeper* a, const sleeper* b) const {
      return std::pair{a->until_, a->number_} < std::pair{b->until_, b->number_};
    }
  };

  /// Reposts `step`, also if the handler that it runs throws.
  struct again {
    ~again() {
      const std::lock_guard lock{self.mutex_};
      self.stepping_ = false;
      self.keep_stepping(executor);
    }
    sleepers& self;
    const asio::any_io_executor& executor;
  };

  void shutdown() override {}  // the coroutines destroy their sleepers

  void add(sleeper& one, const asio::any_io_executor& executor) {
    const std::lock_guard lock{mutex_};
    one.number_ = ++begun_;
    asleep_.insert(&one);
    if (one.moves_time_) ++moving_;
    auto* const loop = loop_of(executor);
    keep_stepping(loop != nullptr ? asio::any_io_executor{loop->get_executor()} : executor);
  }

  void remove(sleeper& one) {
    const std::lock_guard lock{mutex_};
    if (asleep_.erase(&one) != 0 && one.moves_time_) --moving_;
  }

  void keep_stepping(const asio::any_io_executor& executor) {
    if (stepping_ || moving_ == 0) return;
    stepping_ = true;
    asio::post(executor, [this, executor] { step(executor); });
  }

  void step(const asio::any_io_executor& executor) {
    const again next{*this, executor};
    if (something_else_ran(executor)) return;
    const std::lock_guard lock{mutex_};
    if (moving_ == 0) return;
    auto& first = **asleep_.begin();
    asleep_.erase(asleep_.begin());
    if (first.moves_time_) --moving_;
    first.clock_.advance_to(first.until_);
    first.woken_ = true;
    first.timer_.cancel();
  }

  /// Whether other work ran or may still run. The work of other threads cannot be observed: they get a number of rounds
  /// to finish it.
  bool something_else_ran(const asio::any_io_executor& executor) {
    constexpr int rounds = 50;
    auto* const loop = loop_of(executor);
    if (loop != nullptr && (loop->poll_one() != 0 || loop->stopped())) {
      quiet_rounds_ = 0;
      return true;
    }
    if (loop != nullptr && !has_several_threads()) return false;
    std::this_thread::yield();
    if (++quiet_rounds_ < rounds) return true;
    quiet_rounds_ = 0;
    return false;
  }

  bool has_several_threads() noexcept {
    const auto current = std::this_thread::get_id();
    if (thread_ == std::thread::id{}) thread_ = current;
    if (thread_ != current) several_threads_ = true;
    return several_threads_;
  }

  std::mutex mutex_;  // guards the members up to `stepping_`
  std::set<sleeper*, earlier> asleep_;
  std::size_t moving_ = 0;  // the number of sleepers that advance the clock
  std::uint64_t begun_ = 0;
  bool stepping_ = false;

  // Used only by `step`.
  int quiet_rounds_ = 0;
  std::thread::id thread_;
  bool several_threads_ = false;
};

}  // namespace sso::testing::detail
