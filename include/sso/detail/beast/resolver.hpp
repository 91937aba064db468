// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/supervisor.hpp>
#include <sso/http/origin.hpp>

#include <boost/asio/error.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sso::detail::net {

/// Finds the addresses of host names. A running `getaddrinfo` cannot be cancelled, so the lookup is nobody's:
/// it goes on by itself, all who ask for the same name share it, and who runs out of time leaves.
/// Thread-safe.
class resolver : public std::enable_shared_from_this<resolver> {
public:
  explicit resolver(asio::any_io_executor executor) : executor_{std::move(executor)} {}

  struct answer {
    error_code failed;
    std::vector<tcp::endpoint> endpoints;  // in the order to try them; empty if interrupted
  };

  /// Text that is an address is not looked up, and names that mean this machine (RFC 6761 §6.3) must not be:
  /// what goes unencrypted to loopback would otherwise go where DNS says. Returns early when the supervisor
  /// is interrupted.
  step<answer> resolve(std::shared_ptr<supervisor> asker, std::string host, std::uint16_t port) {
    answer out;
    error_code not_an_address;
    const auto address = asio::ip::make_address(host, not_an_address);
    if (!not_an_address) {
      out.endpoints.emplace_back(address, port);
      co_return out;
    }
    if (http::is_loopback({"http", host, port})) {
      out.endpoints.emplace_back(asio::ip::address_v4::loopback(), port);
      out.endpoints.emplace_back(asio::ip::address_v6::loopback(), port);
      co_return out;
    }
    const auto shared = join(host, asker);
    for (;;) {
      {
        const std::lock_guard lock{mutex_};
        if (shared->done || asker->interrupted() != interruption::none) {
          out = shared->found;
          leave(host, *shared, asker);
          break;
        }
      }
      co_await asker->woken();
    }
    for (auto& endpoint : out.endpoints) endpoint.port(port);
    co_return out;
  }

private:
  struct lookup {
    explicit lookup(const asio::any_io_executor& executor) : names{executor} {}

    tcp::resolver names;
    std::vector<std::weak_ptr<supervisor>> askers;
    bool done = false;
    answer found;
  };

  /// The end of a lookup. If it is destroyed instead, nobody joins that lookup any more.
  class completion {
  public:
    completion(std::shared_ptr<resolver> owner, std::shared_ptr<lookup> ended, std::string host)
        : owner_{std::move(owner)}, ended_{std::move(ended)}, host_{std::move(host)} {}
    completion(completion&&) noexcept = default;
    ~completion() {
      if (owner_) owner_->forget(host_, *ended_);
    }
    void operator()(error_code failed, const tcp::resolver::results_type& results) {
      std::exchange(owner_, nullptr)->complete(host_, *ended_, failed, results);
    }

  private:
    std::shared_ptr<resolver> owner_;
    std::shared_ptr<lookup> ended_;
    std::string host_;
  };

  std::shared_ptr<lookup> join(const std::string& host, const std::shared_ptr<supervisor>& asker) {
    if (auto running = join_running(host, asker)) return running;
    auto begun = std::make_shared<lookup>(executor_);
    begun->askers.push_back(asker);
    completion ended{shared_from_this(), begun, host};
    {
      const std::lock_guard lock{mutex_};
      running_.try_emplace(host, begun);
    }
    begun->names.async_resolve(host, "", std::move(ended));
    return begun;
  }

  std::shared_ptr<lookup> join_running(const std::string& host, const std::shared_ptr<supervisor>& asker) {
    const std::lock_guard lock{mutex_};
    const auto at = running_.find(host);
    if (at == running_.end()) return nullptr;
    at->second->askers.push_back(asker);
    return at->second;
  }

  /// Under the lock. The last one to leave takes back a lookup that has not begun yet.
  void leave(const std::string& host, lookup& shared, const std::shared_ptr<supervisor>& asker) {
    std::erase_if(shared.askers, [&](const auto& other) {
      const auto alive = other.lock();
      return !alive || alive == asker;
    });
    if (shared.done || !shared.askers.empty()) return;
    shared.names.cancel();
    forget_locked(host, shared);
  }

  void forget(const std::string& host, const lookup& shared) {
    const std::lock_guard lock{mutex_};
    forget_locked(host, shared);
  }

  void forget_locked(const std::string& host, const lookup& shared) {
    const auto at = running_.find(host);
    if (at != running_.end() && at->second.get() == &shared) running_.erase(at);
  }

  void complete(const std::string& host, lookup& shared, error_code failed,
                const tcp::resolver::results_type& results) {
    std::vector<std::weak_ptr<supervisor>> waking;
    {
      const std::lock_guard lock{mutex_};
      forget_locked(host, shared);
      shared.done = true;
      shared.found.failed = failed;
      try {
        for (const auto& entry : results) shared.found.endpoints.push_back(entry.endpoint());
      } catch (const std::bad_alloc&) {
        shared.found.failed = make_error_code(boost::system::errc::not_enough_memory);
        shared.found.endpoints.clear();
      }
      waking = std::move(shared.askers);
    }
    for (const auto& asker : waking) {
      if (const auto alive = asker.lock()) alive->wake();
    }
  }

  asio::any_io_executor executor_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<lookup>> running_;
};

}  // namespace sso::detail::net
