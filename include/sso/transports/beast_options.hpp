// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/secret.hpp>

#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace sso {

/// The oldest protocol version a handshake may end with.
enum class tls_version { v1_2, v1_3 };

/// Trust anchors and client identity. Files are PEM files.
struct beast_tls_options {
  /// Certificate authorities to trust instead of the system's store; empty: not used. A file without any
  /// certificate is refused. With `ca_pem` as well, both are trusted.
  std::string ca_file{};
  /// The same, as PEM text in memory.
  std::string ca_pem{};
  /// The client's own certificate, followed by its intermediates; empty: none. Needs the client's key.
  std::string client_certificate_file{};
  /// The same, as PEM text in memory. Not both.
  std::string client_certificate_pem{};
  /// The key of the client's certificate, which it needs.
  std::string client_key_file{};
  /// The same, as PEM text in memory, so that a key from a vault need not be written to disk. Not both.
  secret client_key_pem{};
  /// What decrypts the key, if it is encrypted.
  secret client_key_password{};
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
  std::string user{};  ///< without a colon
  secret password{};   ///< any bytes
};

/// An HTTP proxy that every connection is tunnelled through, by CONNECT.
struct beast_proxy_options {
  /// E.g. `http://proxy.example.com:3128`; empty: no proxy. The conversation with the proxy itself is not
  /// encrypted. Credentials may also stand in the URL.
  std::string url{};
  /// They go to the proxy and never to an origin.
  std::optional<proxy_credentials> credentials{};
};

/// What a `beast_transport` does. Checked and read, environment included, only when it is built.
///
/// With g++ 12, do not make one inside a `co_await` expression.
struct beast_options {
  beast_tls_options tls{};    ///< trust anchors and client identity
  beast_pool_options pool{};  ///< how many connections, and for how long
  /// What opening a connection may take at most, from the name lookup to the end of the TLS handshake; above
  /// zero. The exchange's own limit goes on beside it.
  std::chrono::steady_clock::duration connect_timeout = std::chrono::seconds{5};
  beast_proxy_options proxy{};  ///< what every connection goes through, if anything
  /// Asked about every address before it is connected to, whether it was looked up or stands in a URL: the proxy's where
  /// there is one, otherwise the origin's. Where it returns false for all of them, the call fails with `connect_failed`,
  /// `not_sent`, naming the addresses. Called on callers' executors, from several threads at once if they have several. Empty:
  /// all are allowed. `sso::is_public_address` is a ready one.
  std::function<bool(const boost::asio::ip::address&)> allow_address{};
  /// Without `proxy.url`: take the proxy from `HTTPS_PROXY` and its exceptions from `NO_PROXY` (or the same
  /// in lower case). Concerns https only.
  bool proxy_from_environment = false;
  /// Sends requests, credentials included, unencrypted to any host named by an `http` URL. Without this,
  /// `http` goes to loopback only.
  bool dangerously_allow_plain_http = false;
};

}  // namespace sso
