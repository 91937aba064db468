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

/// An HTTP/1.1 server on loopback, for an event loop of one thread. TLS is left to what stands in front of it.
class server {
public:
  using handler = std::function<asio::awaitable<sso::http::response>(sso::http::request)>;

  /// Listens on `port`; 0: one of the system's choice. Throws `boost::system::system_error` where it can't.
  server(asio::io_context& io, std::uint16_t port, handler answer);
  ~server();

  [[nodiscard]] std::uint16_t port() const;
  /// How many requests have come whose answer is not out yet.
  [[nodiscard]] std::size_t in_flight() const;
  /// How many requests were cut short by the end of a shutdown's bound.
  [[nodiscard]] std::size_t cut_short() const;

  /// Stops accepting, ends the connections that wait for a request, and lets the requests in flight finish. Those that
  /// have not after `bound` are cancelled. When all of that is over, the event loop has no work left from here.
  void shut_down(std::chrono::milliseconds bound);

private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace service
