// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/supervisor.hpp>

#include <boost/asio/error.hpp>

#include <chrono>
#include <memory>
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
      : executor_{executor}, supervisor_{std::move(watched)} {}

  /// The winner's socket goes to `out`. Without a winner: the code of the last failure, and all failures in
  /// words in `failures()`; `operation_aborted` if the supervisor was interrupted.
  task<error_code> run(std::vector<tcp::endpoint> endpoints, tcp_socket& out) {
    constexpr auto stagger = std::chrono::milliseconds{250};
    auto next_start = clock::now();
    std::size_t begun = 0;
    while (supervisor_->interrupted() == interruption::none) {
      if (winner_ != nullptr) {
        out = std::move(*winner_);
        close_all();
        co_return error_code{};
      }
      const bool none_pending = failed_ == begun;
      if (none_pending && begun == endpoints.size()) break;
      if (begun != endpoints.size() && (none_pending || failed_since_start_ || clock::now() >= next_start)) {
        failed_since_start_ = false;
        begin(endpoints[begun++]);
        next_start = clock::now() + stagger;
      }
      const auto at_latest = begun != endpoints.size() ? next_start : (clock::time_point::max)();
      co_await supervisor_->wait(at_latest);
    }
    close_all();
    co_return supervisor_->interrupted() == interruption::none ? last_failure_
                                                               : error_code{asio::error::operation_aborted};
  }

  [[nodiscard]] const std::string& failures() const noexcept { return failures_; }

private:
  void begin(const tcp::endpoint& endpoint) {
    sockets_.push_back(std::make_unique<tcp_socket>(executor_));
    auto* const socket = sockets_.back().get();
    socket->async_connect(
        endpoint, asio::bind_executor(supervisor_->strand(),
                                      [self = shared_from_this(), socket, endpoint](error_code failed) {
                                        self->on_connect(*socket, endpoint, failed);
                                      }));
  }

  void on_connect(tcp_socket& socket, const tcp::endpoint& endpoint, error_code failed) {
    if (!failed) {
      if (winner_ == nullptr) winner_ = &socket;
    } else {
      ++failed_;
      failed_since_start_ = true;
      last_failure_ = failed;
      constexpr std::size_t enough = 400;
      if (failures_.size() < enough) {
        if (!failures_.empty()) failures_ += ", ";
        const bool ipv6 = endpoint.address().is_v6();
        failures_ += (ipv6 ? "[" : "") + endpoint.address().to_string() + (ipv6 ? "]:" : ":") +
                     std::to_string(endpoint.port()) + " " + failed.message();
      }
    }
    supervisor_->wake();
  }

  void close_all() {
    for (const auto& socket : sockets_) {
      error_code ignored;
      socket->close(ignored);
    }
  }

  io_executor executor_;
  std::shared_ptr<supervisor> supervisor_;
  std::vector<std::unique_ptr<tcp_socket>> sockets_;
  tcp_socket* winner_ = nullptr;
  std::size_t failed_ = 0;
  bool failed_since_start_ = false;
  error_code last_failure_;
  std::string failures_;
};

}  // namespace sso::detail::net
