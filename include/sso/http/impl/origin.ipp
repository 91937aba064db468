// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/http/origin.hpp>

#include <boost/asio/ip/address.hpp>

namespace sso::http {

SSO_DECL void append_host_header(std::string& out, const origin& where) {
  const bool ipv6 = where.host.find(':') != std::string::npos;
  if (ipv6) out += '[';
  out += where.host;
  if (ipv6) out += ']';
  if (where.port != default_port(where.scheme)) out.append(":").append(std::to_string(where.port));
}

SSO_DECL std::string host_header(const origin& where) {
  std::string out;
  append_host_header(out, where);
  return out;
}

SSO_DECL std::string to_string(const origin& where) {
  return where.scheme + "://" + host_header(where);
}

SSO_DECL bool is_loopback(const origin& where) noexcept {
  boost::system::error_code not_an_address;
  const auto address = asio::ip::make_address(where.host, not_an_address);
  if (!not_an_address) return address.is_loopback();
  constexpr std::string_view local = "localhost";
  const std::string_view host = where.host;
  if (sso::detail::iequals(host, local)) return true;
  return host.size() > local.size() + 1 && host[host.size() - local.size() - 1] == '.' &&
         sso::detail::iequals(host.substr(host.size() - local.size()), local);
}

}  // namespace sso::http
