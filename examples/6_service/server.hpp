// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/request.hpp>
#include <sso/http/response.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace service {

namespace asio = boost::asio;

/// An HTTP/1.1 server on loopback, for an event loop with one thread. A proxy in front of it provides TLS.
class server {
public:
  using handler = std::function<asio::awaitable<sso::http::response>(sso::http::request)>;

  /// Listens on `port`; 0: a free port. Throws `boost::system::system_error` if it cannot.
  server(asio::io_context& io, std::uint16_t port, handler handle);
  ~server();

  [[nodiscard]] std::uint16_t port() const;
  /// The number of requests in progress.
  [[nodiscard]] std::size_t in_progress() const;
  /// The number of requests that were cancelled at the end of a shutdown.
  [[nodiscard]] std::size_t cancelled_count() const;

  /// Stops accepting, closes the connections that wait for a request, and lets the requests in progress finish. After
  /// `bound` the rest are cancelled. Then the server has no work left on the event loop.
  void shut_down(std::chrono::milliseconds bound);

private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace service
