// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/connection.hpp>
#include <sso/detail/duration.hpp>
#include <sso/http/origin.hpp>
#include <sso/transports/beast_options.hpp>
#include <sso/transports/beast_stats.hpp>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <new>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sso::detail::net {

class pool;

/// Who waits for a connection.
class lease_seeker {
public:
  /// A lease is there, or is worth a try. Called without a lock held, from any thread.
  virtual void on_lease() = 0;

protected:
  ~lease_seeker() = default;
};

/// The connections to one origin, and who waits for one. Guarded by the pool's mutex.
struct pool_bucket {
  http::origin origin;
  std::size_t open = 0;                          // leases and idle connections
  std::deque<std::shared_ptr<connection>> idle;  // the most recently used at the back
  std::list<class pool_waiter*> waiting;         // first come first served
};

/// The right to one connection of an origin. Holds the connection, or room to open one. What is not given
/// back is dropped: whatever way an exchange ends, the room is free again.
class lease {
public:
  lease() = default;
  lease(std::shared_ptr<pool> owner, pool_bucket* bucket, std::shared_ptr<connection> kept)
      : owner_{std::move(owner)}, bucket_{bucket}, connection_{std::move(kept)} {}
  lease(lease&& other) noexcept
      : owner_{std::move(other.owner_)},
        bucket_{std::exchange(other.bucket_, nullptr)},
        connection_{std::move(other.connection_)} {}
  lease& operator=(lease&& other) noexcept {
    std::swap(owner_, other.owner_);
    std::swap(bucket_, other.bucket_);
    std::swap(connection_, other.connection_);
    return *this;
  }
  ~lease() { end(false); }

  explicit operator bool() const noexcept { return bucket_ != nullptr; }
  /// The kept connection; null where one has to be opened first.
  [[nodiscard]] const std::shared_ptr<connection>& get() const noexcept { return connection_; }
  void replace(std::shared_ptr<connection> opened) noexcept { connection_ = std::move(opened); }
  /// The connection is fit for another exchange.
  void give_back() { end(true); }

private:
  inline void end(bool reusable) noexcept;

  std::shared_ptr<pool> owner_;
  pool_bucket* bucket_ = nullptr;
  std::shared_ptr<connection> connection_;
};

/// A place in the queue for a connection. Leaves the queue when destroyed, which must be before the pool is.
class pool_waiter {
public:
  pool_waiter() = default;
  pool_waiter(const pool_waiter&) = delete;
  pool_waiter& operator=(const pool_waiter&) = delete;
  ~pool_waiter() { leave(); }

  /// Gives up the place, and what was granted to it but not collected.
  inline void leave() noexcept;

private:
  friend class pool;

  pool* owner_ = nullptr;  // once it was queued
  std::weak_ptr<lease_seeker> seeker_;
  pool_bucket* bucket_ = nullptr;  // while queued
  std::list<pool_waiter*>::iterator place_;
  std::uint64_t ticket_ = 0;
  lease granted_;
};

/// Who may use which connection. Decides under one mutex and does no I/O; safe for any thread.
class pool : public std::enable_shared_from_this<pool> {
public:
  explicit pool(const beast_pool_options& options) : options_{options} {
    options_.idle_timeout = clamp_duration(options_.idle_timeout);
    options_.max_lifetime = clamp_duration(options_.max_lifetime);
  }

  /// A lease, at once if there is a connection or room for one and nobody waits before; else an empty one,
  /// and `waiter` is queued until `collect` gives its lease; `seeker` is told when that is worth a try.
  [[nodiscard]] lease acquire(const http::origin& where, pool_waiter& waiter,
                              const std::shared_ptr<lease_seeker>& seeker) {
    doomed closing;
    const std::lock_guard lock{mutex_};
    const auto now = clock::now();
    expire(now, closing);
    auto& bucket = buckets_.try_emplace(where).first->second;
    if (bucket.open == 0 && bucket.waiting.empty()) bucket.origin = where;
    if (bucket.waiting.empty()) {
      if (!bucket.idle.empty()) {
        auto kept = std::move(bucket.idle.back());
        bucket.idle.pop_back();
        ++stats_.reused;
        return lease{shared_from_this(), &bucket, std::move(kept)};
      }
      if (bucket.open < options_.per_origin && make_room(closing)) return admit(bucket);
    }
    waiter.owner_ = this;
    waiter.seeker_ = seeker;
    waiter.ticket_ = next_ticket_++;
    waiter.place_ = bucket.waiting.insert(bucket.waiting.end(), &waiter);
    waiter.bucket_ = &bucket;  // not before it has its place
    return {};
  }

