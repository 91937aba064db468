// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "redaction.hpp"

#include <sso/client_options.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace ssoctl {

/// A line on a terminal that tells a waiting person what goes on: the request, the attempt, and the wait before the next; or
/// how a wait for a domain stands. Appears after a moment only, and goes away when the call is over.
class progress {
public:
  /// `wanted`: whether to draw where stderr is a terminal that can be drawn on. `secrets` must outlive it.
  progress(boost::asio::io_context& io, const redaction& secrets, bool wanted);
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;

  /// Has a client report to the line. Where it reports to a log, there is no line between the log's.
  void watch(sso::client_options& options);
  /// Shows `subject` in place of the requests' paths.
  void name(std::string subject);
  /// Shows that something begins.
  void begin(std::string phase);
  /// Shows how a wait for a domain stands, of which there will be `checked`.
  void wait_for(std::string domain, std::chrono::steady_clock::duration at_most);
  /// A check did not pass; `detail` is the server's reason.
  void checked(std::string_view detail, std::chrono::steady_clock::duration next);

  void start();
  /// Ends the line; nothing is drawn afterwards.
  void stop();

private:
  struct state;

  static boost::asio::awaitable<void> draw(std::shared_ptr<state> self);

  boost::asio::io_context& io_;
  const redaction& secrets_;
  std::shared_ptr<state> state_;
};

}  // namespace ssoctl
