// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/testing/manual_runtime.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/experimental/concurrent_channel.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <utility>

namespace sso::testing {
namespace detail {

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
  // Not the clock's epoch, which code may use as "never".
  std::chrono::steady_clock::time_point now_{std::chrono::hours{1000}};
  std::chrono::system_clock::time_point wall_{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}};
};

/// The `io_context` behind an executor, as far as that can be told; else null.
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

/// The sleepers of one event loop, of every `manual_runtime` used there.
///
/// While there are any, a handler of this class goes round in the loop. Each time it lets one other handler run, if
/// one is ready; if none is, it wakes the first sleeper. Such a handler, and not a nested `poll`, so that a test that
/// counts the steps of its loop still sees each of them.
class sleepers final : public asio::execution_context::service {
public:
  static inline asio::execution_context::id id;

  /// One that sleeps, from construction to destruction or `wake`.
  class sleeper {
  public:
    /// `moves_time` false: wakes when its time has come, but does not make it come.
    sleeper(const asio::any_io_executor& executor, virtual_clock& clock,
            std::chrono::steady_clock::time_point until, bool moves_time)
        : woken{executor, 1},
          clock_{clock},
          until_{until},
          moves_time_{moves_time},
          all_{asio::use_service<sleepers>(asio::query(executor, asio::execution::context))} {
      all_.add(*this, executor);
    }
    sleeper(const sleeper&) = delete;
    sleeper& operator=(const sleeper&) = delete;
    ~sleeper() { all_.remove(*this); }

    asio::experimental::concurrent_channel<void(boost::system::error_code)> woken;

  private:
    friend class sleepers;

    virtual_clock& clock_;
    const std::chrono::steady_clock::time_point until_;
    const bool moves_time_;
    std::uint64_t number_ = 0;
    sleepers& all_;
  };

  explicit sleepers(asio::execution_context& context) : service{context} {}

private:
  struct earlier {
    bool operator()(const sleeper* a, const sleeper* b) const {
      return std::pair{a->until_, a->number_} < std::pair{b->until_, b->number_};
    }
  };

  /// Keeps `step` going, whatever the handlers that it runs do.
  struct again {
    ~again() {
      const std::lock_guard lock{self.mutex_};
      self.stepping_ = false;
      self.keep_stepping(executor);
    }
    sleepers& self;
    const asio::any_io_executor& executor;
  };

  void shutdown() override {}  // the sleepers go with their coroutines

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
    first.woken.try_send(boost::system::error_code{});
  }

  bool something_else_ran(const asio::any_io_executor& executor) {
    if (auto* const loop = loop_of(executor)) return loop->poll_one() != 0 || loop->stopped();
    went_once_ = !went_once_;  // others cannot be asked: all that was queued has had its turn twice
    return went_once_;
  }

  std::mutex mutex_;  // guards what follows
  std::set<sleeper*, earlier> asleep_;
  std::size_t moving_ = 0;  // how many of them move time
  std::uint64_t begun_ = 0;
  bool stepping_ = false;
  bool went_once_ = false;  // touched by `step` alone
};

}  // namespace detail

struct manual_runtime::state {
  detail::virtual_clock clock;
  std::mutex mutex;  // guards what follows
  std::mt19937_64 engine{0};
  std::deque<std::uint64_t> queued;
  std::optional<std::uint64_t> every;
  std::vector<duration> slept;
};

SSO_DECL manual_runtime::manual_runtime() : state_{std::make_shared<state>()} {}

SSO_DECL std::chrono::steady_clock::time_point manual_runtime::now() const {
  return state_->clock.now();
}

SSO_DECL std::chrono::system_clock::time_point manual_runtime::wall_now() const {
  return state_->clock.wall_now();
}

SSO_DECL asio::awaitable<void> manual_runtime::sleep(duration d) const {
  constexpr duration longest = std::chrono::hours{24 * 365 * 100};
  const auto shared = state_;
  {
    const std::lock_guard lock{shared->mutex};
    shared->slept.push_back(d);
  }
  co_await wait_until(shared, shared->clock.now() + (std::min)(d, longest), true);
}

SSO_DECL asio::awaitable<void> manual_runtime::wait_until(std::shared_ptr<state> shared,
                                                          std::chrono::steady_clock::time_point until,
                                                          bool moves_time) {
  const auto cancellation = co_await asio::this_coro::cancellation_state;
  const auto executor = co_await asio::this_coro::executor;
  bool cancelled = cancellation.cancelled() != asio::cancellation_type::none;
  if (!cancelled) {
    detail::sleepers::sleeper self{executor, shared->clock, until, moves_time};
    boost::system::error_code failed;
    co_await self.woken.async_receive(asio::redirect_error(asio::use_awaitable, failed));
    cancelled = static_cast<bool>(failed);
  }
  if (cancelled) throw boost::system::system_error{asio::error::operation_aborted};
}

SSO_DECL std::uint64_t manual_runtime::random() const {
  const std::lock_guard lock{state_->mutex};
  if (!state_->queued.empty()) {
    const auto value = state_->queued.front();
    state_->queued.pop_front();
    return value;
  }
  return state_->every ? *state_->every : state_->engine();
}

SSO_DECL manual_runtime& manual_runtime::advance(duration d) {
  state_->clock.advance(d);
  return *this;
}

SSO_DECL manual_runtime& manual_runtime::advance_to(std::chrono::steady_clock::time_point time) {
  state_->clock.advance_to(time);
  return *this;
}

SSO_DECL manual_runtime& manual_runtime::set_wall(std::chrono::sys_time<std::chrono::milliseconds> time) {
  state_->clock.set_wall(time);
  return *this;
}

SSO_DECL manual_runtime& manual_runtime::seed(std::uint64_t seed) {
  const std::lock_guard lock{state_->mutex};
  state_->engine.seed(seed);
  state_->queued.clear();
  state_->every.reset();
  return *this;
}

SSO_DECL manual_runtime& manual_runtime::next_random(std::uint64_t value) {
  const std::lock_guard lock{state_->mutex};
  state_->queued.push_back(value);
  return *this;
}

SSO_DECL manual_runtime& manual_runtime::every_random(std::uint64_t value) {
  const std::lock_guard lock{state_->mutex};
  state_->every = value;
  return *this;
}

SSO_DECL std::vector<manual_runtime::duration> manual_runtime::slept() const {
  const std::lock_guard lock{state_->mutex};
  return state_->slept;
}

}  // namespace sso::testing
