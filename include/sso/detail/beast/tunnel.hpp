// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/connection.hpp>
#include <sso/error.hpp>
#include <sso/http/origin.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace sso::detail::net {

/// Sends what `flush` has to send, and waits where the socket takes no more.
inline asio::awaitable<error_code> flush_all(connection& c) {
  for (;;) {
    const auto failed = c.flush();
    if (!is_would_block(failed)) co_return failed;
    const auto [aborted] = co_await c.socket.async_wait(tcp::socket::wait_write, no_frame);
    if (aborted) co_return aborted;
  }
}

/// Cuts the header section of the next final response off `bytes` and gives its status line, with its line end; empty if
/// more bytes are needed.
[[nodiscard]] inline std::string cut_header_section(receive_buffer& bytes) {
  for (;;) {
    const auto text = bytes.bytes();
    const auto end = text.find("\r\n\r\n");
    if (end == std::string_view::npos) return {};
    std::string line{text.substr(0, text.find("\r\n") + 2)};
    bytes.consume(end + 4);
    const bool interim = line.starts_with("HTTP/1.") && line.size() > 9 && line[9] == '1';
    if (!interim) return line;
  }
}

/// Asks the proxy at the other end of `fresh` for a tunnel to `where`; `request` is the text for that. Of the response only
/// the status counts: a 2xx to CONNECT has no body, and its Content-Length and Transfer-Encoding mean nothing (RFC 9110
/// §9.3.6).
inline asio::awaitable<std::optional<error>>
open_tunnel(connection& fresh, std::string request, const http::origin& proxy, const http::origin& where) {
  constexpr std::size_t most_header_bytes = 64 * 1024;
  const auto name = "the proxy " + http::to_string(proxy);
  fresh.outgoing.append(request);
  wipe(request);
  auto failed = co_await flush_all(fresh);
  fresh.forget_request();
  auto status_line = std::string{};
  while (!failed && status_line.empty()) {
    const auto [ended, n] = co_await fresh.socket.async_read_some(fresh.room(), no_frame);
    failed = ended;
    fresh.commit(n);
    status_line = cut_header_section(fresh.received);
    if (status_line.empty() && fresh.received.bytes().size() > most_header_bytes) {
      co_return error{errc::response_too_large, outcome::not_sent,
                      name + " sent a header section longer than " + std::to_string(most_header_bytes) +
                          " bytes"};
    }
  }
  if (status_line.empty()) {
    co_return error{errc::connect_failed, outcome::not_sent,
                    name + " broke the connection off: " + failed.message(), failed};
  }
  response_parser parser{true, {}};
  parser.consume(status_line + "\r\n");
  if (parser.state() != response_parser::status::complete) {
    co_return error{errc::protocol_error, outcome::not_sent,
                    name + " did not answer CONNECT in HTTP: " + parser.fault().why, parser.fault().cause};
  }
  const auto status = parser.take().status;
  if (status == 407) {
    co_return error{errc::connect_failed, outcome::not_sent,
                    name + " wants (other) credentials: 407 to CONNECT; see proxy.credentials",
                    make_error_code(boost::system::errc::permission_denied)};
  }
  if (status / 100 != 2) {
    co_return error{errc::connect_failed, outcome::not_sent,
                    name + " opened no tunnel to " + http::host_header(where) + ": " +
                        std::to_string(status) + " to CONNECT",
                    asio::error::connection_refused};
  }
  if (!fresh.received.empty()) {
    co_return error{errc::protocol_error, outcome::not_sent, name + " sent bytes into the tunnel of its own"};
  }
  co_return std::nullopt;
}

}  // namespace sso::detail::net
