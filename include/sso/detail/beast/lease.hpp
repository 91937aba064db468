// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/pool.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <utility>

namespace sso::detail::net {

/// The right to use one connection of an origin, and the connection once there is one. A connection that is
/// not given back is closed, and its place becomes free.
class lease {
public:
  explicit lease(pool& owner) noexcept : owner_{owner} {}
  lease(const lease&) = delete;
  lease& operator=(const lease&) = delete;
  ~lease() { end(false); }

  /// Takes what the pool granted. False if that is no place.
  bool begin(pool_place granted) noexcept {
    bucket_ = granted.bucket;
    connection = std::move(granted.kept);
    return bucket_ != nullptr;
  }
  /// Returns the connection to the pool, for another exchange.
  void give_back() noexcept { end(true); }

  std::unique_ptr<net::connection> connection;  // null where one has to be opened

private:
  void end(bool reusable) noexcept {
    if (bucket_ == nullptr) return;
    owner_.release({std::exchange(bucket_, nullptr), std::move(connection)}, reusable);
  }

  pool& owner_;
  pool_bucket* bucket_ = nullptr;
};

/// Queued in the pool during its lifetime. A local variable of the waiting coroutine.
class lease_waiter final : public pool_waiter {
public:
  lease_waiter(pool& owner, const asio::any_io_executor& executor, const http::origin& where)
      : pool_waiter{executor}, owner_{owner} {
    owner_.enqueue(*this, where);
  }
  lease_waiter(const lease_waiter&) = delete;
  lease_waiter& operator=(const lease_waiter&) = delete;
  ~lease_waiter() override {
    auto unused = leave();
    if (unused.bucket != nullptr) owner_.release(std::move(unused), true);  // unused
  }

  /// Leaves the queue. Returns what was granted.
  [[nodiscard]] pool_place leave() noexcept { return owner_.dequeue(*this); }

private:
  pool& owner_;
};

}  // namespace sso::detail::net
