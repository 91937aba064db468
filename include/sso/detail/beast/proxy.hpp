// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/error.hpp>
#include <sso/http/origin.hpp>
#include <sso/http/url.hpp>
#include <sso/transports/beast_options.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <boost/system/error_code.hpp>

#include <charconv>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sso::detail::net {

/// One entry of `NO_PROXY` against one origin: `*`, a name (which covers the names under it, with or without
/// a leading dot), an address, or a network such as 10.0.0.0/8; a port after a name or IPv4 address narrows
/// it.
[[nodiscard]] inline bool no_proxy_matches(std::string_view entry, const http::origin& where) {
  entry = trim(entry);
  if (entry.empty()) return false;
  if (entry == "*") return true;
  boost::system::error_code failed;
  const auto address = asio::ip::make_address(where.host, failed);
  const bool is_address = !failed;
  if (entry.find('/') != std::string_view::npos) {
    if (!is_address) return false;
    const std::string text{entry};
    if (address.is_v4()) {
      const auto network = asio::ip::make_network_v4(text, failed);
      if (failed) return false;
      return asio::ip::make_network_v4(address.to_v4(), network.prefix_length()).network() ==
             network.network();
    }
    const auto network = asio::ip::make_network_v6(text, failed);
    if (failed) return false;
    return asio::ip::network_v6{address.to_v6(), network.prefix_length()}.network() == network.network();
  }
  const auto as_address = asio::ip::make_address(std::string{entry}, failed);
  if (!failed) return is_address && as_address == address;
  if (const auto colon = entry.rfind(':'); colon != std::string_view::npos) {
    const auto digits = entry.substr(colon + 1);
    std::uint16_t port = 0;
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (parsed.ec != std::errc{} || parsed.ptr != digits.data() + digits.size() || port != where.port)
      return false;
    entry = entry.substr(0, colon);
    if (entry.starts_with('[') && entry.ends_with(']')) entry = entry.substr(1, entry.size() - 2);
  }
  if (entry.starts_with('.')) entry.remove_prefix(1);
  const std::string_view host = where.host;
  if (iequals(host, entry)) return true;
  return !entry.empty() && !is_address && host.size() > entry.size() &&
         host[host.size() - entry.size() - 1] == '.' &&
         iequals(host.substr(host.size() - entry.size()), entry);
}

[[nodiscard]] inline std::string base64(std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto at = [&](std::size_t k) {
      return k < bytes.size() ? static_cast<unsigned>(static_cast<unsigned char>(bytes[k])) : 0u;
    };
    const unsigned group = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
    out += digits[group >> 18];
    out += digits[group >> 12 & 63];
    out += i + 1 < bytes.size() ? digits[group >> 6 & 63] : '=';
    out += i + 2 < bytes.size() ? digits[group & 63] : '=';
  }
  return out;
}

/// Which proxy, if any, leads to an origin, and what is said to it. Not changed after it is built.
class proxy_rules {
public:
  /// @throws exception with `invalid_argument` for a URL or credentials that cannot be used
  explicit proxy_rules(const beast_options& options)
      : plain_http_anywhere_{options.dangerously_allow_plain_http} {
    if (!options.proxy.url.empty()) {
      set(options.proxy.url, "proxy.url");
      if (options.proxy.credentials) {
        const auto& given = *options.proxy.credentials;
        authorize(given.user, given.password.reveal(), "proxy.credentials.user");
      }
    } else if (options.proxy.credentials) {
      refuse("proxy.credentials", "proxy.url is missing");
    } else if (options.proxy_from_environment) {
      auto url = variable("HTTPS_PROXY", "https_proxy");
      if (url.empty()) return;
      if (url.find("://") == std::string::npos) url.insert(0, "http://");
      set(url, "HTTPS_PROXY");
      https_only_ = true;
      split(variable("NO_PROXY", "no_proxy"));
    }
  }

  /// The proxy on the way to `where`; null for none. What may go unencrypted because it stays on this machine
  /// goes to no proxy, whose loopback is another machine's.
  [[nodiscard]] const http::origin* find(const http::origin& where) const {
    if (!proxy_ || (https_only_ && where.scheme != "https")) return nullptr;
    if (!plain_http_anywhere_ && where.scheme == "http" && http::is_loopback(where)) return nullptr;
    for (const auto& entry : exceptions_) {
      if (no_proxy_matches(entry, where)) return nullptr;
    }
    return &*proxy_;
  }

  /// The request for a tunnel to `where`; holds the proxy's credentials.
  [[nodiscard]] std::string connect_text(const http::origin& where) const {
    const bool ipv6 = where.host.find(':') != std::string::npos;
    const auto authority = (ipv6 ? "[" + where.host + "]" : where.host) + ":" + std::to_string(where.port);
    std::string out = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n";
    if (!authorization_.empty()) {
      out.append("Proxy-Authorization: ").append(authorization_.reveal()).append("\r\n");
    }
    return out += "\r\n";
  }

private:
  [[noreturn]] static void refuse(std::string_view option, std::string_view why) {
    throw exception{
        error{errc::invalid_argument, outcome::not_sent, std::string{option}.append(": ").append(why)}};
  }

  static std::string variable(const char* upper, const char* lower) {
    const char* value = std::getenv(upper);
    if (value == nullptr || *value == '\0') value = std::getenv(lower);
    return value != nullptr ? value : "";
  }

  static std::string decode(std::string_view text) {
    const auto hex = [](char c) {
      return static_cast<unsigned>(is_digit(c) ? c - '0' : to_lower(c) - 'a' + 10);
    };
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '%' && i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2])) {
        out += static_cast<char>(hex(text[i + 1]) << 4 | hex(text[i + 2]));
        i += 2;
      } else {
        out += text[i];
      }
    }
    return out;
  }

  void set(std::string url, std::string_view option) {
    const auto scheme_end = url.find("://");
    if (scheme_end != std::string::npos) {
      const auto begin = scheme_end + 3;
      const auto authority = std::string_view{url}.substr(begin, url.find_first_of("/?#", begin) - begin);
      if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        const auto info = authority.substr(0, at);
        const auto colon = info.find(':');
        const auto user = decode(info.substr(0, colon));
        auto password = colon == std::string_view::npos ? std::string{} : decode(info.substr(colon + 1));
        authorize(user, password, option);
        wipe(password);
        url.erase(begin, at + 1);
      }
    }
    if (!iequals(std::string_view{url}.substr(0, 7), "http://")) {
      refuse(option, "must begin with http://: a proxy is spoken to in plain HTTP");
    }
    auto parsed = http::parse_url(url, option);
    if (!parsed) throw exception{parsed.error()};
    if (!parsed->path.empty()) refuse(option, "must not have a path");
    proxy_ = std::move(parsed->origin);
  }

  void authorize(std::string_view user, std::string_view password, std::string_view option) {
    if (user.find(':') != std::string_view::npos) refuse(option, "a user must not hold a colon (RFC 7617 2)");
    std::string pair;
    pair.reserve(user.size() + 1 + password.size());
    pair.append(user).append(":").append(password);
    authorization_ = secret{"Basic " + base64(pair)};
    wipe(pair);
  }

  void split(std::string_view list) {
    while (!list.empty()) {
      const auto comma = list.find(',');
      if (const auto entry = trim(list.substr(0, comma)); !entry.empty()) exceptions_.emplace_back(entry);
      list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
    }
  }

  std::optional<http::origin> proxy_;
  secret authorization_;
  bool https_only_ = false;
  bool plain_http_anywhere_;
  std::vector<std::string> exceptions_;
};

}  // namespace sso::detail::net
