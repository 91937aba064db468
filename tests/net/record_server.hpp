// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/origin.hpp>
#include <sso/testing/certificate.hpp>
#include <sso/testing/fault_server.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>

#include <openssl/ssl.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace net_test {

/// A connection of a `record_server`. TLS runs in memory, so that a script decides which bytes are sent and when.
class record_peer {
public:
  record_peer(SSL_CTX* context, sso::testing::fault_peer& wire)
      : ssl_{SSL_new(context), &SSL_free}, wire_{wire} {
    SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_accept_state(ssl_.get());
  }

  [[nodiscard]] SSL* ssl() const noexcept { return ssl_.get(); }

  /// Up to the end of the handshake, without the last records of the server.
  boost::asio::awaitable<void> handshake() {
    while (SSL_do_handshake(ssl_.get()) != 1) {
      co_await send(taken());
      const auto received = co_await receive();
      if (received == 0) throw std::runtime_error{"the client has gone"};
    }
  }

  /// The TLS records of these bytes, after pending records.
  [[nodiscard]] std::string sealed(std::string_view plain) {
    SSL_write(ssl_.get(), plain.data(), static_cast<int>(plain.size()));
    return taken();
  }

  /// The pending output of TLS.
  [[nodiscard]] std::string taken() {
    std::string out(BIO_ctrl_pending(SSL_get_wbio(ssl_.get())), '\0');
    if (!out.empty()) BIO_read(SSL_get_wbio(ssl_.get()), out.data(), static_cast<int>(out.size()));
    return out;
  }

  boost::asio::awaitable<void> send(std::string bytes) { return wire_.write(std::move(bytes)); }

  /// Reads bytes and passes them to TLS. Returns their number; 0: the client has closed.
  boost::asio::awaitable<std::size_t> receive() {
    const auto bytes = co_await wire_.read_bytes();
    if (!bytes.empty()) BIO_write(SSL_get_rbio(ssl_.get()), bytes.data(), static_cast<int>(bytes.size()));
    co_return bytes.size();
  }

  /// Reads a header section; empty if the client has closed.
  boost::asio::awaitable<std::string> read_request() {
    std::string text;
    while (text.find("\r\n\r\n") == std::string::npos) {
      std::string plain(4096, '\0');
      const int n = SSL_read(ssl_.get(), plain.data(), static_cast<int>(plain.size()));
      if (n > 0) {
        text.append(plain, 0, static_cast<std::size_t>(n));
        continue;
      }
      const auto received = co_await receive();
      if (received == 0) co_return std::string{};
    }
    co_return text;
  }

private:
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
  sso::testing::fault_peer& wire_;
};

/// A TLS server whose script controls every record and every part of a record. `number` is the connection number.
class record_server {
public:
  using script = std::function<boost::asio::awaitable<void>(record_peer&, std::size_t number)>;

  record_server(int version, script hold)
      : hold_{std::move(hold)},
        server_{[this](sso::testing::fault_peer& wire) { return serve(wire); }, plain()} {
    sso::testing::certificate_options local;
    local.ip_addresses = {"127.0.0.1"};
    const auto identity = authority_.issue(local);
    SSL_CTX_set_min_proto_version(context_.native_handle(), version);
    SSL_CTX_set_max_proto_version(context_.native_handle(), version);
    using ssl = boost::asio::ssl::context;
    context_.use_certificate(boost::asio::buffer(identity.certificate_pem), ssl::pem);
    context_.use_private_key(boost::asio::buffer(identity.key_pem), ssl::pem);
  }

  [[nodiscard]] sso::http::origin origin() const {
    auto where = server_.origin();
    where.scheme = "https";
    return where;
  }
  [[nodiscard]] const std::string& ca_pem() const noexcept { return authority_.pem(); }

private:
  static sso::testing::fault_options plain() {
    sso::testing::fault_options out;
    out.tls = false;  // the scripts do TLS in memory
    return out;
  }
  boost::asio::awaitable<void> serve(sso::testing::fault_peer& wire) {
    record_peer peer{context_.native_handle(), wire};
    co_await hold_(peer, wire.number());
  }

  script hold_;
  sso::testing::certificate_authority authority_;
  boost::asio::ssl::context context_{boost::asio::ssl::context::tls_server};
  sso::testing::fault_server server_;  // last: its thread uses the other members
};

}  // namespace net_test
