// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/observer.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace ssoctl {

/// A line on a terminal that tells a waiting person what goes on: the request, the attempt, and the wait before the next.
/// Appears after a moment only, and goes away when the call is over.
class progress {
public:
  explicit progress(boost::asio::io_context& io);
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;

  /// Whether stderr is a terminal that can be drawn on.
  [[nodiscard]] static bool is_possible();

  /// What the client has to report to.
  [[nodiscard]] sso::observer observer();
  void start();
  /// Ends the line; nothing is drawn afterwards.
  void stop();

private:
  struct state;

  static boost::asio::awaitable<void> draw(std::shared_ptr<state> self);

  boost::asio::io_context& io_;
  std::shared_ptr<state> state_;
};

}  // namespace ssoctl
