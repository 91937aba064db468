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

/// A progress line on a terminal: the request, the attempt and the wait before a retry, or the state of a wait for a
/// domain. It appears after a moment, and is erased when the call ends.
class progress {
public:
  /// `wanted`: whether to draw, if stderr is a capable terminal. `secrets` must outlive this object.
  progress(boost::asio::io_context& io, const redaction& secrets, bool wanted);
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;

  /// Connects the client's events to the line. If the client already has an observer, no line is drawn.
  void watch(sso::client_options& options);
  /// Shows `subject` instead of the requests' paths.
  void name(std::string subject);
  /// Shows a new phase.
  void begin(std::string phase);
  /// Shows the state of a wait for a domain. Call `checked` after each check.
  void wait_for(std::string domain, std::chrono::steady_clock::duration at_most);
  /// A check did not find the record; `detail` is the server's reason.
  void checked(std::string_view detail, std::chrono::steady_clock::duration next);

  void start();
  /// Erases the line. Nothing is drawn afterwards.
  void stop();

private:
  struct state;

  static boost::asio::awaitable<void> draw(std::shared_ptr<state> self);

  boost::asio::io_context& io_;
  const redaction& secrets_;
  std::shared_ptr<state> state_;
};

}  // namespace ssoctl
