// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/testing/impl/server_connection.ipp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>

#include <exception>
#include <functional>
#include <set>

/// The common part of the kit's servers.
namespace sso::testing::detail {

/// Accepts connections and serves each of them in a coroutine. All of it runs on one strand.
class server_core : public std::enable_shared_from_this<server_core> {
public:
  using script = std::function<asio::awaitable<void>(server_core&, server_connection&)>;

  server_core(const asio::any_io_executor& executor, script serve, const fault_options& options)
      : where{options.tls ? "https" : "http", options.host, 0},
        work_{asio::make_strand(executor)},
        acceptor_{work_, tcp::endpoint{asio::ip::make_address(options.address), options.port}},
        serve_{std::move(serve)},
        has_tls_{options.tls} {
    where.port = acceptor_.local_endpoint().port();
    if (has_tls_) set_up_tls(options);
  }

  void start() { asio::co_spawn(work_, accept(shared_from_this()), asio::detached); }

  /// Posts the closing of all connections, each as `how` says. `for_good`: also stops accepting. Calls `then` last.
  void close(fault_ending how, bool for_good, std::function<void()> then) {
    asio::post(work_, [self = shared_from_this(), how, for_good, then = std::move(then)] {
      boost::system::error_code ignored;
      if (for_good) self->acceptor_.close(ignored);
      const auto all = self->connections_;
      for (const auto& one : all) one->end(how);
      for (const auto& one : all) one->stop.emit(asio::cancellation_type::terminal);
      if (then) then();
    });
  }

  http::origin where;
  std::string ca_pem;
  const std::shared_ptr<server_counts> counts = std::make_shared<server_counts>();

private:
  void set_up_tls(const fault_options& options) {
    auto identity = options.identity;
    if (!identity) {
      const certificate_authority authority;
      identity = authority.issue(options.certificate);
      ca_pem = authority.pem();
    }
    auto* const context = tls_.native_handle();
    if (options.newest_tls != 0) {
      SSL_CTX_set_security_level(context, 0);
      SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
      SSL_CTX_set_max_proto_version(context, options.newest_tls);
    }
    tls_.use_certificate_chain(asio::buffer(identity->certificate_pem + identity->chain_pem));
    tls_.use_private_key(asio::buffer(identity->key_pem), asio::ssl::context::pem);
    constexpr unsigned char name[] = {'s', 's', 'o'};
    SSL_CTX_set_session_id_context(context, name, sizeof name);
    if (options.client_ca_pem.empty()) return;
    tls_.add_certificate_authority(asio::buffer(options.client_ca_pem));
    tls_.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
  }

  static asio::awaitable<void> accept(std::shared_ptr<server_core> self) {
    for (std::size_t number = 0; self->acceptor_.is_open();) {
      boost::system::error_code failed;
      auto socket = co_await self->acceptor_.async_accept(self->work_,
                                                          asio::redirect_error(asio::use_awaitable, failed));
      if (failed == asio::error::operation_aborted) co_return;
      if (failed) {  // e.g. out of file descriptors: try again soon
        asio::steady_timer pause{self->work_, std::chrono::milliseconds{10}};
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, failed));
        continue;
      }
      socket.set_option(tcp::no_delay{true}, failed);
      ++self->counts->accepted;
      auto one = std::make_shared<server_connection>(
          std::move(socket), self->has_tls_ ? &self->tls_ : nullptr, self->counts, number++);
      self->connections_.insert(one);
      asio::co_spawn(self->work_, serve(self, one),
                     asio::bind_cancellation_slot(one->stop.slot(), [self, one](std::exception_ptr) {
                       one->end(fault_ending::abrupt);  // `serve` throws if the client has gone
                       self->connections_.erase(one);
                     }));
    }
  }

  static asio::awaitable<void> serve(std::shared_ptr<server_core> self,
                                     std::shared_ptr<server_connection> one) {
    co_await one->handshake();
    co_await self->serve_(*self, *one);
  }

  const asio::strand<asio::any_io_executor> work_;
  tcp::acceptor acceptor_;
  asio::ssl::context tls_{asio::ssl::context::tls_server};
  const script serve_;
  const bool has_tls_;
  std::set<std::shared_ptr<server_connection>> connections_;  // used only on the strand
};

}  // namespace sso::testing::detail
