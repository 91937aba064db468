// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/event.hpp>
#include <sso/detail/beast/lease.hpp>
#include <sso/detail/duration.hpp>
#include <sso/http/origin.hpp>
#include <sso/transports/beast_options.hpp>
#include <sso/transports/beast_stats.hpp>

#include <boost/intrusive/list.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace sso::detail::net {

/// A place in the queue for a connection, in the frame of the coroutine that waits. Completes when `take` gives a lease, or
/// when it is stopped.
class pool_waiter : public event, public boost::intrusive::list_base_hook<> {
public:
  inline pool_waiter(pool& owner, const asio::any_io_executor& executor, const http::origin& where);
  pool_waiter(const pool_waiter&) = delete;
  pool_waiter& operator=(const pool_waiter&) = delete;
  inline ~pool_waiter() override;

  /// Leaves the queue with what was granted, or with an empty lease.
  [[nodiscard]] inline lease take() noexcept;

private:
  friend class pool;

  pool& owner_;
  pool_bucket* bucket_ = nullptr;  // while queued
  std::uint64_t ticket_ = 0;
  lease granted_;
};

/// The connections to one origin, and who waits for one. Guarded by the pool's mutex.
struct pool_bucket {
  const http::origin* where = nullptr;
  std::size_t open = 0;                         // leases and idle connections
  connection_list idle;                         // the most recently used at the back
  boost::intrusive::list<pool_waiter> waiting;  // first come first served
};

/// Who may use which connection. Decides under one mutex and does no I/O. Thread-safe.
class pool : public std::enable_shared_from_this<pool> {
public:
  explicit pool(const beast_pool_options& options) : options_{options} {
    options_.idle_timeout = clamp_duration(options_.idle_timeout);
    options_.max_lifetime = clamp_duration(options_.max_lifetime);
  }

  /// A lease if there is a connection, or room for one, and nobody waits for it; else an empty one.
  [[nodiscard]] lease try_acquire(const http::origin& where) {
    connection_list closing;  // destroyed after the lock
    const std::lock_guard lock{mutex_};
    expire(closing);
    auto& bucket = bucket_of(where);
    auto out = bucket.waiting.empty() ? serve(bucket, closing) : lease{};
    forget_if_unused(bucket);
    return out;
  }

  [[nodiscard]] beast_stats stats() {
    connection_list closing;
    const std::lock_guard lock{mutex_};
    expire(closing);
    auto out = stats_;
    for (const auto& [where, bucket] : buckets_) {
      out.open += bucket.open;
      out.idle += bucket.idle.size();
      out.waiting += bucket.waiting.size();
    }
    return out;
  }

  void count_opened() { count(&beast_stats::opened); }
  void count_replaced() { count(&beast_stats::replaced); }

private:
  friend class lease;
  friend class pool_waiter;

  void count(std::uint64_t beast_stats::*what) {
    const std::lock_guard lock{mutex_};
    ++(stats_.*what);
  }

  void enqueue(pool_waiter& waiter, const http::origin& where) {
    connection_list closing;
    const std::lock_guard lock{mutex_};
    auto& bucket = bucket_of(where);
    if (bucket.waiting.empty()) waiter.granted_ = serve(bucket, closing);  // it may have come meanwhile
    if (waiter.granted_) return waiter.set();
    bucket.waiting.push_back(waiter);
    waiter.bucket_ = &bucket;
    waiter.ticket_ = next_ticket_++;
  }

  [[nodiscard]] lease dequeue(pool_waiter& waiter) noexcept {
    const std::lock_guard lock{mutex_};
    if (auto* const bucket = std::exchange(waiter.bucket_, nullptr)) {
      bucket->waiting.erase(bucket->waiting.iterator_to(waiter));
      forget_if_unused(*bucket);
    }
    return std::move(waiter.granted_);
  }

  void release(pool_bucket& bucket, std::unique_ptr<connection> used, bool reusable) noexcept {
    connection_list closing;
    const std::lock_guard lock{mutex_};
    const auto now = clock::now();
    reusable = reusable && !used->is_inherited();
    const bool old = reusable && (now - used->opened >= options_.max_lifetime ||
                                  options_.idle_timeout <= clock::duration::zero());
    if (old) ++stats_.evicted;
    if (reusable && !old) {
      used->idle_since = now;
      next_expiry_ = (std::min)(next_expiry_, expiry_of(*used));
      bucket.idle.push_back(std::move(used));
    } else {
      if (used) closing.push_back(std::move(used));
      --bucket.open;
      --open_;
    }
    serve_next(bucket, closing);
    forget_if_unused(bucket);
  }