  /// The lease granted to `waiter`, or an empty one if it has to wait on.
  [[nodiscard]] lease collect(pool_waiter& waiter) {
    const std::lock_guard lock{mutex_};
    return std::move(waiter.granted_);
  }

  void leave(pool_waiter& waiter) noexcept {
    lease unused;
    {
      const std::lock_guard lock{mutex_};
      unused = std::move(waiter.granted_);
      if (auto* const bucket = std::exchange(waiter.bucket_, nullptr)) {
        bucket->waiting.erase(waiter.place_);
        forget_if_unused(*bucket);
      }
    }
    if (unused.get()) unused.give_back();  // a connection in health, for the next one
  }

  void release(pool_bucket& bucket, std::shared_ptr<connection> kept, bool reusable) noexcept {
    doomed closing;
    std::shared_ptr<lease_seeker> woken;
    {
      const std::lock_guard lock{mutex_};
      const auto now = clock::now();
      expire(now, closing);
      const bool old = reusable && now - kept->opened >= options_.max_lifetime;
      if (old || (reusable && options_.idle_timeout <= clock::duration::zero())) {
        ++stats_.evicted;
        reusable = false;
      }
      woken = reusable ? pass_on(bucket, kept, now, closing) : vacate(bucket, closing);
    }
    if (woken) woken->on_lease();
  }

  void count_opened() {
    const std::lock_guard lock{mutex_};
    ++stats_.opened;
  }
  void count_replaced() {
    const std::lock_guard lock{mutex_};
    ++stats_.replaced;
  }

  [[nodiscard]] beast_stats stats() {
    doomed closing;
    const std::lock_guard lock{mutex_};
    expire(clock::now(), closing);
    auto out = stats_;
    for (const auto& [where, bucket] : buckets_) {
      out.open += bucket.open;
      out.idle += bucket.idle.size();
      out.waiting += bucket.waiting.size();
    }
    return out;
  }

private:
  /// Connections to close, which is done after the lock; at once where memory fails.
  class doomed {
  public:
    void add(std::shared_ptr<connection> closing) noexcept {
      try {
        closing_.push_back(std::move(closing));
      } catch (const std::bad_alloc&) {
      }
    }

  private:
    std::vector<std::shared_ptr<connection>> closing_;
  };

  [[nodiscard]] lease admit(pool_bucket& bucket) {
    ++bucket.open;
    ++open_;
    return lease{shared_from_this(), &bucket, nullptr};
  }

  using idle_place = std::deque<std::shared_ptr<connection>>::iterator;

  idle_place drop_idle(pool_bucket& bucket, idle_place place, doomed& closing) {
    closing.add(std::move(*place));
    --bucket.open;
    --open_;
    ++stats_.evicted;
    return bucket.idle.erase(place);
  }

  void expire(clock::time_point now, doomed& closing) {
    if (now < next_expiry_) return;
    next_expiry_ = (clock::time_point::max)();
    for (auto at = buckets_.begin(); at != buckets_.end();) {
      auto& bucket = (at++)->second;
      while (!bucket.idle.empty() && now - bucket.idle.front()->idle_since >= options_.idle_timeout) {
        drop_idle(bucket, bucket.idle.begin(), closing);
      }
      for (auto kept = bucket.idle.begin(); kept != bucket.idle.end();) {
        if (now - (*kept)->opened >= options_.max_lifetime) {
          kept = drop_idle(bucket, kept, closing);
        } else {
          note_expiry(**kept++);
        }
      }
      forget_if_unused(bucket);
    }
  }

