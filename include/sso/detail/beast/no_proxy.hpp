// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/http/origin.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <boost/system/error_code.hpp>

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sso::detail::net {

/// Parses an address. Drops its scope, and turns IPv4 mapped into IPv6 into IPv4.
[[nodiscard]] inline std::optional<asio::ip::address> parse_address(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  boost::system::error_code failed;
  const auto address = asio::ip::make_address(std::string{text}, failed);
  if (failed) return std::nullopt;
  if (address.is_v4()) return address;
  const auto v6 = address.to_v6();
  if (v6.is_v4_mapped()) return asio::ip::make_address_v4(asio::ip::v4_mapped, v6);
  return asio::ip::address_v6{v6.to_bytes()};
}

/// Whether `address` is in a network such as `10.0.0.0/8`, `[fd00::]/8` or `::ffff:10.0.0.0/104`. A scope is ignored.
[[nodiscard]] inline bool is_in_network(const asio::ip::address& address, std::string network) {
  std::erase_if(network, [](char c) { return c == '[' || c == ']'; });
  if (const auto scope = network.find('%'); scope != std::string::npos) {
    network.erase(scope, network.find('/') - scope);
  }
  boost::system::error_code failed;
  if (network.find(':') == std::string::npos) {
    const auto given = asio::ip::make_network_v4(network, failed);
    return !failed && address.is_v4() &&
           asio::ip::network_v4{address.to_v4(), given.prefix_length()}.network() == given.network();
  }
  const auto given = asio::ip::make_network_v6(network, failed);
  if (failed || (address.is_v4() && !given.network().is_v4_mapped())) return false;
  const auto v6 =
      address.is_v4() ? asio::ip::make_address_v6(asio::ip::v4_mapped, address.to_v4()) : address.to_v6();
  return asio::ip::network_v6{v6, given.prefix_length()}.network() == given.network();
}

/// Removes `:PORT` from the end of an entry. False if it is another port than `port`.
[[nodiscard]] inline bool cut_port(std::string_view& entry, std::uint16_t port) {
  const auto colon = entry.rfind(':');
  if (colon == std::string_view::npos || parse_address(entry)) return true;  // an IPv6 address has no port
  const auto digits = entry.substr(colon + 1);
  std::uint16_t number = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  entry = entry.substr(0, colon);
  return parsed.ec == std::errc{} && parsed.ptr == digits.data() + digits.size() && number == port;
}

/// Whether an entry of `NO_PROXY` matches an origin. An entry is `*`, a name, an address, or a network such as
/// `10.0.0.0/8`. A name matches itself and the names under it, `*.name` only the names under it. Leading and
/// trailing dots are ignored. IPv6 may be in brackets. With a port, an entry matches only that port.
[[nodiscard]] inline bool no_proxy_matches(std::string_view entry, const http::origin& where) {
  entry = trim(entry);
  const auto address = parse_address(where.host);
  if (entry.find('/') != std::string_view::npos)
    return address && is_in_network(*address, std::string{entry});
  if (!cut_port(entry, where.port)) return false;
  if (entry == "*") return true;
  if (const auto listed = parse_address(entry)) return address == listed;
  if (address) return false;

  const bool only_below = entry.starts_with("*.");
  if (only_below) entry.remove_prefix(1);
  if (entry.starts_with('.')) entry.remove_prefix(1);
  if (entry.ends_with('.')) entry.remove_suffix(1);
  std::string_view host = where.host;
  if (host.ends_with('.')) host.remove_suffix(1);
  if (entry.empty() || host.size() < entry.size()) return false;
  const auto above = host.size() - entry.size();
  if (!iequals(host.substr(above), entry)) return false;
  return above == 0 ? !only_below : host[above - 1] == '.';
}

}  // namespace sso::detail::net
