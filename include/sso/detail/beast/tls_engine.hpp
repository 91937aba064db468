// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/buffer.hpp>
#include <sso/detail/beast/io.hpp>
#include <sso/detail/openssl_ptr.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <climits>
#include <cstddef>
#include <new>
#include <string_view>

namespace sso::detail::net {

/// TLS between two buffers, without I/O. `incoming` takes the bytes from the network, `outgoing` those for
/// it. Used by one thread at a time.
class tls_engine {
public:
  using method_ptr = openssl_ptr<BIO_METHOD, BIO_meth_free>;

  /// Connects OpenSSL to the buffers. One for all engines; must outlive them.
  static method_ptr make_method() {
    method_ptr method{BIO_meth_new(BIO_TYPE_SOURCE_SINK, "sso buffers")};
    if (!method) throw std::bad_alloc{};
    BIO_meth_set_write(method.get(), &bio_write);
    BIO_meth_set_read(method.get(), &bio_read);
    BIO_meth_set_ctrl(method.get(), &bio_control);
    return method;
  }

  /// `outgoing` must outlive the engine.
  tls_engine(SSL_CTX* context, const BIO_METHOD* method, flat_buffer& outgoing)
      : ssl_{SSL_new(context)}, outgoing_{outgoing} {
    openssl_ptr<BIO, BIO_free> bio{BIO_new(method)};
    if (!ssl_ || !bio) throw std::bad_alloc{};
    BIO_set_data(bio.get(), this);
    BIO_set_init(bio.get(), 1);
    auto* const both = bio.release();
    SSL_set_bio(get(), both, both);  // takes ownership
    SSL_set_connect_state(get());
  }
  tls_engine(const tls_engine&) = delete;
  tls_engine& operator=(const tls_engine&) = delete;

  ~tls_engine() {
    // Without a shutdown, OpenSSL marks the session as not resumable. The peer's close_notify is not awaited:
    // whether the message is complete is known without it.
    SSL_set_shutdown(get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  }

  [[nodiscard]] SSL* get() const noexcept { return ssl_.get(); }

  /// Whether the peer has sent close_notify.
  [[nodiscard]] bool closed_by_peer() const noexcept {
    return (SSL_get_shutdown(get()) & SSL_RECEIVED_SHUTDOWN) != 0;
  }

  /// Continues the handshake; `would_block` if it needs more from the peer.
  error_code handshake() {
    forget_errors();
    return status_of(SSL_do_handshake(get()));
  }

  /// Encrypts all of `text`.
  error_code write(std::string_view text) {
    forget_errors();
    while (!text.empty()) {
      const auto piece = static_cast<int>((std::min<std::size_t>)(text.size(), INT_MAX));
      const int n = SSL_write(get(), text.data(), piece);
      if (n <= 0) return status_of(n);
      text.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
  }

  /// Decrypts some bytes; `would_block` if it needs more from the peer, `eof` after its close_notify.
  std::size_t read(asio::mutable_buffer room, error_code& failed) {
    forget_errors();
    const auto most = static_cast<int>((std::min<std::size_t>)(room.size(), INT_MAX));
    const int n = SSL_read(get(), room.data(), most);
    if (n > 0) return static_cast<std::size_t>(n);
    failed = status_of(n);
    return 0;
  }

  /// Whether another `read` may return bytes without more from the network.
  [[nodiscard]] bool has_more() const noexcept { return incoming.size() != 0 || SSL_pending(get()) != 0; }

  /// Whether a part of a record has arrived. `SSL_has_pending` does not report one of which only the header
  /// is there.
  [[nodiscard]] bool has_partial_record() const noexcept {
    return incoming.size() != 0 || SSL_has_pending(get()) != 0 ||
           std::string_view{SSL_rstate_string(get())} == "RB";
  }

  flat_buffer incoming;

private:
  /// Errors that others left in this thread's queue would be taken for ours. Looking costs less than
  /// clearing.
  static void forget_errors() noexcept {
    if (ERR_peek_error() != 0) ERR_clear_error();
  }

  [[nodiscard]] error_code status_of(int returned) const {
    if (returned > 0) return {};
    switch (SSL_get_error(get(), returned)) {
    case SSL_ERROR_WANT_READ: return asio::error::would_block;
    case SSL_ERROR_ZERO_RETURN: return asio::error::eof;
    default: break;
    }
    const auto reason = ERR_get_error();
    if (reason == 0) return asio::ssl::error::unspecified_system_error;
    return {static_cast<int>(reason), asio::error::get_ssl_category()};
  }

  static tls_engine& self(BIO* bio) { return *static_cast<tls_engine*>(BIO_get_data(bio)); }

  static int bio_write(BIO* bio, const char* data, int size) {
    BIO_clear_retry_flags(bio);
    try {
      append(self(bio).outgoing_, {data, static_cast<std::size_t>(size)});
    } catch (...) {  // no memory; no exception may pass through OpenSSL
      return -1;
    }
    return size;
  }

  static int bio_read(BIO* bio, char* out, int size) {
    BIO_clear_retry_flags(bio);
    auto& from = self(bio).incoming;
    if (from.size() == 0) {
      BIO_set_retry_read(bio);
      return -1;
    }
    const auto n = asio::buffer_copy(asio::buffer(out, static_cast<std::size_t>(size)), from.cdata());
    from.consume(n);
    return static_cast<int>(n);
  }

  static long bio_control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

  openssl_ptr<SSL, SSL_free> ssl_;
  flat_buffer& outgoing_;
};

}  // namespace sso::detail::net
