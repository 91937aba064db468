// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/origin.hpp>
#include <sso/testing/certificate.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/write.hpp>

#include <openssl/ssl.h>

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace net_test {

/// One connection of a `record_server`: TLS in memory, so that a script says which bytes go out and when.
class record_peer {
public:
  record_peer(SSL_CTX* context, boost::asio::ip::tcp::socket& socket)
      : ssl_{SSL_new(context), &SSL_free}, socket_{socket} {
    SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_accept_state(ssl_.get());
  }

  [[nodiscard]] SSL* ssl() const noexcept { return ssl_.get(); }

  /// Up to its end, but without what the server says last.
  void handshake() {
    while (SSL_do_handshake(ssl_.get()) != 1) {
      send(taken());
      if (receive() == 0) throw std::runtime_error{"the client has gone"};
    }
  }

  /// The records of these bytes, behind those that TLS had to send anyway.
  [[nodiscard]] std::string sealed(std::string_view plain) {
    SSL_write(ssl_.get(), plain.data(), static_cast<int>(plain.size()));
    return taken();
  }

  /// What TLS has to send.
  [[nodiscard]] std::string taken() {
    std::string out(BIO_ctrl_pending(SSL_get_wbio(ssl_.get())), '\0');
    if (!out.empty()) BIO_read(SSL_get_wbio(ssl_.get()), out.data(), static_cast<int>(out.size()));
    return out;
  }

  void send(std::string_view bytes) { boost::asio::write(socket_, boost::asio::buffer(bytes)); }

  /// Waits for bytes and hands them to TLS; answers how many there were, 0 when the client has gone.
  std::size_t receive() {
    std::array<char, 4096> bytes;
    boost::system::error_code failed;
    const auto n = socket_.read_some(boost::asio::buffer(bytes), failed);
    if (n != 0) BIO_write(SSL_get_rbio(ssl_.get()), bytes.data(), static_cast<int>(n));
    return n;
  }

  /// A request as far as its header section; empty when the client has gone.
  std::string read_request() {
    std::string text;
    while (text.find("\r\n\r\n") == std::string::npos) {
      std::array<char, 4096> plain;
      const int n = SSL_read(ssl_.get(), plain.data(), static_cast<int>(plain.size()));
      if (n > 0) {
        text.append(plain.data(), static_cast<std::size_t>(n));
      } else if (receive() == 0) {
        return {};
      }
    }
    return text;
  }

private:
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
  boost::asio::ip::tcp::socket& socket_;
};

/// A TLS server whose script decides of every record, and of parts of records. Serves one connection after the other,
/// on a thread of its own.
class record_server {
public:
  using script = std::function<void(record_peer&, int number)>;

  record_server(int version, script hold) : hold_{std::move(hold)} {
    sso::testing::certificate_options local;
    local.ip_addresses = {"127.0.0.1"};
    const auto identity = authority_.issue(local);
    SSL_CTX_set_min_proto_version(context_.native_handle(), version);
    SSL_CTX_set_max_proto_version(context_.native_handle(), version);
    using ssl = boost::asio::ssl::context;
    context_.use_certificate(boost::asio::buffer(identity.certificate_pem), ssl::pem);
    context_.use_private_key(boost::asio::buffer(identity.key_pem), ssl::pem);
    thread_ = std::thread{[this] { serve(); }};
  }
  record_server(const record_server&) = delete;
  record_server& operator=(const record_server&) = delete;

  ~record_server() {
    over_ = true;
    {
      const std::lock_guard lock{mutex_};
      boost::system::error_code ignored;
      socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_both, ignored);
    }
    boost::asio::io_context io;
    boost::asio::ip::tcp::socket last{io};  // what `accept` waits for
    boost::system::error_code ignored;
    last.connect(acceptor_.local_endpoint(), ignored);
    thread_.join();
  }

  [[nodiscard]] sso::http::origin origin() const {
    return {"https", "127.0.0.1", acceptor_.local_endpoint().port()};
  }
  [[nodiscard]] const std::string& ca_pem() const noexcept { return authority_.pem(); }

private:
  void serve() {
    for (int number = 0;; ++number) {
      boost::asio::ip::tcp::socket accepted{io_};
      acceptor_.accept(accepted);
      accepted.set_option(boost::asio::ip::tcp::no_delay{true});
      {
        const std::lock_guard lock{mutex_};
        if (over_) return;
        socket_ = std::move(accepted);
      }
      record_peer peer{context_.native_handle(), socket_};
      try {
        hold_(peer, number);
      } catch (const std::exception&) {  // the client has gone
      }
      const std::lock_guard lock{mutex_};
      boost::system::error_code ignored;
      socket_.close(ignored);
    }
  }

  script hold_;
  sso::testing::certificate_authority authority_;
  boost::asio::ssl::context context_{boost::asio::ssl::context::tls_server};
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_{io_, {boost::asio::ip::make_address("127.0.0.1"), 0}};
  std::mutex mutex_;  // guards the socket's place, not what is read and written
  boost::asio::ip::tcp::socket socket_{io_};
  std::atomic<bool> over_ = false;
  std::thread thread_;
};

}  // namespace net_test
