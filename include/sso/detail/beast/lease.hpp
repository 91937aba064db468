// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/connection_list.hpp>

#include <memory>
#include <utility>

namespace sso::detail::net {

class pool;
struct pool_bucket;

/// The right to one connection of an origin, and the connection once there is one. What is not given back is closed:
/// whatever way an exchange ends, the room is free again.
class lease {
public:
  lease() = default;
  lease(std::shared_ptr<pool> owner, pool_bucket& bucket, std::unique_ptr<net::connection> kept) noexcept
      : connection{std::move(kept)}, owner_{std::move(owner)}, bucket_{&bucket} {}
  lease(lease&& other) noexcept { swap(other); }
  lease& operator=(lease&& other) noexcept {
    swap(other);
    return *this;
  }
  ~lease() { end(false); }

  explicit operator bool() const noexcept { return bucket_ != nullptr; }
  /// The connection is fit for another exchange.
  void give_back() noexcept { end(true); }

  std::unique_ptr<net::connection> connection;  // null where one has to be opened

private:
  void swap(lease& other) noexcept {
    std::swap(connection, other.connection);
    std::swap(owner_, other.owner_);
    std::swap(bucket_, other.bucket_);
  }
  inline void end(bool reusable) noexcept;

  std::shared_ptr<pool> owner_;
  pool_bucket* bucket_ = nullptr;
};

}  // namespace sso::detail::net
