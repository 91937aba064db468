// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/detail/duration.hpp>
#include <sso/pipeline/settings.hpp>
#include <sso/version.hpp>

#include <algorithm>
#include <utility>

namespace sso::pipeline {
namespace detail {

inline void require(bool holds, std::string_view option, std::string_view rule) {
  if (!holds) throw exception{invalid_argument(option, rule)};
}

template <class T>
T value_or_throw(result<T> r) {
  if (!r) throw exception{r.error()};
  return std::move(*r);
}

inline void check_credentials(const credentials& credentials) {
  if (const auto* bearer = std::get_if<bearer_token>(&credentials)) {
    require(!bearer->token().empty(), "bearer_token", "must not be empty");
    require(sso::detail::is_visible_ascii(bearer->token().reveal()), "bearer_token",
            "must consist of visible ASCII characters (RFC 6750 2.1)");
  } else if (const auto* client = std::get_if<client_credentials>(&credentials)) {
    require(!client->client_id().empty(), "client_credentials.client_id", "must not be empty");
    require(!client->client_secret().empty(), "client_credentials.client_secret", "must not be empty");
    require(!sso::detail::has_control(client->client_id()), "client_credentials.client_id",
            "must not contain control characters, such as a line end (RFC 6749 A.1)");
    require(!sso::detail::has_control(client->client_secret().reveal()), "client_credentials.client_secret",
            "must not contain control characters, such as a line end (RFC 6749 A.2)");
    require(client->encoding() == basic_encoding::form_encoded ||
                client->client_id().find(':') == std::string::npos,
            "client_credentials.client_id", "must not contain ':' unless form-encoded (RFC 7617 2)");
  } else if (const auto* source = std::get_if<token_source>(&credentials)) {
    require(static_cast<bool>(source->supply()), "token_source", "must not be empty");
  }
}

inline void check_retry(const retry_policy& retry) {
  require(retry.max_retries <= most_retries, "retry.max_retries", "must be at most 20");
  require(retry.initial_backoff.count() > 0, "retry.initial_backoff", "must be more than zero");
  require(retry.max_backoff >= retry.initial_backoff, "retry.max_backoff",
          "must be at least initial_backoff");
  require(retry.max_server_wait.count() >= 0, "retry.max_server_wait", "must not be negative");
  require(retry.budget_refill >= 0 && retry.budget_refill <= 1, "retry.budget_refill", "must be 0 to 1");
}

inline http::url token_url(const vendor& vendor, const http::url& base, const std::string& option) {
  const std::string_view text = option.empty() ? vendor.token_path : std::string_view{option};
  require(!text.empty(), "token_url", "must be set: this API documents no token endpoint of its own");
  if (!text.starts_with('/')) return value_or_throw(http::parse_endpoint(text, "token_url"));
  if (const auto checked = http::check_path(text, "token_url"); !checked) throw exception{checked.error()};
  return http::url{base.origin, base.path + std::string{text}};
}

inline http::headers common_headers(const std::string& user_agent, const http::headers& own) {
  http::headers all{{"Accept", "application/json"}, {"User-Agent", user_agent}};
  for (const auto field : own) {
    const auto objection = header_rule_broken(field.name, field.value);
    require(objection.empty(), "headers: " + sso::detail::printable(field.name), objection);
    all.erase(field.name);
  }
  for (const auto field : own) all.add(field.name, field.value);
  return all;
}

}  // namespace detail

SSO_DECL void check_plain_http(const http::url& url, std::string_view option, bool allowed) {
  detail::require(allowed || url.origin.scheme == "https" || http::is_loopback(url.origin), option,
                  "credentials travel over plain http to loopback hosts only; use https");
}

SSO_DECL std::string_view header_rule_broken(std::string_view name, std::string_view value) noexcept {
  if (!http::is_header_name(name)) return "a header name must be a token (RFC 9110 5.1)";
  if (!http::is_header_value(value)) {
    return "a header value must not contain CR, LF, NUL or other control characters (RFC 9110 5.5)";
  }
  if (http::is_transport_header(name) || http::same_header_name(name, "Connection")) {
    return "this header belongs to the transport";
  }
  if (http::same_header_name(name, "Authorization"))
    return "this header is made from the client's credentials";
  return {};
}

SSO_DECL settings make_settings(const vendor& vendor, credentials credentials, client_options options) {
  using detail::require;
  detail::check_credentials(credentials);
  settings s{std::move(credentials)};
  s.vendor = vendor;
  s.base = detail::value_or_throw(
      http::parse_url(options.base_url.empty() ? vendor.base_url : options.base_url, "base_url"));
  check_plain_http(s.base, "base_url", options.dangerously_allow_plain_http);

  if (std::holds_alternative<client_credentials>(s.credentials)) {
    s.token = detail::token_url(vendor, s.base, options.token_url);
    check_plain_http(s.token, "token_url", options.dangerously_allow_plain_http);
  } else {
    require(options.token_url.empty(), "token_url", "has an effect with client_credentials only");
  }

  require(options.timeout.count() > 0, "timeout", "must be more than zero");
  require(options.attempt_timeout.count() > 0, "attempt_timeout", "must be more than zero");
  require(options.limits.timeout.count() > 0, "limits.timeout", "must be more than zero");
  require(options.limits.body_bytes > 0, "limits.body_bytes", "must be more than zero");
  require(options.limits.header_bytes > 0, "limits.header_bytes", "must be more than zero");
  s.timeout = sso::detail::clamp_duration(options.timeout);
  s.limits = options.limits;
  s.exchange_timeout = sso::detail::clamp_duration(options.limits.timeout);
  s.limits.timeout = std::min(s.exchange_timeout, sso::detail::clamp_duration(options.attempt_timeout));
  detail::check_retry(options.retry);
  s.retry = options.retry;

  s.user_agent = options.user_agent.empty() ? "sso-cpp/" SSO_VERSION_STRING : std::move(options.user_agent);
  require(http::is_header_value(s.user_agent), "user_agent",
          "must not contain CR, LF, NUL or other control characters (RFC 9110 5.5)");
  require(vendor.request_id_header.empty() || !options.headers.contains(vendor.request_id_header),
          "headers: " + std::string{vendor.request_id_header},
          "differs with every call; see call_options::client_request_id");
  s.headers = detail::common_headers(s.user_agent, options.headers);
  s.own_accept = options.headers.contains("Accept");
  s.own_content_type = options.headers.contains("Content-Type");

  for (const auto& [name, value] : options.query) {
    require(!name.empty(), "query", "a parameter needs a name");
    if (!s.query.empty()) s.query += '&';
    s.query.append(http::encode_query(name)).append("=").append(http::encode_query(value));
  }
  require(vendor.has_expand || options.expand_format == expand_format::repeat, "expand_format",
          "has no effect on this API");
  s.expand_format = options.expand_format;
  s.observer = std::move(options.observer);
  return s;
}

}  // namespace sso::pipeline
