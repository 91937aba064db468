// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/event.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sso::detail::net {

/// The addresses in the order of the attempts: the families alternate, beginning with that of the first (RFC
/// 8305 §4).
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

/// E.g. `[::1]:443`.
[[nodiscard]] inline std::string in_words(const tcp::endpoint& endpoint) {
  const auto address = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(endpoint.port());
}

/// Connects to one of several addresses (Happy Eyeballs, RFC 8305 §5). An attempt begins when the previous
/// one has failed or has run for 250 ms; the first success ends all others. Handlers may run at the same time
/// as the waiting coroutine, hence the mutex. Owned by `std::shared_ptr`.
class connection_race final : public stoppable, public std::enable_shared_from_this<connection_race> {
public:
  connection_race(const asio::any_io_executor& executor, const std::vector<tcp::endpoint>& endpoints)
      : executor_{executor}, order_{interleaved(endpoints)}, next_attempt_{executor}, ended_{executor} {}

  /// Runs the race during its lifetime.
  class running {
  public:
    explicit running(connection_race& race) : race_{race} {
      const std::lock_guard lock{race_.mutex_};
      race_.begin_next();
    }
    running(const running&) = delete;
    running& operator=(const running&) = delete;
    ~running() { race_.stop(); }

  private:
    connection_race& race_;
  };

  /// Ends all attempts.
  void stop() noexcept override {
    const std::lock_guard lock{mutex_};
    end();
  }

  /// Completes at the end of the race.
  template <class Token>
  auto async_wait(Token&& token) {
    return ended_.async_wait(std::forward<Token>(token));
  }

  /// After the race: moves the connected socket to `out`, or returns the last failure.
  [[nodiscard]] error_code move_winner_to(tcp::socket& out) {
    const std::lock_guard lock{mutex_};
    if (!winner_) return failed_ == order_.size() ? last_failure_ : asio::error::operation_aborted;
    out = std::move(*winner_);
    return {};
  }
  /// All failures; a text of bounded length.
  [[nodiscard]] const std::string& failures() const noexcept { return failures_; }

private:
  void begin_next() {
    if (over_ || begun_ == order_.size()) return;
    const auto& endpoint = order_[begun_++];
    auto& socket = sockets_.emplace_back(executor_);
    socket.async_connect(endpoint, [self = shared_from_this(), &socket, &endpoint](error_code failed) {
      self->on_connect(socket, endpoint, failed);
    });
    if (begun_ == order_.size()) return;
    next_attempt_.expires_after(std::chrono::milliseconds{250});
    next_attempt_.async_wait([self = shared_from_this()](error_code cancelled) {
      const std::lock_guard lock{self->mutex_};
      if (!cancelled && clock::now() >= self->next_attempt_.expiry()) self->begin_next();
    });
  }

  void on_connect(tcp::socket& socket, const tcp::endpoint& endpoint, error_code failed) {
    const std::lock_guard lock{mutex_};
    if (over_) return;
    if (!failed) {
      winner_ = std::move(socket);
      return end();
    }
    constexpr std::size_t enough = 400;
    if (failures_.size() < enough) {
      failures_ += (failures_.empty() ? "" : ", ") + in_words(endpoint) + " " + failed.message();
    }
    last_failure_ = failed;
    if (++failed_ == order_.size()) return end();
    begin_next();
  }

  void end() noexcept {
    over_ = true;
    next_attempt_.cancel();
    for (auto& socket : sockets_) {
      error_code ignored;
      socket.close(ignored);
    }
    ended_.set();
  }

  asio::any_io_executor executor_;
  const std::vector<tcp::endpoint> order_;
  asio::steady_timer next_attempt_;
  event ended_;

  std::mutex mutex_;
  std::list<tcp::socket> sockets_;
  std::optional<tcp::socket> winner_;
  std::size_t begun_ = 0;
  std::size_t failed_ = 0;
  bool over_ = false;
  error_code last_failure_;
  std::string failures_;
};

}  // namespace sso::detail::net
