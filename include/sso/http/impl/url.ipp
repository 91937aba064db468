// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/http/headers.hpp>
#include <sso/http/response.hpp>
#include <sso/http/url.hpp>

#include <boost/url/encode.hpp>
#include <boost/url/grammar/lut_chars.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/rfc/pchars.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <charconv>

namespace sso::http {
namespace detail {

inline bool has_dot_segment(std::string_view path) noexcept {
  for (;;) {
    const auto slash = path.find('/');
    if (is_dot_segment(path.substr(0, slash))) return true;
    if (slash == std::string_view::npos) return false;
    path.remove_prefix(slash + 1);
  }
}

/// 0 if out of range. `url_view::port_number` of Boost 1.81 does not check the range.
inline std::uint16_t parse_port(std::string_view digits) {
  std::uint16_t port = 0;
  const auto [stop, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return failed == std::errc{} && stop == digits.data() + digits.size() ? port : std::uint16_t{0};
}

template <class CharSet>
std::string percent_encode(std::string_view text, const CharSet& kept) {
  const auto size = boost::urls::encoded_size(text, kept);
  if (size == text.size()) return std::string{text};
  std::string out(size, '\0');
  boost::urls::encode(out.data(), out.size(), text, kept);
  return out;
}

/// Percent-encodes what must not be in a URL: characters such as spaces, and percent signs without two digits.
inline std::string encode_forbidden(std::string_view url) {
  constexpr auto allowed =
      boost::urls::unreserved_chars + boost::urls::grammar::lut_chars(":/?#[]@!$&'()*+,;=");
  std::string out;
  for (;;) {
    const auto percent = url.find('%');
    out += percent_encode(url.substr(0, percent), allowed);
    if (percent == std::string_view::npos) return out;
    url.remove_prefix(percent + 1);
    const bool encoded = url.size() >= 2 && sso::detail::is_hex(url[0]) && sso::detail::is_hex(url[1]);
    out += encoded ? "%" : "%25";
  }
}

}  // namespace detail

SSO_DECL bool is_dot_segment(std::string_view segment) noexcept {
  unsigned dots = 0;
  for (; !segment.empty(); ++dots) {
    const bool encoded = sso::detail::iequals(segment.substr(0, 3), "%2e");
    if (!encoded && segment.front() != '.') return false;
    segment.remove_prefix(encoded ? 3 : 1);
  }
  return dots == 1 || dots == 2;
}

namespace detail {

/// `complete`: the URL of one resource, with path and query unchanged. Otherwise a base URL.
inline result<url> read_url(std::string_view text, std::string_view parameter, bool complete) {
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed) return invalid_argument(parameter, "must be an absolute URL, such as https://api.example.com");
  const auto& u = *parsed;
  const bool https = u.scheme_id() == boost::urls::scheme::https;
  if (!https && u.scheme_id() != boost::urls::scheme::http) {
    return invalid_argument(parameter, "the scheme must be https or http");
  }
  if (!u.has_authority() || u.encoded_host().empty())
    return invalid_argument(parameter, "the host is missing");
  if (u.has_userinfo()) return invalid_argument(parameter, "user information does not belong in a URL");
  if (u.has_query() && !complete) return invalid_argument(parameter, "must not have a query");
  if (u.has_fragment()) return invalid_argument(parameter, "must not have a fragment");
  if (has_dot_segment(u.encoded_path())) return invalid_argument(parameter, "must not have dot segments");
  if (u.encoded_host().find('%') != std::string_view::npos) {
    return invalid_argument(parameter, "the host must be an ASCII name or an address");
  }
  // Boost 1.81 reads "host:x1/" as an empty port and the path "x1/".
  if (!u.encoded_path().empty() && !u.encoded_path().starts_with('/')) {
    return invalid_argument(parameter, "the port must be 1 to 65535");
  }
  const bool names_port = u.has_port() && !u.port().empty();
  const auto port = names_port ? parse_port(u.port()) : default_port(https ? "https" : "http");
  if (port == 0) return invalid_argument(parameter, "the port must be 1 to 65535");

  url out;
  out.origin.scheme = https ? "https" : "http";
  const auto host = u.encoded_host_address();  // an IPv6 address without its brackets
  out.origin.host.assign(host.begin(), host.end());
  std::transform(out.origin.host.begin(), out.origin.host.end(), out.origin.host.begin(),
                 sso::detail::to_lower);
  out.origin.port = port;
  const auto path = u.encoded_path();
  out.path.assign(path.begin(), path.end());
  if (complete) {
    if (out.path.empty()) out.path = "/";
    if (u.has_query()) out.path.append("?").append(u.encoded_query().data(), u.encoded_query().size());
  } else {
    while (out.path.ends_with('/')) out.path.pop_back();
  }
  return out;
}

}  // namespace detail

SSO_DECL result<url> parse_url(std::string_view text, std::string_view parameter) {
  return detail::read_url(text, parameter, false);
}

SSO_DECL result<url> parse_endpoint(std::string_view text, std::string_view parameter) {
  return detail::read_url(text, parameter, true);
}

SSO_DECL std::string redirect_note(unsigned status, const headers& received) {
  if (status < 300 || status > 399) return {};
  if (const auto location = received.get("Location")) {
    const auto target = without_secrets(*location);
    return "redirects are not followed; to " + (target.empty() ? "the same path" : target);
  }
  return is_redirect(status) ? "redirects are not followed; the response has no Location" : "";
}

SSO_DECL result<void> check_path(std::string_view path, std::string_view parameter) {
  if (!path.starts_with('/')) return invalid_argument(parameter, "must start with '/'");
  const auto parsed = boost::urls::parse_origin_form(path);
  if (!parsed) {
    return invalid_argument(parameter,
                            "must be a path with an optional query, percent-encoded (RFC 3986 3.3)");
  }
  if (detail::has_dot_segment(parsed->encoded_path()))
    return invalid_argument(parameter, "must not have dot segments");
  return {};
}

SSO_DECL std::string without_secrets(std::string_view url) {
  auto parsed = boost::urls::parse_uri_reference(url);
  std::string encoded;
  if (!parsed) {
    encoded = detail::encode_forbidden(url);
    parsed = boost::urls::parse_uri_reference(encoded);
  }
  if (!parsed) return "(unreadable)";
  std::string out;
  if (parsed->has_scheme()) out.append(parsed->scheme()).append(":");
  if (parsed->has_authority()) out.append("//").append(parsed->encoded_host_and_port());
  return out.append(parsed->encoded_path());
}

SSO_DECL std::string encode_segment(std::string_view text) {
  return detail::percent_encode(text, boost::urls::pchars);
}

SSO_DECL std::string encode_query(std::string_view text) {
  return detail::percent_encode(text, boost::urls::unreserved_chars);
}

}  // namespace sso::http
