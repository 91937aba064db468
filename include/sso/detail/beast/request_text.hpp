// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/error.hpp>
#include <sso/http/request.hpp>

#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sso::detail::net {

/// Why `request` must not be sent; empty if it may be.
[[nodiscard]] inline std::optional<error> request_fault(const http::request& request,
                                                        bool plain_http_anywhere) {
  const auto refuse = [](std::string what) { return error{errc::invalid_argument, outcome::not_sent, what}; };
  static constexpr auto host_characters = alphanumeric_and("-._:%");
  const auto& where = request.origin;
  if (where.scheme != "https" && where.scheme != "http") {
    return refuse("origin.scheme must be https or http, not '" + printable(where.scheme, 40) + "'");
  }
  if (where.host.empty() || where.host.size() > 255 || !all_in(where.host, host_characters)) {
    return refuse("origin.host '" + printable(where.host, 80) + "' is not a host name or address");
  }
  if (where.port == 0) return refuse("origin.port must not be 0");
  if (where.scheme == "http" && !plain_http_anywhere && !http::is_loopback(where)) {
    return refuse("plain http to '" + where.host +
                  "' would send credentials unencrypted; use https (http is for loopback only)");
  }
  const std::string_view target = request.target;
  if (!target.starts_with('/') || !is_visible_ascii(target) || target.find('#') != std::string_view::npos) {
    const auto path = target.substr(0, target.find('?'));  // a query may hold secrets
    return refuse(
        "target '" + printable(path, 120) +
        "' must begin with '/' and hold neither spaces, control characters, '#' nor bytes over 127");
  }
  if (const auto fault = request.headers.fault()) {
    return refuse("header '" + fault->name + "': " + std::string{fault->rule});
  }
  for (const auto field : request.headers) {
    if (http::is_transport_header(field.name)) {
      return refuse("header '" + std::string{field.name} + "' is the transport's own");
    }
  }
  return std::nullopt;
}

/// Appends the request to `out`, as it is sent to the origin.
inline void append_request(std::string& out, const http::request& request) {
  const bool has_length = !request.body.empty() || request.method == http::method::post ||
                          request.method == http::method::put || request.method == http::method::patch;
  constexpr std::size_t around = 128;  // the fixed text below
  out.reserve(out.size() + around + request.target.size() + request.origin.host.size() +
              request.headers.wire().size() + request.body.size());
  using namespace std::string_view_literals;
  out.append(http::to_string(request.method)).append(" "sv).append(request.target);
  out.append(" HTTP/1.1\r\nHost: "sv);
  http::append_host_header(out, request.origin);
  out.append("\r\n"sv).append(request.headers.wire());
  if (!request.headers.contains("Accept-Encoding")) out.append("Accept-Encoding: identity\r\n"sv);
  if (has_length) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), request.body.size()).ptr;
    out.append("Content-Length: "sv).append(digits.data(), end).append("\r\n"sv);
  }
  out.append("\r\n"sv).append(request.body);
}

}  // namespace sso::detail::net
