// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/connection.hpp>
#include <sso/detail/beast/event.hpp>
#include <sso/detail/duration.hpp>
#include <sso/http/origin.hpp>
#include <sso/transports/beast_options.hpp>
#include <sso/transports/beast_stats.hpp>

#include <boost/intrusive/list.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sso::detail::net {

struct pool_bucket;

/// The place of one connection to an origin, with the kept connection, if there is one. Owned by a `lease`.
struct pool_place {
  pool_bucket* bucket = nullptr;     // null: no place
  std::unique_ptr<connection> kept;  // null: one has to be opened
};

/// A call that waits for a place. The event is set when `granted` is, or when the deadline stops the wait.
struct pool_waiter : event, boost::intrusive::list_base_hook<> {
  using event::event;

  pool_bucket* bucket = nullptr;  // while queued
  std::uint64_t ticket = 0;
  pool_place granted;
};

/// The connections to one origin, and the calls that wait for one. Guarded by the pool's mutex.
struct pool_bucket {
  std::size_t open = 0;                           // places that are taken
  std::vector<std::unique_ptr<connection>> idle;  // the most recently used at the back
  boost::intrusive::list<pool_waiter> waiting;    // first come first served
};

/// Assigns connections to exchanges, under one mutex and without I/O. Thread-safe.
class pool {
public:
  explicit pool(const beast_pool_options& options) : options_{options} {
    options_.idle_timeout = clamp_duration(options_.idle_timeout);
    options_.max_lifetime = clamp_duration(options_.max_lifetime);
  }

  /// A place, if one is free and no call waits for it.
  [[nodiscard]] pool_place try_acquire(const http::origin& where) {
    const std::lock_guard lock{mutex_};
    close_expired();
    auto& bucket = bucket_of(where);
    return bucket.waiting.empty() ? serve(bucket) : pool_place{};
  }

  /// Frees a place. `reusable`: its connection may carry another exchange.
  void release(pool_place used, bool reusable) noexcept {
    const std::lock_guard lock{mutex_};
    auto& bucket = *used.bucket;
    bool keep = reusable && used.kept && !used.kept->is_inherited();
    if (keep) {
      const auto now = used.kept->idle_since = clock::now();
      keep = !is_expired(*used.kept, now);
      if (!keep) ++stats_.evicted;
    }
    if (keep) {
      bucket.idle.push_back(std::move(used.kept));
    } else {
      --bucket.open;
      --open_;
    }
    serve_next(bucket);
  }

  /// Grants `waiter` a place now, or later in the order of arrival.
  void enqueue(pool_waiter& waiter, const http::origin& where) {
    const std::lock_guard lock{mutex_};
    auto& bucket = bucket_of(where);
    if (bucket.waiting.empty())
      waiter.granted = serve(bucket);  // one may have become free since `try_acquire`
    if (waiter.granted.bucket != nullptr) return waiter.set();
    bucket.waiting.push_back(waiter);
    waiter.bucket = &bucket;
    waiter.ticket = next_ticket_++;
  }

  /// Takes `waiter` out of the queue. Returns what it was granted.
  [[nodiscard]] pool_place dequeue(pool_waiter& waiter) noexcept {
    const std::lock_guard lock{mutex_};
    if (auto* const bucket = std::exchange(waiter.bucket, nullptr)) {
      bucket->waiting.erase(bucket->waiting.iterator_to(waiter));
    }
    return std::exchange(waiter.granted, {});
  }

  void count(std::uint64_t beast_stats::*what) {
    const std::lock_guard lock{mutex_};
    ++(stats_.*what);
  }

  [[nodiscard]] beast_stats stats() {
    const std::lock_guard lock{mutex_};
    close_expired();
    auto out = stats_;
    out.open = open_;
    for (const auto& [where, bucket] : buckets_) {
      out.idle += bucket.idle.size();
      out.waiting += bucket.waiting.size();
    }
    return out;
  }

private:
  [[nodiscard]] pool_bucket& bucket_of(const http::origin& where) {
    auto& bucket = buckets_[where];
    // Reserved in advance, so that `release` allocates nothing.
    bucket.idle.reserve((std::min)(options_.per_origin, bucket.open + bucket.waiting.size() + 1));
    return bucket;
  }

  /// A place with an idle connection, or one to open a connection, or none.
  [[nodiscard]] pool_place serve(pool_bucket& bucket) noexcept {
    if (!bucket.idle.empty()) {
      ++stats_.reused;
      pool_place out{&bucket, std::move(bucket.idle.back())};
      bucket.idle.pop_back();
      return out;
    }
    if (bucket.open >= options_.per_origin || !make_room()) return {};
    ++bucket.open;
    ++open_;
    return {&bucket, nullptr};
  }

  /// Grants the place that became free in `freed` to the longest waiting call that can use it.
  void serve_next(const pool_bucket& freed) noexcept {
    pool_bucket* next = nullptr;
    for (auto& [where, bucket] : buckets_) {
      if (bucket.waiting.empty() || (&bucket != &freed && bucket.open >= options_.per_origin)) continue;
      if (next == nullptr || bucket.waiting.front().ticket < next->waiting.front().ticket) next = &bucket;
    }
    if (next == nullptr) return;
    auto granted = serve(*next);
    if (granted.bucket == nullptr) return;
    auto& waiter = next->waiting.front();
    next->waiting.pop_front();
    waiter.bucket = nullptr;
    waiter.granted = std::move(granted);
    waiter.set();
  }

  [[nodiscard]] bool is_expired(const connection& idle, clock::time_point now) const noexcept {
    return now - idle.idle_since >= options_.idle_timeout || now - idle.opened >= options_.max_lifetime;
  }

  /// Closes idle connections that have expired or were inherited by a fork. (Closing does not block.)
  void close_expired() {
    const auto now = clock::now();
    for (auto at = buckets_.begin(); at != buckets_.end();) {
      auto& bucket = at->second;
      const auto closed = std::erase_if(
          bucket.idle, [&](const auto& one) { return is_expired(*one, now) || one->is_inherited(); });
      bucket.open -= closed;
      open_ -= closed;
      stats_.evicted += closed;
      at = bucket.open == 0 && bucket.waiting.empty() ? buckets_.erase(at) : std::next(at);
    }
  }

  /// Whether one more connection may be opened. At the limit it closes the longest idle one.
  [[nodiscard]] bool make_room() noexcept {
    if (open_ < options_.total) return true;
    pool_bucket* oldest = nullptr;
    for (auto& [where, bucket] : buckets_) {
      if (bucket.idle.empty()) continue;
      if (oldest == nullptr || bucket.idle.front()->idle_since < oldest->idle.front()->idle_since)
        oldest = &bucket;
    }
    if (oldest == nullptr) return false;
    oldest->idle.erase(oldest->idle.begin());
    --oldest->open;
    --open_;
    ++stats_.evicted;
    return true;
  }

  beast_pool_options options_;
  std::mutex mutex_;
  std::unordered_map<http::origin, pool_bucket> buckets_;
  std::size_t open_ = 0;  // in all buckets
  std::uint64_t next_ticket_ = 0;
  beast_stats stats_;
};

}  // namespace sso::detail::net
