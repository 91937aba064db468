// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/deadlines.hpp>
#include <sso/detail/beast/event.hpp>
#include <sso/http/origin.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sso::detail::net {

/// Looks up host names. A running `getaddrinfo` cannot be stopped, so a look-up belongs to no exchange: all
/// that ask for the same name share it, and an exchange whose deadline passes leaves it running. Owned by
/// `std::shared_ptr`. Thread-safe.
class resolver : public std::enable_shared_from_this<resolver> {
public:
  explicit resolver(asio::any_io_executor executor) : executor_{std::move(executor)} {}

  struct addresses {
    error_code failed;
    std::vector<tcp::endpoint> endpoints;  // empty if it failed
  };

  /// Completes no later than `limit`, or when it is cancelled. An address in text form is not looked up.
  /// `localhost` and names under it must not be (RFC 6761 §6.3): otherwise DNS would decide where unencrypted
  /// requests go.
  asio::awaitable<addresses> resolve(std::string host, std::uint16_t port, deadline& limit) {
    addresses out;
    error_code not_an_address;
    const auto address = asio::ip::make_address(host, not_an_address);
    if (!not_an_address) {
      out.endpoints.emplace_back(address, port);
    } else if (http::is_loopback({"http", host, port})) {
      out.endpoints.emplace_back(asio::ip::address_v4::loopback(), port);
      out.endpoints.emplace_back(asio::ip::address_v6::loopback(), port);
    } else {
      const membership joined{*this, host};
      {
        const deadline::guard guard{limit, joined.found()};
        co_await joined.found().async_wait(no_frame);
      }
      out = joined.result();
      for (auto& endpoint : out.endpoints) endpoint.port(port);
    }
    co_return out;
  }

private:
  struct lookup {
    explicit lookup(const asio::any_io_executor& executor) : query{executor} {}

    tcp::resolver query;
    std::vector<std::shared_ptr<event>> waiting;
    addresses found{asio::error::operation_aborted, {}};  // before completion
  };

  /// Membership in a look-up. The last member to leave cancels the look-up if it has not begun yet.
  class membership {
  public:
    membership(resolver& owner, const std::string& host)
        : owner_{owner},
          host_{host},
          found_{std::make_shared<event>(owner.executor_)},
          joined_{owner.join(host, found_)} {}
    membership(const membership&) = delete;
    membership& operator=(const membership&) = delete;
    ~membership() { owner_.leave(host_, *joined_, found_); }

    [[nodiscard]] event& found() const noexcept { return *found_; }
    [[nodiscard]] addresses result() const {
      const std::lock_guard lock{owner_.mutex_};
      return joined_->found;
    }

  private:
    resolver& owner_;
    const std::string& host_;
    std::shared_ptr<event> found_;
    std::shared_ptr<lookup> joined_;
  };

  std::shared_ptr<lookup> join(const std::string& host, const std::shared_ptr<event>& found) {
    const std::lock_guard lock{mutex_};
    if (const auto running = running_.find(host); running != running_.end()) {
      running->second->waiting.push_back(found);
      return running->second;
    }
    auto begun = std::make_shared<lookup>(executor_);
    begun->waiting.push_back(found);
    begun->query.async_resolve(host, "",
                               [self = shared_from_this(), begun, host](error_code failed, auto results) {
                                 self->complete(host, *begun, failed, results);
                               });
    running_.emplace(host, begun);
    return begun;
  }

  void leave(const std::string& host, lookup& joined, const std::shared_ptr<event>& found) noexcept {
    const std::lock_guard lock{mutex_};
    std::erase(joined.waiting, found);
    if (!joined.waiting.empty()) return;
    forget(host, joined);
    try {
      joined.query.cancel();
    } catch (const std::bad_alloc&) {  // `cancel` allocates; the look-up goes on
    }
  }

  void complete(const std::string& host, lookup& ended, error_code failed,
                const tcp::resolver::results_type& results) {
    const std::lock_guard lock{mutex_};
    forget(host, ended);
    ended.found.failed = failed;
    for (const auto& entry : results) ended.found.endpoints.push_back(entry.endpoint());
    for (const auto& one : ended.waiting) one->set();
  }

  void forget(const std::string& host, const lookup& ended) {
    const auto at = running_.find(host);
    if (at != running_.end() && at->second.get() == &ended) running_.erase(at);
  }

  asio::any_io_executor executor_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<lookup>> running_;
};

}  // namespace sso::detail::net
