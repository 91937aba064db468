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

/// Minimum TLS version.
enum class tls_version { v1_2, v1_3 };

/// Trust anchors and client identity. Files are PEM files.
struct beast_tls_options {
  /// File with the certificate authorities to trust instead of the system's store; empty: not used. A file
  /// without a certificate is refused. If `ca_pem` is set too, both are trusted.
  std::string ca_file{};
  /// Certificate authorities to trust, as PEM text; otherwise like `ca_file`.
  std::string ca_pem{};
  /// File with the client's certificate and its intermediates; empty: none. Requires the client's key.
  std::string client_certificate_file{};
  /// The client's certificate and intermediates as PEM text. Not together with the file.
  std::string client_certificate_pem{};
  /// File with the key of the client's certificate.
  std::string client_key_file{};
  /// The key as PEM text, so that a key from a vault is not written to disk. Not together with the file.
  secret client_key_pem{};
  /// Password of an encrypted key.
  secret client_key_password{};
  /// Minimum TLS version. Default: TLS 1.2, the lowest one supported.
  tls_version min_version = tls_version::v1_2;
  /// Accepts any certificate. An attacker on the path can then read every credential. For experiments only.
  bool dangerously_disable_verification = false;
};

/// Limits of the connection pool.
struct beast_pool_options {
  /// Maximum number of connections to one origin, in use or idle; 1 or more. Further calls wait.
  std::size_t per_origin = 64;
  /// Maximum number of connections in total; 1 or more. An idle connection of another origin is closed to
  /// make room.
  std::size_t total = 256;
  /// An idle connection is not reused after this time. Zero: connections are never reused. The default is
  /// below 5 s, after which common servers close idle connections.
  std::chrono::steady_clock::duration idle_timeout = std::chrono::seconds{4};
  /// A connection is not reused beyond this age, so that DNS changes take effect. Greater than zero.
  std::chrono::steady_clock::duration max_lifetime = std::chrono::minutes{5};
};

/// User name and password of a proxy, sent with the Basic scheme.
struct proxy_credentials {
  std::string user{};  ///< without a colon
  secret password{};   ///< any bytes
};

/// An HTTP proxy; connections are tunnelled through it by CONNECT. Plain http to loopback uses no proxy, unless
/// `dangerously_allow_plain_http` is set.
struct beast_proxy_options {
  /// URL of the proxy, e.g. `http://proxy.example.com:3128`; empty: no proxy. The connection to the proxy
  /// itself is not encrypted. The URL may contain credentials.
  std::string url{};
  /// Sent to the proxy only, never to an origin.
  std::optional<proxy_credentials> credentials{};
};

/// Options of a `beast_transport`. Its constructor checks them and reads files and environment.
///
/// With g++ 12, do not create one inside a `co_await` expression.
struct beast_options {
  beast_tls_options tls{};    ///< trust anchors and client identity
  beast_pool_options pool{};  ///< number and lifetime of connections
  /// Bounds the opening of a connection, from the name lookup to the end of the TLS handshake. Greater than
  /// zero. The limit of the exchange applies as well.
  std::chrono::steady_clock::duration connect_timeout = std::chrono::seconds{5};
  beast_proxy_options proxy{};  ///< the proxy, if any
  /// Filter of addresses, called for each address before connecting, whether resolved from a name or written
  /// in a URL: the proxy's if there is one, otherwise the origin's. If it returns false for all addresses,
  /// the call fails with `connect_failed`, outcome `not_sent`, naming the addresses. Called on the executors
  /// of the callers, from several threads at once if they run on several. Empty: all addresses are allowed.
  /// Example: `sso::is_public_address`.
  std::function<bool(const boost::asio::ip::address&)> allow_address{};
  /// If `proxy.url` is empty, reads the proxy from `HTTPS_PROXY` and its exceptions from `NO_PROXY` (or their
  /// lower-case names). Applies to https only.
  bool proxy_from_environment = false;
  /// Allows `http` URLs of hosts that are not loopback. Requests, including credentials, are then sent
  /// unencrypted.
  bool dangerously_allow_plain_http = false;
};

}  // namespace sso
