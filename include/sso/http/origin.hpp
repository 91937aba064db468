// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace sso::http {

/// Where a request goes: scheme, host and port (RFC 9110 §4.3.1). Requests to equal origins may share
/// connections.
struct origin {
  std::string scheme = "https";  ///< `https` or `http`, in lower case
  std::string host{};            ///< a name, an IPv4 address, or an IPv6 address without brackets
  std::uint16_t port = 443;      ///< in numbers even where it is the scheme's own

  friend bool operator==(const origin&, const origin&) = default;
  friend auto operator<=>(const origin&, const origin&) = default;
};

/// The port a URL of this scheme has when it names none.
[[nodiscard]] constexpr std::uint16_t default_port(std::string_view scheme) noexcept {
  return scheme == "http" ? 80 : 443;
}

/// Host and port as the `Host` header wants them: the port only if it is not the scheme's own, IPv6 in
/// brackets.
[[nodiscard]] SSO_DECL std::string host_header(const origin& where);
/// The same, at the end of `out`.
SSO_DECL void append_host_header(std::string& out, const origin& where);

/// E.g. `https://api.example.com:8443`.
[[nodiscard]] SSO_DECL std::string to_string(const origin& where);

/// Whether the host is `localhost`, a name under `.localhost` (RFC 6761 §6.3), 127.0.0.0/8 or ::1.
/// Decided by the text alone: no name is looked up.
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
