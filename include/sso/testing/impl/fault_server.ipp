// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/testing/fault_server.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <future>
#include <mutex>
#include <set>
#include <string_view>
#include <thread>
#include <utility>

namespace sso::testing {
namespace detail {

using asio::ip::tcp;

/// How long the request at the head of `text` is; 0 while its header section is not complete.
inline std::size_t request_length(std::string_view text) {
  const auto end = text.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  std::size_t body = 0;
  auto lines = text.substr(0, end);
  while (!lines.empty()) {
    const auto line = lines.substr(0, lines.find("\r\n"));
    constexpr std::string_view name = "content-length:";
    if (line.size() > name.size() && sso::detail::iequals(line.substr(0, name.size()), name)) {
      const auto digits = sso::detail::trim(line.substr(name.size()));
      std::from_chars(digits.data(), digits.data() + digits.size(), body);
    }
    lines.remove_prefix((std::min)(lines.size(), line.size() + 2));
  }
  return end + 4 + body;
}

/// What the connections of a `fault_server` note down.
class fault_record {
public:
  struct counts {
    std::size_t connections = 0;
    std::size_t resumptions = 0;
    std::size_t open = 0;
    std::vector<std::string> requests;
  };

  template <class Change>
  void note(Change change) {
    const std::lock_guard lock{mutex_};
    change(counts_);
  }
  [[nodiscard]] counts get() const {
    const std::lock_guard lock{mutex_};
    return counts_;
  }

private:
  mutable std::mutex mutex_;
  counts counts_;
};

class fault_connection final : public fault_peer {
public:
  fault_connection(tcp::socket socket, asio::ssl::context* tls, fault_record& record, std::size_t number)
      : socket_{std::move(socket)}, record_{record}, number_{number} {
    if (tls != nullptr) tls_.emplace(socket_, *tls);
  }

  ~fault_connection() override {
    record_.note([](auto& counts) { --counts.open; });
  }

  asio::awaitable<void> handshake() {
    if (!tls_) co_return;
    co_await tls_->async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
    if (SSL_session_reused(tls_->native_handle()) == 1)
      record_.note([](auto& counts) { ++counts.resumptions; });
  }

  std::size_t number() const noexcept override { return number_; }

  asio::awaitable<std::string> read_request() override {
    for (;;) {
      if (const auto length = request_length(held_); length != 0 && held_.size() >= length) {
        auto request = held_.substr(0, length);
        held_.erase(0, length);
        record_.note([&](auto& counts) { counts.requests.push_back(request); });
        co_return request;
      }
      const bool more = co_await read_some();
      if (!more) co_return std::string{};
    }
  }

  asio::awaitable<void> write(std::string bytes) override {
    if (tls_) {
      co_await asio::async_write(*tls_, asio::buffer(bytes), asio::use_awaitable);
    } else {
      co_await asio::async_write(socket_, asio::buffer(bytes), asio::use_awaitable);
    }
  }

  asio::awaitable<void> until_gone() override {
    for (;;) {
      held_.clear();
      const bool more = co_await read_some();
      if (!more) co_return;
    }
  }

  asio::awaitable<void> relay(std::uint16_t port) override {
    tunnel way{socket_.get_executor()};
    co_await way.target.async_connect({asio::ip::address_v4::loopback(), port}, asio::use_awaitable);
    way.target.set_option(tcp::no_delay{true});
    asio::co_spawn(socket_.get_executor(), relay_back(way), asio::detached);
    boost::system::error_code failed;
    for (bool more = true; more && !failed;) {
      co_await asio::async_write(way.target, asio::buffer(held_),
                                 asio::redirect_error(asio::use_awaitable, failed));
      held_.clear();
      if (!failed) more = co_await read_some();
    }
    way.target.close(failed);
    while (!way.back_ended) {
      co_await way.wake.async_wait(asio::redirect_error(asio::use_awaitable, failed));
    }
  }

  void end(fault_ending how) override {
    boost::system::error_code ignored;
    if (how == fault_ending::orderly && tls_) {
      // Sends close_notify and, as the socket does not block, does not wait for the client's.
      socket_.non_blocking(true, ignored);
      tls_->shutdown(ignored);
    }
    if (how == fault_ending::reset) socket_.set_option(asio::socket_base::linger{true, 0}, ignored);
    socket_.close(ignored);
  }

private:
  /// The other side of a relay, and the end of its way back.
  struct tunnel {
    explicit tunnel(const asio::any_io_executor& executor)
        : target{executor}, wake{executor, (asio::steady_timer::time_point::max)()} {}

    tcp::socket target;
    asio::steady_timer wake;
    bool back_ended = false;
  };

