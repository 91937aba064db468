// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/doctor/detail/collector.hpp>
#include <sso/doctor/detail/location.hpp>
#include <sso/http/public_address.hpp>

#include <boost/asio/detail/socket_types.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

namespace sso::doctor::detail {

/// The address of a numeric host, in any notation that a resolver accepts: `127.1`, `0x7f000001` and `2130706433` are
/// 127.0.0.1.
inline std::optional<asio::ip::address> address_of(const std::string& host) {
  boost::system::error_code failed;
  const auto address = asio::ip::make_address(host, failed);
  if (!failed) return address;
#if !defined(_WIN32)
  in_addr ipv4{};
  if (!host.empty() && sso::detail::is_digit(host.front()) && ::inet_aton(host.c_str(), &ipv4) != 0) {
    return asio::ip::address_v4{ntohl(ipv4.s_addr)};
  }
#endif
  return std::nullopt;
}

/// The port of a URL, 0 if it is invalid.
inline std::uint16_t port_of(const boost::urls::url_view& url) {
  if (!url.has_port() || url.port().empty()) return http::default_port(url.scheme());
  const std::string digits{url.port()};
  std::uint16_t port = 0;
  const auto [stop, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return failed == std::errc{} && stop == digits.data() + digits.size() ? port : std::uint16_t{0};
}

/// The text between `//` and the path; empty if there is none.
inline std::string_view authority_of(std::string_view url) noexcept {
  const auto slashes = url.find("//");
  if (slashes == std::string_view::npos) return {};
  const auto rest = url.substr(slashes + 2);
  return rest.substr(0, rest.find_first_of("/?#\\"));
}

/// The position of the host, after user information; the size of the text if there is no host.
inline std::size_t begin_of_host(std::string_view url) noexcept {
  const auto authority = authority_of(url);
  if (authority.empty()) return url.size();
  const auto at = authority.rfind('@');
  const auto skipped = at == std::string_view::npos ? 0 : at + 1;
  return static_cast<std::size_t>(authority.data() - url.data()) + skipped;
}

/// Whether the text has braces. Percent-encoded ones count only before the query, where they are no data.
inline bool has_braces(std::string_view text) {
  if (text.find_first_of("{}") != std::string_view::npos) return true;
  std::string path{text.substr(0, text.find_first_of("?#"))};
  std::transform(path.begin(), path.end(), path.begin(), sso::detail::to_lower);
  return path.find("%7b") != std::string::npos || path.find("%7d") != std::string::npos;
}

SSO_DECL location read_location(std::string_view text) {
  location out;
  const auto trimmed = sso::detail::trim(text);
  out.blank = trimmed.empty();
  out.blanks_around = trimmed.size() != text.size();
  out.braces = has_braces(trimmed);
  out.user_info = authority_of(trimmed).find('@') != std::string_view::npos;

  // Boost 1.81 reads "host:x1/" as an empty port and the path "x1/".
  const auto whole = [](const auto& url) {
    return url && (url->encoded_path().empty() || url->encoded_path().starts_with('/'));
  };
  std::string readable{trimmed};
  auto parsed = boost::urls::parse_uri(readable);
  // It also reads "10.0.0.1.example.com" as an address and the path ".example.com". A letter in front prevents that.
  const auto host_begin = begin_of_host(trimmed);
  const bool prefixed =
      !whole(parsed) && host_begin < trimmed.size() && sso::detail::is_digit(trimmed[host_begin]);
  if (prefixed) parsed = boost::urls::parse_uri(readable.insert(host_begin, "x"));
  if (!whole(parsed)) return out;
  const auto& url = *parsed;
  const auto path = url.encoded_path();
  const bool plain_host = url.encoded_host().find('%') == std::string_view::npos;
  if (!url.has_authority() || url.encoded_host().empty() || !plain_host || port_of(url) == 0) return out;

  out.absolute = true;
  out.query = url.has_query();
  out.fragment = url.has_fragment();
  out.scheme = std::string{url.scheme()};
  std::transform(out.scheme.begin(), out.scheme.end(), out.scheme.begin(), sso::detail::to_lower);
  out.origin.scheme = out.scheme;
  out.origin.host = url.host_address();
  if (prefixed) out.origin.host.erase(0, 1);
  std::transform(out.origin.host.begin(), out.origin.host.end(), out.origin.host.begin(),
                 sso::detail::to_lower);
  out.origin.port = port_of(url);
  out.path = std::string{path};
  out.target = path.empty() ? "/" : out.path;
  if (out.query) out.target.append("?").append(std::string{url.encoded_query()});

  auto plain = out.origin;  // without the trailing dot, which does not change the host
  if (plain.host.ends_with('.')) plain.host.pop_back();
  const auto address = address_of(plain.host);
  if (address) plain.host = address->to_string();
  const bool loopback = http::is_loopback(plain);
  out.server = loopback || address ? plain : out.origin;
  out.private_address = loopback || (address && !is_public_address(*address));
  out.secure = out.scheme == "https" || (out.scheme == "http" && loopback);
  return out;
}

SSO_DECL std::string shown_url(std::string_view url) {
  const auto authority = authority_of(url);
  const auto at = authority.rfind('@');
  if (at == std::string_view::npos) return shown(url);
  const auto begin = static_cast<std::size_t>(authority.data() - url.data());
  return shown(std::string{url.substr(0, begin)}.append("***").append(url.substr(begin + at)));
}

SSO_DECL std::string shown_url_path(std::string_view url) {
  return shown_url(url.substr(0, url.find_first_of("?#")));
}

SSO_DECL std::string discovery_url_of(std::string_view issuer) {
  if (issuer.find("/.well-known/") != std::string_view::npos) return std::string{issuer};
  if (issuer.ends_with('/')) issuer.remove_suffix(1);
  return std::string{issuer}.append("/.well-known/openid-configuration");
}

}  // namespace sso::doctor::detail
