// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/supervisor.hpp>

#include <boost/asio/error.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <vector>

namespace sso::detail::net {

/// The order to try addresses in: the families by turns, beginning with that of the first (RFC 8305 §4).
[[nodiscard]] inline std::vector<tcp::endpoint> interleaved(const std::vector<tcp::endpoint>& given) {
  std::vector<tcp::endpoint> first;
  std::vector<tcp::endpoint> second;
  for (const auto& endpoint : given) {
    (endpoint.protocol() == given.front().protocol() ? first : second).push_back(endpoint);
  }
  std::vector<tcp::endpoint> out;
  for (std::size_t i = 0; i < first.size() || i < second.size(); ++i) {
    if (i < first.size()) out.push_back(first[i]);
    if (i < second.size()) out.push_back(second[i]);
  }
  return out;
}

/// Connects to whichever of several addresses answers first (Happy Eyeballs, RFC 8305 §5): one attempt after
/// the other is begun, when the one before has failed or has had 250 ms; none is given up before one
/// succeeds.
class connection_race : public std::enable_shared_from_this<connection_race> {
public:
  connection_race(io_executor executor, std::shared_ptr<supervisor> watched)
      : executor_{executor}, supervisor_{std::move(watched)}, stagger_{executor} {}

  /// The winner's socket goes to `out`. Without a winner: the code of the last failure, and all failures in
  /// words in `failures()`; `operation_aborted` if the supervisor was interrupted.
  step<error_code> run(std::vector<tcp::endpoint> endpoints, tcp_socket& out) {
    const finish at_the_end{*this};
    while (supervisor_->interrupted() == interruption::none && !is_decided(endpoints)) {
      co_await supervisor_->woken();
    }
    const std::lock_guard lock{mutex_};
    if (winner_ != nullptr) out = std::move(*winner_);
    if (supervisor_->interrupted() != interruption::none) co_return asio::error::operation_aborted;
    co_return winner_ != nullptr ? error_code{} : last_failure_;
  }

  /// Once `run` has ended.
  [[nodiscard]] const std::string& failures() const noexcept { return failures_; }

private:
  /// Whichever way `run` ends, all attempts do.
  struct finish {
    connection_race& race;
    ~finish() { race.end(); }
  };

  void end() noexcept {
    const std::lock_guard lock{mutex_};
    over_ = true;
    stagger_.cancel();
    for (const auto& socket : sockets_) {
      error_code ignored;
      socket->close(ignored);
    }
  }

  /// Whether there is a winner, or will be none. Begins the next attempt when it is time.
  [[nodiscard]] bool is_decided(const std::vector<tcp::endpoint>& endpoints) {
    const std::lock_guard lock{mutex_};
    if (winner_ != nullptr) return true;
    const auto begun = sockets_.size();
    if (begun == endpoints.size()) return failed_ == begun;
    if (failed_ == begun || failed_since_start_ || clock::now() >= stagger_.expiry()) {
      failed_since_start_ = false;
      begin(endpoints[begun]);
      if (sockets_.size() != endpoints.size()) begin_stagger();
    }
    return false;
  }

  void begin(const tcp::endpoint& endpoint) {
    sockets_.push_back(std::make_unique<tcp_socket>(executor_));
    auto* const socket = sockets_.back().get();
    socket->async_connect(endpoint, [self = shared_from_this(), socket, endpoint](error_code failed) {
      self->on_connect(*socket, endpoint, failed);
    });
  }

  void begin_stagger() {
    stagger_.expires_after(std::chrono::milliseconds{250});
    stagger_.async_wait([self = shared_from_this()](error_code cancelled) {
      if (!cancelled) self->supervisor_->wake();
    });
  }

  void on_connect(tcp_socket& socket, const tcp::endpoint& endpoint, error_code failed) {
    {
      const std::lock_guard lock{mutex_};
      if (over_) return;
      if (!failed) {
        if (winner_ == nullptr) winner_ = &socket;
      } else {
        ++failed_;
        failed_since_start_ = true;
        last_failure_ = failed;
        describe(endpoint, failed);
      }
    }
    supervisor_->wake();
  }

  /// Words that find no memory are left out.
  void describe(const tcp::endpoint& endpoint, error_code failed) noexcept {
    constexpr std::size_t enough = 400;
    if (failures_.size() >= enough) return;
    try {
      const bool ipv6 = endpoint.address().is_v6();
      failures_ += (failures_.empty() ? "" : ", ") + std::string{ipv6 ? "[" : ""} +
                   endpoint.address().to_string() + (ipv6 ? "]:" : ":") + std::to_string(endpoint.port()) +
                   " " + failed.message();
    } catch (const std::bad_alloc&) {
    }
  }

  io_executor executor_;
  std::shared_ptr<supervisor> supervisor_;
  timer stagger_;

  std::mutex mutex_;  // for what completes on other threads
  std::vector<std::unique_ptr<tcp_socket>> sockets_;
  tcp_socket* winner_ = nullptr;
  std::size_t failed_ = 0;
  bool failed_since_start_ = false;
  bool over_ = false;
  error_code last_failure_;
  std::string failures_;
};

}  // namespace sso::detail::net
