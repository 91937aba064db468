// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>

namespace sso::detail {

/// A coroutine that runs in the background until it ends or is stopped. A handle: copies refer to the same
/// task.
class background_task {
public:
  /// No task.
  background_task() noexcept = default;

  /// Starts `work` on a strand of `executor`. Its exceptions are ignored.
  SSO_DECL background_task(const asio::any_io_executor& executor, asio::awaitable<void> work);

  /// Requests terminal cancellation; no effect if the task has ended. Thread-safe.
  SSO_DECL void stop() const;

  /// Whether the handle refers to a task.
  [[nodiscard]] explicit operator bool() const noexcept { return state_ != nullptr; }

private:
  struct state;
  class guard;
  struct completion;

  std::shared_ptr<state> state_;
};

}  // namespace sso::detail

#if defined(SSO_HEADER_ONLY)
#include <sso/detail/impl/background_task.ipp>
#endif
