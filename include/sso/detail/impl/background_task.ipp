// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/background_task.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>

#include <exception>
#include <mutex>
#include <optional>
#include <utility>

namespace sso::detail {

struct background_task::state {
  explicit state(const asio::any_io_executor& executor) : strand{asio::make_strand(executor)} {}

  std::mutex mutex;
  std::optional<asio::any_io_executor> strand;  // guarded by the mutex; empty once the task has ended
  std::optional<asio::cancellation_signal> signal{std::in_place};  // used on the strand only
};

/// Ends the task: releases signal and strand when the coroutine ends or is destroyed with its execution
/// context. Both use the context, and a handle may outlive it.
class background_task::guard {
public:
  explicit guard(std::shared_ptr<state> task) noexcept : task_{std::move(task)} {}
  guard(guard&&) noexcept = default;
  guard& operator=(guard&&) = delete;
  ~guard() {
    if (!task_) return;
    const std::lock_guard lock{task_->mutex};
    task_->signal.reset();
    task_->strand.reset();
  }

  [[nodiscard]] asio::any_io_executor strand() const { return *task_->strand; }

private:
  std::shared_ptr<state> task_;
};

/// Completes the coroutine. It still uses its cancellation slot here, so a posted handler destroys the guard.
struct background_task::completion {
  guard end;

  void operator()(const std::exception_ptr&) {
    const auto strand = end.strand();
    asio::post(strand, [after = std::move(end)] {});
  }
};

SSO_DECL background_task::background_task(const asio::any_io_executor& executor, asio::awaitable<void> work)
    : state_{std::make_shared<state>(executor)} {
  const auto strand = *state_->strand;
  const auto slot = state_->signal->slot();
  asio::co_spawn(strand, std::move(work), asio::bind_cancellation_slot(slot, completion{guard{state_}}));
}

SSO_DECL void background_task::stop() const {
  if (!state_) return;
  const std::lock_guard lock{state_->mutex};
  if (!state_->strand) return;
  asio::post(*state_->strand, [task = state_] {
    if (task->signal) task->signal->emit(asio::cancellation_type::terminal);
  });
}

}  // namespace sso::detail
