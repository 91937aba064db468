// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/detail/beast/no_proxy.hpp>
#include <sso/error.hpp>
#include <sso/http/basic_authorization.hpp>
#include <sso/http/origin.hpp>
#include <sso/http/url.hpp>
#include <sso/transports/beast_options.hpp>

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sso::detail::net {

/// Chooses the proxy for an origin and writes the CONNECT request. Immutable.
class proxy_rules {
public:
  /// @throws exception with `invalid_argument` for an option that cannot be used. An environment variable
  /// that cannot be used fails only the calls that need it.
  explicit proxy_rules(const beast_options& options)
      : plain_http_anywhere_{options.dangerously_allow_plain_http} {
    if (!options.proxy.url.empty()) {
      if (auto fault = use_url(options.proxy.url, "proxy.url")) throw exception{*fault};
      if (options.proxy.credentials) {
        const auto& given = *options.proxy.credentials;
        const auto fault = use_credentials(given.user, given.password.reveal(), "proxy.credentials.user");
        if (fault) throw exception{*fault};
      }
    } else if (options.proxy.credentials) {
      throw exception{invalid_argument("proxy.credentials", "proxy.url is missing")};
    } else if (options.proxy_from_environment) {
      read_environment();
    }
  }

  struct route {
    const http::origin* proxy = nullptr;  // null: none
    const error* unusable = nullptr;      // why the proxy cannot be used
  };

  /// The route to `where`. http to loopback uses no proxy, because the proxy would connect to its own loopback.
  /// Exception: `dangerously_allow_plain_http`.
  [[nodiscard]] route route_to(const http::origin& where) const {
    if (from_environment_ && where.scheme != "https") return {};
    if (!plain_http_anywhere_ && where.scheme == "http" && http::is_loopback(where)) return {};
    for (const auto& entry : exceptions_) {
      if (no_proxy_matches(entry, where)) return {};
    }
    return {proxy_ ? &*proxy_ : nullptr, unusable_ ? &*unusable_ : nullptr};
  }

  /// The CONNECT request for `where`. It contains the proxy's credentials.
  [[nodiscard]] std::string connect_text(const http::origin& where) const {
    const bool ipv6 = where.host.find(':') != std::string::npos;
    const auto authority = (ipv6 ? "[" + where.host + "]" : where.host) + ":" + std::to_string(where.port);
    constexpr std::size_t around = 80;  // the fixed text below
    std::string out;  // reserved at once: growing would leave copies of the credentials in memory
    out.reserve(around + 2 * authority.size() + authorization_.reveal().size());
    out.append("CONNECT ").append(authority).append(" HTTP/1.1\r\nHost: ").append(authority).append("\r\n");
    if (!authorization_.empty()) {
      out.append("Proxy-Authorization: ").append(authorization_.reveal()).append("\r\n");
    }
    return out += "\r\n";
  }

private:
  /// An environment variable, in upper or lower case, and the name under which it was found.
  struct variable {
    explicit variable(std::string upper) : name{std::move(upper)} {
      const char* value = std::getenv(name.c_str());
      if (value == nullptr || *value == '\0') {
        std::string lower = name;
        for (auto& c : lower) c = to_lower(c);
        value = std::getenv(lower.c_str());
        if (value != nullptr) name = lower;
      }
      if (value != nullptr) text = value;
    }
    std::string name;
    std::string text;
  };

  void read_environment() {
    from_environment_ = true;
    variable url{"HTTPS_PROXY"};
    if (url.text.empty()) return;
    if (url.text.find("://") == std::string::npos) url.text.insert(0, "http://");
    unusable_ = use_url(url.text, url.name);
    wipe(url.text);
    const variable list{"NO_PROXY"};
    for (std::string_view rest = list.text; !rest.empty();) {
      const auto end = (std::min)(rest.size(), rest.find_first_of(", \t"));
      if (end != 0) exceptions_.emplace_back(rest.substr(0, end));
      rest.remove_prefix((std::min)(rest.size(), end + 1));
    }
  }

  [[nodiscard]] std::optional<error> use_url(const std::string& text, std::string_view option) {
    if (!iequals(std::string_view{text}.substr(0, 7), "http://")) {
      return invalid_argument(option, "must begin with http://: TLS to a proxy is not supported");
    }
    const auto parsed = boost::urls::parse_uri(text);
    if (!parsed) return invalid_argument(option, "must be a URL such as http://proxy.example.com:3128");
    if (parsed->has_userinfo()) {
      auto password = parsed->password();
      auto fault = use_credentials(parsed->user(), password, option);
      wipe(password);
      if (fault) return fault;
    }
    boost::urls::url bare{*parsed};
    bare.remove_userinfo();
    auto url = http::parse_url({bare.data(), bare.size()}, option);
    if (!url) return url.error();
    if (!url->path.empty()) return invalid_argument(option, "must not have a path");
    proxy_ = std::move(url->origin);
    return std::nullopt;
  }

  [[nodiscard]] std::optional<error> use_credentials(std::string_view user, std::string_view password,
                                                     std::string_view option) {
    if (user.find(':') != std::string_view::npos) {
      return invalid_argument(option, "a user must not hold a colon (RFC 7617 2)");
    }
    authorization_ = http::basic_authorization(user, password);
    return std::nullopt;
  }

  std::optional<http::origin> proxy_;
  std::optional<error> unusable_;
  secret authorization_;
  bool from_environment_ = false;
  bool plain_http_anywhere_;
  std::vector<std::string> exceptions_;
};

}  // namespace sso::detail::net
