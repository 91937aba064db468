// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace sso::http {

/// The server of a request: scheme, host and port (RFC 9110 §4.3.1). Requests to equal origins may share
/// connections.
struct origin {
  std::string scheme = "https";  ///< `https` or `http`, in lower case
  std::string host{};            ///< a name, an IPv4 address, or an IPv6 address without brackets
  std::uint16_t port = 443;      ///< explicit, even if it is the default port of the scheme

  friend bool operator==(const origin&, const origin&) = default;
  friend auto operator<=>(const origin&, const origin&) = default;
};

/// The default port of the scheme.
[[nodiscard]] constexpr std::uint16_t default_port(std::string_view scheme) noexcept {
  return scheme == "http" ? 80 : 443;
}

/// The value of the `Host` header: host and port, the port only if it is not the scheme's default, IPv6 in
/// brackets.
[[nodiscard]] SSO_DECL std::string host_header(const origin& where);
/// Appends `host_header(where)` to `out`.
SSO_DECL void append_host_header(std::string& out, const origin& where);

/// The origin as text, e.g. `https://api.example.com:8443`.
[[nodiscard]] SSO_DECL std::string to_string(const origin& where);

/// Whether the host is `localhost`, a name under `.localhost` (RFC 6761 §6.3), an address in 127.0.0.0/8, or
/// ::1. Checks the text only; does no name lookup.
[[nodiscard]] SSO_DECL bool is_loopback(const origin& where) noexcept;

}  // namespace sso::http

template <>
struct std::hash<sso::http::origin> {
  std::size_t operator()(const sso::http::origin& where) const noexcept {
    const std::hash<std::string> text;
    return text(where.host) * 31 + text(where.scheme) * 7 + where.port;
  }
};

#if defined(SSO_HEADER_ONLY)
#include <sso/http/impl/origin.ipp>
#endif