  asio::awaitable<void> relay_back(tunnel& way) {
    std::array<char, 4096> bytes;
    boost::system::error_code failed;
    while (!failed) {
      const auto n = co_await way.target.async_read_some(asio::buffer(bytes),
                                                         asio::redirect_error(asio::use_awaitable, failed));
      const auto received = asio::buffer(bytes.data(), n);
      if (failed) break;
      if (tls_) {
        co_await asio::async_write(*tls_, received, asio::redirect_error(asio::use_awaitable, failed));
      } else {
        co_await asio::async_write(socket_, received, asio::redirect_error(asio::use_awaitable, failed));
      }
    }
    end(fault_ending::abrupt);
    way.back_ended = true;
    way.wake.cancel();
  }

  asio::awaitable<bool> read_some() {
    std::array<char, 4096> bytes;
    boost::system::error_code failed;
    std::size_t n = 0;
    if (tls_) {
      n = co_await tls_->async_read_some(asio::buffer(bytes),
                                         asio::redirect_error(asio::use_awaitable, failed));
    } else {
      n = co_await socket_.async_read_some(asio::buffer(bytes),
                                           asio::redirect_error(asio::use_awaitable, failed));
    }
    held_.append(bytes.data(), n);
    co_return !failed;
  }

  tcp::socket socket_;
  std::optional<asio::ssl::stream<tcp::socket&>> tls_;
  fault_record& record_;
  std::size_t number_;
  std::string held_;
};

}  // namespace detail

struct fault_server::server {
  server(script told, fault_options given)
      : misbehave{std::move(told)},
        options{std::move(given)},
        tls{asio::ssl::context::tls_server},
        acceptor{io, detail::tcp::endpoint{asio::ip::make_address(options.address), options.port}},
        port{acceptor.local_endpoint().port()} {
    if (options.tls) set_up_tls();
    asio::co_spawn(io, accept(), asio::detached);
    thread = std::thread{[this] { io.run(); }};
  }

  ~server() {
    io.stop();
    thread.join();
  }

  void set_up_tls() {
    const certificate_authority authority;
    const auto own = options.identity ? *options.identity : authority.issue(options.certificate);
    if (!options.identity) ca_pem = authority.pem();
    auto* const ctx = tls.native_handle();
    if (options.newest_tls != 0) {
      SSL_CTX_set_security_level(ctx, 0);
      SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION);
      SSL_CTX_set_max_proto_version(ctx, options.newest_tls);
    }
    tls.use_certificate_chain(asio::buffer(own.certificate_pem + own.chain_pem));
    tls.use_private_key(asio::buffer(own.key_pem), asio::ssl::context::pem);
    constexpr unsigned char context_id[] = {'s', 's', 'o'};
    SSL_CTX_set_session_id_context(ctx, context_id, sizeof context_id);
    if (!options.client_ca_pem.empty()) {
      tls.add_certificate_authority(asio::buffer(options.client_ca_pem));
      SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    }
  }

  asio::awaitable<void> accept() {
    for (std::size_t number = 0;; ++number) {
      auto socket = co_await acceptor.async_accept(asio::use_awaitable);
      socket.set_option(detail::tcp::no_delay{true});
      record.note([](auto& counts) {
        ++counts.connections;
        ++counts.open;
      });
      asio::co_spawn(io, serve(std::move(socket), number), asio::detached);
    }
  }

  asio::awaitable<void> serve(detail::tcp::socket socket, std::size_t number) {
    detail::fault_connection peer{std::move(socket), options.tls ? &tls : nullptr, record, number};
    open.insert(&peer);
    try {
      co_await peer.handshake();
      co_await misbehave(peer);
    } catch (const boost::system::system_error&) {
      // The client went away in the middle of the script.
    }
    peer.end(fault_ending::abrupt);
    open.erase(&peer);
  }

  script misbehave;
  fault_options options;
  std::string ca_pem;
  detail::fault_record record;
  std::set<detail::fault_connection*> open;
  asio::io_context io{1};
  asio::ssl::context tls;
  detail::tcp::acceptor acceptor;
  std::uint16_t port;
  std::thread thread;
};

SSO_DECL fault_server::fault_server(script misbehave, fault_options options)
    : server_{std::make_unique<server>(std::move(misbehave), std::move(options))} {}

SSO_DECL fault_server::~fault_server() = default;

SSO_DECL void fault_server::end_connections(fault_ending how) {
  std::promise<void> done;
  asio::post(server_->io, [&] {
    for (auto* const peer : server_->open) peer->end(how);
    done.set_value();
  });
  done.get_future().wait();
}

SSO_DECL http::origin fault_server::origin() const {
  return {server_->options.tls ? "https" : "http", server_->options.host, server_->port};
}
SSO_DECL std::string fault_server::base_url() const {
  return http::to_string(origin());
}
SSO_DECL const std::string& fault_server::ca_pem() const noexcept {
  return server_->ca_pem;
}
SSO_DECL std::size_t fault_server::connections() const {
  return server_->record.get().connections;
}
SSO_DECL std::size_t fault_server::resumptions() const {
  return server_->record.get().resumptions;
}
SSO_DECL std::size_t fault_server::open_connections() const {
  return server_->record.get().open;
}
SSO_DECL std::vector<std::string> fault_server::requests() const {
  return server_->record.get().requests;
}

}  // namespace sso::testing
