// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "catch.hpp"

#include <sso/testing/fault_server.hpp>
#include <sso/transports/beast.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <utility>

namespace net_test {

namespace asio = boost::asio;
namespace http = sso::http;
using ending = sso::testing::fault_ending;
using namespace std::chrono_literals;
using exchange_result = sso::result<http::response>;

/// An event loop and a transport that trusts one server.
class client {
public:
  explicit client(const std::string& ca_pem, sso::beast_options options = {})
      : transport{make(io, ca_pem, std::move(options))} {}

  /// Runs a coroutine to its end. Fails if it hangs.
  template <class T>
  T run(asio::awaitable<T> coroutine) {
    std::optional<T> value;
    std::exception_ptr thrown;
    asio::co_spawn(io, std::move(coroutine), [&](std::exception_ptr e, T returned) {
      thrown = e;
      value.emplace(std::move(returned));
    });
    run_until([&] { return value.has_value(); });
    if (thrown) std::rethrow_exception(thrown);
    return std::move(*value);
  }

  /// Runs the loop until `done` is true. Fails after half a minute.
  template <class Condition>
  void run_until(Condition done) {
    const auto limit = std::chrono::steady_clock::now() + 30s;
    while (!done() && std::chrono::steady_clock::now() < limit) {
      io.restart();
      io.run_one_for(10ms);
    }
    REQUIRE(done());
  }

  exchange_result send(const http::request& request, const http::limits& limits = {}) {
    return run(transport.send(request, limits));
  }

  asio::io_context io;
  sso::beast_transport transport;

private:
  static sso::beast_transport make(asio::io_context& io, const std::string& ca_pem,
                                   sso::beast_options options) {
    options.tls.ca_pem = ca_pem;
    if (ca_pem.empty() && options.tls.ca_file.empty()) options.tls.dangerously_disable_verification = true;
    return sso::beast_transport{io.get_executor(), std::move(options)};
  }
};

inline http::request get(const http::origin& where, std::string target = "/") {
  http::request out;
  out.origin = where;
  out.target = std::move(target);
  out.replayable = true;
  return out;
}

inline http::request post(const http::origin& where, std::string body) {
  http::request out;
  out.method = http::method::post;
  out.origin = where;
  out.body = std::move(body);
  return out;
}

inline http::limits within(std::chrono::steady_clock::duration timeout) {
  http::limits out;
  out.timeout = timeout;
  return out;
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Whether the system has IPv6 loopback. If not, warns that the test is skipped.
inline bool has_ipv6() {
  asio::io_context io;
  asio::ip::tcp::acceptor socket{io};
  boost::system::error_code failed;
  socket.open(asio::ip::tcp::v6(), failed);
  if (!failed) socket.bind({asio::ip::address_v6::loopback(), 0}, failed);
  if (failed) WARN("no IPv6 on this machine: " << failed.message());
  return !failed;
}

/// Waits until the bytes that the server has sent have reached the client's sockets, by an exchange on another connection.
/// Even on loopback a write completes before its bytes arrive.
inline void let_bytes_arrive(const sso::testing::fault_server& server) {
  client neighbour{server.ca_pem()};
  for (int i = 0; i != 3; ++i) REQUIRE(neighbour.send(get(server.origin())));
}

/// For a server with a name defined by this test program.
inline sso::testing::fault_options named(std::string host) {
  sso::testing::fault_options out;
  out.certificate.dns_names = {host};
  out.host = std::move(host);
  return out;
}

/// A valid response with this body.
inline std::string ok(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// Responds to every request of a connection in the same way.
inline sso::testing::fault_server::script always(std::string response) {
  return [response](sso::testing::fault_peer& peer) -> asio::awaitable<void> {
    for (;;) {
      const auto request = co_await peer.read_request();
      if (request.empty()) co_return;
      co_await peer.write(response);
    }
  };
}

/// Responds to POST. On GET, sends `begin` and stalls.
inline sso::testing::fault_server::script stall_after(std::string begin) {
  return [begin](sso::testing::fault_peer& peer) -> asio::awaitable<void> {
    for (;;) {
      const auto request = co_await peer.read_request();
      if (request.empty()) co_return;
      if (request.starts_with("GET")) {
        co_await peer.write(begin);
        co_await peer.until_gone();
        co_return;
      }
      co_await peer.write(ok("fine"));
    }
  };
}

/// Responds to one request and closes the connection.
inline sso::testing::fault_server::script once(std::string response, ending how) {
  return [response, how](sso::testing::fault_peer& peer) -> asio::awaitable<void> {
    co_await peer.read_request();
    co_await peer.write(response);
    peer.end(how);
  };
}

}  // namespace net_test
