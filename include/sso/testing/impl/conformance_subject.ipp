// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/testing/conformance_subject.hpp>
#include <sso/testing/fault_server.hpp>
#include <sso/testing/impl/server_core.ipp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <chrono>
#include <mutex>
#include <string_view>

namespace sso::testing {
namespace detail::conformance {

/// The script of a peer and the requests that it has received. Thread-safe.
class peer_stage {
public:
  peer_stage(peer_script script, http::origin where)
      : script_{std::move(script)}, origin_{std::move(where)} {}

  peer_action next(http::request request) {
    const std::lock_guard lock{mutex_};
    received_.push_back(std::move(request));
    return script_(received_.back(), received_.size() - 1);
  }
  [[nodiscard]] std::vector<http::request> received() const {
    const std::lock_guard lock{mutex_};
    return received_;
  }
  [[nodiscard]] const http::origin& origin() const noexcept { return origin_; }
  void move_to(http::origin where) { origin_ = std::move(where); }

private:
  peer_script script_;
  http::origin origin_;
  mutable std::mutex mutex_;
  std::vector<http::request> received_;
};

/// Waits until the condition is true. Polls, because another thread sets it.
inline asio::awaitable<void> wait_for(std::shared_ptr<const std::atomic<bool>> condition) {
  asio::steady_timer timer{co_await asio::this_coro::executor};
  while (condition && !*condition) {
    timer.expires_after(std::chrono::milliseconds{1});
    co_await timer.async_wait(asio::use_awaitable);
  }
}

inline std::string response_text(const peer_action& action, http::method method) {
  const auto& response = action.response;
  std::string out;
  for (unsigned i = 0; i != action.interim; ++i) {
    out += i % 2 == 0 ? "HTTP/1.1 100 Continue\r\n\r\n"
                      : "HTTP/1.1 103 Early Hints\r\nLink: </interim>\r\nX-Interim: 1\r\n\r\n";
  }
  out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" Answer\r\n");
  out.append(response.headers.wire());
  const bool has_body = response.status != 204 && response.status != 304;
  if (!has_body) return out += "\r\n";
  const auto& body = response.body;
  switch (action.framing) {
  case peer_framing::length: out += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n"; break;
  case peer_framing::chunked: out += "Transfer-Encoding: chunked\r\n\r\n"; break;
  case peer_framing::until_end: out += "Connection: close\r\n\r\n"; break;
  }
  if (method == http::method::head) return out;
  if (action.framing != peer_framing::chunked) return out += body;
  constexpr std::size_t chunk = 10'000;
  for (std::size_t at = 0; at < body.size(); at += chunk) {
    const auto piece = std::string_view{body}.substr(at, chunk);
    constexpr std::string_view hex = "0123456789abcdef";
    std::string size;
    for (auto n = piece.size(); n != 0; n /= 16) size.insert(size.begin(), hex[n % 16]);
    out.append(size).append("\r\n").append(piece).append("\r\n");
  }
  return out += "0\r\n\r\n";
}

inline asio::awaitable<void> play(std::shared_ptr<peer_stage> stage, fault_peer& peer) {
  for (;;) {
    const auto text = co_await peer.read_request();
    if (text.empty()) co_return;
    auto request = detail::parse_request(text, stage->origin());
    if (!request) co_return;
    const auto method = request->method;
    const auto action = stage->next(std::move(*request));
    co_await wait_for(action.when);
    auto wire = response_text(action, method);
    if (action.only_bytes) wire.resize((std::min)(wire.size(), *action.only_bytes));
    if (!wire.empty()) co_await peer.write(std::move(wire));
    if (action.ending == peer_ending::stall) co_await peer.until_gone();
    if (action.ending == peer_ending::orderly) peer.end(fault_ending::orderly);
    if (action.ending != peer_ending::none) co_return;
  }
}

}  // namespace detail::conformance

struct network_subject::peer {
  peer(fault_server::script script, const fault_options& options) : server{std::move(script), options} {}

  std::shared_ptr<detail::conformance::peer_stage> stage;
  fault_server server;
};

/// A port that is bound but not listening: it refuses connections, and no other process can use it.
struct network_subject::closed_port {
  asio::io_context io;
  asio::ip::tcp::acceptor socket{io};

  closed_port() {
    const asio::ip::tcp::endpoint any{asio::ip::address_v4::loopback(), 0};
    socket.open(any.protocol());
    socket.bind(any);
  }
};

SSO_DECL network_subject::~network_subject() = default;

SSO_DECL void network_subject::serve(peer_script script) {
  const auto stage = std::make_shared<detail::conformance::peer_stage>(std::move(script), http::origin{});
  fault_options options;
  options.tls = tls_;
  peer_ = std::make_shared<peer>([stage](fault_peer& one) { return detail::conformance::play(stage, one); },
                                 options);
  peer_->stage = stage;
  stage->move_to(peer_->server.origin());
}

SSO_DECL any_transport network_subject::make(asio::any_io_executor executor) {
  return make_(std::move(executor), peer_->server.ca_pem());
}

SSO_DECL http::origin network_subject::origin() const {
  return peer_->server.origin();
}

SSO_DECL std::vector<http::request> network_subject::received() const {
  return peer_->stage->received();
}

SSO_DECL std::optional<http::origin> network_subject::closed_origin() {
  if (!closed_) closed_ = std::make_shared<closed_port>();
  auto out = origin();
  out.port = closed_->socket.local_endpoint().port();
  return out;
}

SSO_DECL std::optional<http::origin> network_subject::silent_origin() {
  if (!tls_) return std::nullopt;
  if (!silent_) {
    fault_options plain;
    plain.tls = false;  // the client's handshake gets no response
    silent_ = std::make_shared<peer>([](fault_peer& one) { return one.until_gone(); }, plain);
  }
  auto out = silent_->server.origin();
  out.scheme = "https";
  return out;
}

struct in_memory_subject::peer {
  explicit peer(peer_script script, http::origin where) : stage{std::move(script), std::move(where)} {}

  static asio::awaitable<result<http::response>> respond(std::shared_ptr<peer> self, http::request request) {
    const bool head = request.method == http::method::head;
    auto action = self->stage.next(std::move(request));
    co_await detail::conformance::wait_for(action.when);
    if (action.ending == peer_ending::stall) {
      co_await detail::conformance::wait_for(std::make_shared<const std::atomic<bool>>(false));
    }
    if (head) action.response.body.clear();
    co_return std::move(action.response);
  }

  detail::conformance::peer_stage stage;
};

SSO_DECL in_memory_subject::in_memory_subject(std::function<any_transport(asio::any_io_executor)> make,
                                              std::function<void(peer_handler)> script)
    : make_{std::move(make)}, script_{std::move(script)} {}

SSO_DECL void in_memory_subject::serve(peer_script script) {
  peer_ = std::make_shared<peer>(std::move(script), origin());
  script_([self = peer_](const http::request& request) { return peer::respond(self, request); });
}

SSO_DECL std::vector<http::request> in_memory_subject::received() const {
  return peer_->stage.received();
}

}  // namespace sso::testing