  [[nodiscard]] pool_bucket& bucket_of(const http::origin& where) {
    const auto at = buckets_.try_emplace(where).first;
    at->second.where = &at->first;
    return at->second;
  }

  void forget_if_unused(pool_bucket& bucket) noexcept {
    if (bucket.open == 0 && bucket.waiting.empty()) buckets_.erase(buckets_.find(*bucket.where));
  }

  /// An idle connection, or room to open one, or nothing.
  [[nodiscard]] lease serve(pool_bucket& bucket, connection_list& closing) {
    if (!bucket.idle.empty()) {
      ++stats_.reused;
      return lease{shared_from_this(), bucket, bucket.idle.take_back()};
    }
    if (bucket.open >= options_.per_origin || !make_room(closing)) return {};
    ++bucket.open;
    ++open_;
    return lease{shared_from_this(), bucket, nullptr};
  }

  /// What one exchange freed in `freed` serves the one who waited longest of those that it can serve.
  void serve_next(const pool_bucket& freed, connection_list& closing) noexcept {
    pool_bucket* next = nullptr;
    for (auto& [where, bucket] : buckets_) {
      if (bucket.waiting.empty() || (&bucket != &freed && bucket.open >= options_.per_origin)) continue;
      if (next == nullptr || bucket.waiting.front().ticket_ < next->waiting.front().ticket_) next = &bucket;
    }
    if (next == nullptr) return;
    auto granted = serve(*next, closing);
    if (!granted) return;
    auto& waiter = next->waiting.front();
    next->waiting.pop_front();
    waiter.bucket_ = nullptr;
    waiter.granted_ = std::move(granted);
    waiter.set();
  }

  void evict(pool_bucket& bucket, connection& idle, connection_list& closing) noexcept {
    closing.push_back(bucket.idle.take(idle));
    --bucket.open;
    --open_;
    ++stats_.evicted;
  }

  [[nodiscard]] clock::time_point expiry_of(const connection& idle) const noexcept {
    return (std::min)(idle.idle_since + options_.idle_timeout, idle.opened + options_.max_lifetime);
  }

  /// Closes idle connections that are too old, and those that this process inherited.
  void expire(connection_list& closing) {
    const auto now = clock::now();
    const auto forks = fork_count();
    if (now < next_expiry_ && forks == forks_) return;
    forks_ = forks;
    next_expiry_ = (clock::time_point::max)();
    for (auto at = buckets_.begin(); at != buckets_.end();) {
      auto& bucket = (at++)->second;
      bucket.idle.for_each([&](connection& idle) {
        if (expiry_of(idle) <= now || idle.is_inherited()) {
          evict(bucket, idle, closing);
        } else {
          next_expiry_ = (std::min)(next_expiry_, expiry_of(idle));
        }
      });
      forget_if_unused(bucket);
    }
  }

  /// Whether one more connection is within the total, after closing the longest idle one if need be.
  [[nodiscard]] bool make_room(connection_list& closing) noexcept {
    if (open_ < options_.total) return true;
    pool_bucket* oldest = nullptr;
    for (auto& [where, bucket] : buckets_) {
      if (bucket.idle.empty()) continue;
      if (oldest == nullptr || bucket.idle.front().idle_since < oldest->idle.front().idle_since)
        oldest = &bucket;
    }
    if (oldest == nullptr) return false;
    evict(*oldest, oldest->idle.front(), closing);  // an empty bucket is forgotten by `expire`
    return true;
  }

  beast_pool_options options_;
  std::mutex mutex_;
  std::unordered_map<http::origin, pool_bucket> buckets_;
  std::size_t open_ = 0;
  std::uint64_t next_ticket_ = 0;
  std::uint64_t forks_ = fork_count();
  clock::time_point next_expiry_ = (clock::time_point::max)();  // no idle connection is due before
  beast_stats stats_;
};

inline void lease::end(bool reusable) noexcept {
  if (bucket_ == nullptr) return;
  owner_->release(*std::exchange(bucket_, nullptr), std::move(connection), reusable);
  owner_.reset();
}

inline pool_waiter::pool_waiter(pool& owner, const asio::any_io_executor& executor, const http::origin& where)
    : event{executor}, owner_{owner} {
  owner_.enqueue(*this, where);
}

inline pool_waiter::~pool_waiter() {
  auto unused = take();
  if (unused.connection) unused.give_back();  // nothing was sent on it
}

inline lease pool_waiter::take() noexcept {
  return owner_.dequeue(*this);
}

}  // namespace sso::detail::net
