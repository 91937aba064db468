// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/detail/beast/connection.hpp>
#include <sso/error.hpp>
#include <sso/http/origin.hpp>
#include <sso/http/url.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sso::detail::net {

/// Reads the response to CONNECT, line by line. A 2xx to CONNECT has no body; its Content-Length and
/// Transfer-Encoding must be ignored (RFC 9110 §9.3.6), so they are not passed to the parser.
class connect_response {
public:
  void consume(flat_buffer& bytes) {
    while (is_unfinished()) {
      const auto text = text_of(bytes);
      const auto end = text.find('\n');
      if (section_.empty() && !std::string_view{"HTTP/1."}.starts_with(text.substr(0, 7))) {
        return fail("it does not begin with HTTP/1.");
      }
      if (spent_ + (std::min)(text.size(), end) > most_header_bytes) {
        return fail("its header section is longer than " + std::to_string(most_header_bytes) + " bytes",
                    errc::response_too_large);
      }
      if (end == std::string_view::npos) return;
      add_line(text.substr(0, end + 1));
      spent_ += end + 1;
      bytes.consume(end + 1);
    }
  }

  [[nodiscard]] bool is_unfinished() const noexcept {
    return fault_.why.empty() && parser_.state() == response_parser::status::more;
  }
  /// Why the response is refused; empty if it is not.
  [[nodiscard]] const message_fault& fault() const noexcept {
    return fault_.why.empty() ? parser_.fault() : fault_;
  }
  [[nodiscard]] http::response release() { return parser_.release(); }

private:
  static constexpr std::size_t most_header_bytes = 64 * 1024;

  void add_line(std::string_view line) {
    if (!line.ends_with("\r\n")) return fail("a line does not end with CRLF");
    const bool folded = line.front() == ' ' || line.front() == '\t';
    const auto name = line.substr(0, line.find(':'));
    if (!folded) skipping_ = iequals(name, "Content-Length") || iequals(name, "Transfer-Encoding");
    if (!skipping_) section_ += line;
    if (line != "\r\n") return;
    parser_.consume(section_);
    section_.clear();
  }

  void fail(std::string why, errc code = errc::protocol_error) {
    fault_.why = std::move(why);
    fault_.code = code;
  }

  response_parser parser_{true, {}};
  std::string section_;
  std::size_t spent_ = 0;
  bool skipping_ = false;
  message_fault fault_;
};

/// Sends `request`, a CONNECT for `where`, to the proxy at the other end of `fresh`.
inline asio::awaitable<std::optional<error>>
open_tunnel(connection& fresh, std::string request, const http::origin& proxy, const http::origin& where) {
  const auto name = "the proxy " + http::to_string(proxy);
  append(fresh.outgoing, request);
  wipe(request);
  auto failed = co_await flush_all(fresh);
  fresh.forget_request();
  connect_response response;
  while (!failed && response.is_unfinished()) {
    const auto [ended, n] = co_await fresh.socket.async_read_some(fresh.room(), no_frame);
    failed = ended;
    fresh.commit(n);
    response.consume(fresh.received);
  }
  if (response.is_unfinished()) {
    co_return error{errc::connect_failed, outcome::not_sent,
                    name + " closed the connection: " + failed.message(), failed};
  }
  if (!response.fault().why.empty()) {
    co_return error{response.fault().code, outcome::not_sent,
                    name + " sent no valid HTTP response to CONNECT: " + response.fault().why,
                    response.fault().cause};
  }
  const auto final = response.release();
  const auto status = final.status;
  if (status == 407) {
    co_return error{
        errc::connect_failed, outcome::not_sent,
        name + " requires credentials, or refuses those given: 407 to CONNECT; see proxy.credentials",
        make_error_code(boost::system::errc::permission_denied)};
  }
  if (status / 100 != 2) {
    const auto redirect = http::redirect_note(status, final.headers);
    co_return error{errc::connect_failed, outcome::not_sent,
                    name + " opened no tunnel to " + http::host_header(where) + ": " +
                        std::to_string(status) + " to CONNECT" + (redirect.empty() ? "" : "; " + redirect),
                    asio::error::connection_refused};
  }
  if (fresh.received.size() != 0) {
    co_return error{errc::protocol_error, outcome::not_sent, name + " sent bytes of its own into the tunnel"};
  }
  co_return std::nullopt;
}

}  // namespace sso::detail::net
