// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/transport.hpp>
#include <sso/secret.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace sso {

/// The oldest protocol version a handshake may end with.
enum class tls_version { v1_2, v1_3 };

/// Whom to trust, and who to be, in a TLS handshake. File names are those of PEM files.
struct beast_tls_options {
  /// Certificate authorities to trust instead of the system's store; empty: not used. A file without any
  /// certificate is refused. With `ca_pem` as well, both are trusted.
  std::string ca_file;
  /// The same, as PEM text in memory.
  std::string ca_pem;
  /// The client's own certificate, followed by its intermediates; empty: none. Needs `client_key_file`.
  std::string client_certificate_file;
  /// The key of `client_certificate_file`.
  std::string client_key_file;
  /// What decrypts `client_key_file`, if it is encrypted.
  secret client_key_password;
  /// Default: TLS 1.2. Nothing older can be asked for.
  tls_version min_version = tls_version::v1_2;
  /// Accepts any certificate from anyone: whoever sits between this program and the server then reads every
  /// credential. For experiments only.
  bool dangerously_disable_verification = false;
};

/// How connections are kept and shared.
struct beast_pool_options {
  /// Connections to one origin at most, in use or idle; 1 or more. A call beyond that waits its turn.
  std::size_t per_origin = 64;
  /// Connections in all at most; 1 or more. An idle one of another origin is closed to make room.
  std::size_t total = 256;
  /// An idle connection is not used again after this time; zero: connections are never used twice. The
  /// default stays below the 5 s after which common servers close.
  std::chrono::steady_clock::duration idle_timeout = std::chrono::seconds{4};
  /// A connection is not used again after this age, so that changes of DNS are followed; above zero.
  std::chrono::steady_clock::duration max_lifetime = std::chrono::minutes{5};
};

/// A user and password, sent to a proxy by the Basic scheme.
struct proxy_credentials {
  std::string user;  ///< without a colon
  secret password;   ///< any bytes
};

/// An HTTP proxy that every connection is tunnelled through, by CONNECT.
struct beast_proxy_options {
  /// E.g. `http://proxy.example.com:3128`; empty: no proxy. The conversation with the proxy itself is not
  /// encrypted. Credentials may also stand in the URL.
  std::string url;
  /// They go to the proxy and never to an origin.
  std::optional<proxy_credentials> credentials;
};

/// What a `beast_transport` does; checked when it is built.
struct beast_options {
  beast_tls_options tls;    ///< whom to trust, and who to be
  beast_pool_options pool;  ///< how many connections, and for how long
  /// What opening a connection may take at most, from the first packet to the end of the TLS handshake; above
  /// zero. The exchange's own limit goes on beside it.
  std::chrono::steady_clock::duration connect_timeout = std::chrono::seconds{5};
  beast_proxy_options proxy;  ///< what every connection goes through, if anything
  /// Without `proxy.url`: take the proxy from `HTTPS_PROXY` and its exceptions from `NO_PROXY` (or the same
  /// in lower case), read once when the transport is built. Concerns https only.
  bool proxy_from_environment = false;
  /// Sends requests, credentials included, unencrypted to any host named by an `http` URL. Without this,
  /// `http` goes to loopback only.
  bool dangerously_allow_plain_http = false;
};

/// A look at a transport's connections. The last four are counts since it was built.
struct beast_stats {
  std::size_t open = 0;        ///< connections that exist, being opened, in use or idle
  std::size_t idle = 0;        ///< those of them that wait for a request
  std::size_t waiting = 0;     ///< calls that wait for a connection
  std::uint64_t opened = 0;    ///< connections established, handshake included
  std::uint64_t reused = 0;    ///< exchanges that began on a kept connection
  std::uint64_t evicted = 0;   ///< kept connections closed for age, or to make room
  std::uint64_t replaced = 0;  ///< kept connections that turned out dead and were replaced by a new one
};

/// The default transport: HTTP/1.1 over TLS with kept-alive connections. Models `sso::transport`; what that
/// concept says of `send` holds here.
///
/// TLS verifies the peer's chain and its name (RFC 9525) and resumes sessions. Connections are pooled by
/// origin, the most recently used one first, waiting calls first come first served. Idle connections are
/// closed when the pool is next used or destroyed: no timer and no thread of this class keeps a program
/// running. Name lookups run on the thread that Asio keeps for them; a lookup that outlives its deadline
/// delays no caller, but `io_context::run()` returns only after it.
///
/// A handle: copies share one pool, and exchanges in flight keep alive what they need. The executor's context
/// must outlive the last handle, and an exchange in flight counts as one, wherever its caller runs: where callers
/// have an event loop of their own, let calls end before either loop is destroyed.
///
/// Thread safety: handles may be used and copied by several threads at once, whatever executor it is.
class beast_transport {
public:
  /// Reads the trust store and all other files.
  ///
  /// @param executor of an `io_context`, `thread_pool` or the like: its context's threads do the work
  /// @param options files, limits and the proxy; nothing of them is read again later
  /// @throws exception with `errc::invalid_argument` where an option breaks its rule, with `errc::tls_failed`
  ///   where a file cannot be used or the trust store holds no certificate; the message names the option
  SSO_DECL explicit beast_transport(asio::any_io_executor executor, beast_options options = {});

  /// One exchange; see `sso::transport`. Total, partial and terminal cancellation are enabled on the awaiting
  /// coroutine, as by `asio::this_coro::reset_cancellation_state`, if it can be cancelled at all.
  ///
  /// Errors: `invalid_argument` (the request may not be sent as it is), `timeout` (naming what was going on),
  /// `cancelled`, `connect_failed`, `tls_failed`, `transport_failed`, `incomplete_response`,
  /// `protocol_error`, `response_too_large`.
  [[nodiscard]] SSO_DECL asio::awaitable<result<http::response>> send(const http::request& request,
                                                                      http::limits limits) const;

  /// How things stand now. Idle connections whose time is over are closed first.
  [[nodiscard]] SSO_DECL beast_stats stats() const;

private:
  struct state;

  SSO_DECL static asio::awaitable<result<http::response>>
  perform(std::shared_ptr<state> self, const http::request& request, http::limits limits);

  std::shared_ptr<state> state_;
};

}  // namespace sso

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/beast_transport.ipp>
#endif
