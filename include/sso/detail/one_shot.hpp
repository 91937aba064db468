// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <mutex>

namespace sso::detail {

/// How a wait ended.
enum class wait_status { set, timeout, cancelled };

/// An event that happens once: one coroutine waits for it, any thread sets it. Owned by `std::shared_ptr`.
///
/// The wait completes on the executor of the awaiting coroutine and reacts to every cancellation type that
/// reaches that coroutine.
class one_shot : public std::enable_shared_from_this<one_shot> {
public:
  SSO_DECL explicit one_shot(const asio::any_io_executor& waiter);

  /// Waits until `set` was called or `at_most` has passed on the machine's clock; called once. An event that
  /// was set first counts as set even if the time is over as well.
  [[nodiscard]] SSO_DECL asio::awaitable<wait_status> wait(std::chrono::steady_clock::duration at_most);

  /// Thread-safe; later calls have no effect.
  SSO_DECL void set();

private:
  struct initiation;

  SSO_DECL static asio::awaitable<wait_status> perform(std::shared_ptr<one_shot> self,
                                                       std::chrono::steady_clock::duration at_most);

  std::mutex mutex_;
  asio::steady_timer timer_;
  bool set_ = false;
};

}  // namespace sso::detail

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/one_shot.ipp>
#endif