  void note_expiry(const connection& kept) {
    next_expiry_ = (std::min)(
        {next_expiry_, kept.idle_since + options_.idle_timeout, kept.opened + options_.max_lifetime});
  }

  /// Whether one more connection is within the total, after closing an idle one if need be.
  [[nodiscard]] bool make_room(doomed& closing) {
    if (open_ < options_.total) return true;
    pool_bucket* oldest = nullptr;
    for (auto& [where, bucket] : buckets_) {
      if (bucket.idle.empty()) continue;
      if (oldest == nullptr || bucket.idle.front()->idle_since < oldest->idle.front()->idle_since)
        oldest = &bucket;
    }
    if (oldest == nullptr) return false;
    drop_idle(*oldest, oldest->idle.begin(), closing);
    return true;
  }

  /// The one who waited longest among those that a connection or room in `freed` can serve.
  [[nodiscard]] pool_waiter* next_waiter(const pool_bucket& freed) {
    pool_waiter* next = nullptr;
    for (auto& [where, bucket] : buckets_) {
      if (bucket.waiting.empty()) continue;
      if (&bucket != &freed && bucket.open >= options_.per_origin) continue;
      auto* const first = bucket.waiting.front();
      if (next == nullptr || first->ticket_ < next->ticket_) next = first;
    }
    return next;
  }

  [[nodiscard]] std::shared_ptr<lease_seeker> grant(pool_waiter& waiter, lease granted) {
    waiter.bucket_->waiting.erase(waiter.place_);
    waiter.bucket_ = nullptr;
    waiter.granted_ = std::move(granted);
    return waiter.seeker_.lock();
  }

  /// Whether the connection is idle now; where memory fails it is not.
  [[nodiscard]] bool keep(pool_bucket& bucket, const std::shared_ptr<connection>& kept,
                          clock::time_point now) noexcept {
    kept->idle_since = now;
    try {
      bucket.idle.push_back(kept);
    } catch (const std::bad_alloc&) {
      return false;
    }
    note_expiry(*kept);
    return true;
  }

  /// A healthy connection is free: who gets it?
  [[nodiscard]] std::shared_ptr<lease_seeker> pass_on(pool_bucket& bucket, std::shared_ptr<connection>& kept,
                                                      clock::time_point now, doomed& closing) {
    auto* const next = next_waiter(bucket);
    if (next == nullptr && keep(bucket, kept, now)) return nullptr;
    if (next != nullptr && next->bucket_ == &bucket) {
      ++stats_.reused;
      return grant(*next, lease{shared_from_this(), &bucket, std::move(kept)});
    }
    ++stats_.evicted;
    closing.add(std::move(kept));
    return vacate(bucket, closing);
  }

  /// A place is free: who may open a connection?
  [[nodiscard]] std::shared_ptr<lease_seeker> vacate(pool_bucket& bucket, doomed& closing) {
    --bucket.open;
    --open_;
    std::shared_ptr<lease_seeker> woken;
    if (auto* const next = next_waiter(bucket); next != nullptr && make_room(closing)) {
      auto& target = *next->bucket_;
      woken = grant(*next, admit(target));
    }
    forget_if_unused(bucket);
    return woken;
  }

  void forget_if_unused(pool_bucket& bucket) {
    if (bucket.open == 0 && bucket.waiting.empty()) {
      const auto where = std::move(bucket.origin);
      buckets_.erase(where);
    }
  }

  beast_pool_options options_;
  std::mutex mutex_;
  std::unordered_map<http::origin, pool_bucket> buckets_;
  std::size_t open_ = 0;
  std::uint64_t next_ticket_ = 0;
  clock::time_point next_expiry_ = (clock::time_point::max)();  // no idle connection is due before
  beast_stats stats_;
};

inline void lease::end(bool reusable) noexcept {
  if (bucket_ == nullptr) return;
  if (!reusable && connection_) connection_->close();
  owner_->release(*std::exchange(bucket_, nullptr), std::move(connection_), reusable);
  owner_.reset();
}

inline void pool_waiter::leave() noexcept {
  if (owner_ != nullptr) owner_->leave(*this);
}

}  // namespace sso::detail::net
