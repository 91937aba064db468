// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/doctor/certificate.hpp>
#include <sso/doctor/detail/issuer.hpp>
#include <sso/doctor/detail/location.hpp>
#include <sso/doctor/discovery.hpp>
#include <sso/doctor/examine.hpp>
#include <sso/doctor/keys.hpp>
#include <sso/doctor/settings.hpp>

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <tuple>

namespace sso::doctor::detail {

[[nodiscard]] inline patient make_patient(const options& how, std::chrono::sys_seconds now) {
  patient out;
  out.private_allowed = how.private_allowed();
  out.timeout = how.timeout();
  out.expected.now = now;
  return out;
}

SSO_DECL patient make_patient(const keycard::sso_connection& connection, const options& how,
                              std::chrono::sys_seconds now) {
  auto out = make_patient(how, now);
  out.stored = check_settings(connection, now);
  out.expected.issuer = connection.identifier;
  out.expected.client_id = connection.client_id.value_or("");
  out.expected.client_secret_set = connection.client_secret_set;
  out.expected.protocols = connection.protocols;
  return out;
}

SSO_DECL patient make_patient(const truto::sso_connection& connection, const options& how,
                              std::chrono::sys_seconds now) {
  auto out = make_patient(how, now);
  out.stored =
      how.domains() ? check_settings(connection, *how.domains(), now) : check_settings(connection, now);
  const auto config = connection.config.value_or(truto::config{});
  const auto& protocol = connection.protocol;
  const bool saml = protocol ? *protocol == truto::protocol::saml : config.idp_x509_cert.has_value();
  if (saml) {
    collector all;
    all.merge(std::move(out.stored));
    // A blank certificate is reported as `settings.incomplete`.
    if (config.idp_x509_cert.value_or("").find_first_not_of(" \t\r\n") != std::string::npos) {
      all.merge(check_certificate_text(*config.idp_x509_cert, now, "config.idp_x509_cert"));
    } else {
      all.merge(without_certificate("no certificate is stored"));
    }
    out.stored = all.finish();
  }
  out.has_provider = protocol ? *protocol == truto::protocol::oidc : !saml;
  out.expected.issuer = config.issuer.value_or("");
  out.expected.client_id = config.client_id.value_or("");
  const auto discovery_url = config.discovery_url.value_or("");
  if (!read_location(discovery_url).blank) out.expected.discovery_url = discovery_url;
  return out;
}

SSO_DECL patient make_patient(std::string_view issuer, const options& how, std::chrono::sys_seconds now) {
  auto out = make_patient(how, now);
  out.stored = check_issuer_settings(issuer);
  out.expected.issuer = issuer;
  return out;
}

/// Why a URL cannot be fetched; empty if it can.
[[nodiscard]] inline std::string reason_not_to_fetch(const location& url) {
  if (url.blank) return "there is no URL";
  const bool http = url.scheme == "https" || url.scheme == "http";
  return url.absolute && http && !url.user_info && !url.fragment && !url.blanks_around
             ? ""
             : "the URL is malformed";
}

/// The URL of the discovery document; empty, and sets `reason`, if there is none to fetch.
[[nodiscard]] inline std::string discovery_url_to_fetch(const expectation& expected, std::string& reason) {
  if (!expected.discovery_url.empty()) {
    reason = reason_not_to_fetch(read_location(expected.discovery_url));
    return reason.empty() ? expected.discovery_url : std::string{};
  }
  switch (fault_of(expected.issuer)) {
  case issuer_fault::absent: reason = "there is no issuer"; break;
  case issuer_fault::placeholder: reason = "explained by issuer.template"; break;
  case issuer_fault::malformed: reason = "explained by issuer.malformed"; break;
  case issuer_fault::discovery_url: reason = reason_not_to_fetch(read_location(expected.issuer)); break;
  case issuer_fault::plain_http:
  case issuer_fault::none: break;
  }
  return reason.empty() ? discovery_url_of(expected.issuer) : std::string{};
}

[[nodiscard]] inline fetched skip(std::string reason) {
  fetched out;
  out.skipped = std::move(reason);
  return out;
}

/// `fetch` for an operand of `&&`, which is spawned: resets the cancellation state to accept all types.
inline asio::awaitable<fetched> fetch_spawned(any_transport web, clocks time, std::string url,
                                              std::string_view operation,
                                              std::chrono::steady_clock::time_point deadline) {
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  co_return co_await fetch(std::move(web), std::move(time), std::move(url), operation, deadline);
}

/// Fetches two documents concurrently. If `second` is empty, fetches only the first.
inline asio::awaitable<std::tuple<fetched, fetched>>
fetch_both(any_transport web, clocks time, std::string first, std::string second, std::string_view operation,
           std::string_view second_operation, std::chrono::steady_clock::time_point deadline) {
  using namespace asio::experimental::awaitable_operators;
  if (second.empty()) {
    auto one = co_await fetch(std::move(web), std::move(time), std::move(first), operation, deadline);
    co_return std::make_tuple(std::move(one), skip({}));
  }
  auto one = fetch_spawned(web, time, std::move(first), operation, deadline);
  auto other = fetch_spawned(web, time, std::move(second), second_operation, deadline);
  co_return co_await (std::move(one) && std::move(other));
}

/// The RFC 8414 §3.1 forms of the metadata URL, with the well-known part before the issuer's path. The second URL is
/// empty if the issuer has no path.
[[nodiscard]] inline std::tuple<std::string, std::string> rfc8414_urls(std::string_view issuer) {
  const auto read = read_location(issuer);
  auto path = read.path;
  while (path.ends_with('/')) path.pop_back();
  const auto host = to_string(read.origin);
  std::string oauth = host + "/.well-known/oauth-authorization-server" + path;
  return {std::move(oauth), path.empty() ? std::string{} : host + "/.well-known/openid-configuration" + path};
}

/// The part of the advice about the RFC 8414 forms of the URL.
[[nodiscard]] inline std::string describe_alternatives(const fetched& oauth, const fetched& openid) {
  for (const auto* one : {&openid, &oauth}) {
    if (one->usable()) {
      return "There is a document at the RFC 8414 form of the URL, " + shown_url(one->url) +
             ", but services that support only OpenID Connect Discovery do not fetch it.";
    }
  }
  return "There is no document at the RFC 8414 form of the URL either.";
}

/// Whether keys are offered without https, although the issuer has it. They are not fetched.
[[nodiscard]] inline bool is_downgraded(const location& keys, const expectation& expected) {
  return !keys.secure && read_location(expected.issuer).secure;
}

/// Keycard's copy of `jwks_uri`, to be fetched concurrently with the discovery document; empty if it cannot be fetched.
[[nodiscard]] inline std::string stored_keys_url(const expectation& expected) {
  if (!expected.protocols || !expected.protocols->oauth2) return {};
  const auto url = expected.protocols->oauth2->jwks_uri.value_or("");
  const auto read = read_location(url);
  const bool wanted = reason_not_to_fetch(read).empty() && !read.braces && !is_downgraded(read, expected);
  return wanted ? url : std::string{};
}

/// The URL of the keys: `jwks_uri` of the discovery document, or the stored copy if there is none. Empty, and sets
/// `reason`, if they cannot be fetched.
[[nodiscard]] inline std::string keys_url_to_fetch(const discovery_facts& facts, const expectation& expected,
                                                   const std::string& no_document, std::string& reason) {
  if (facts.jwks_uri.empty()) {
    auto stored = stored_keys_url(expected);
    if (stored.empty()) reason = no_document.empty() ? "the document has no jwks_uri" : no_document;
    return stored;
  }
  const auto url = read_location(facts.jwks_uri);
  if (url.braces)
    reason = "explained by issuer.template";
  else if (is_downgraded(url, expected) || !reason_not_to_fetch(url).empty())
    reason = "explained by discovery.endpoint_malformed";
  return reason.empty() ? facts.jwks_uri : std::string{};
}

/// Whether the discovery document is not a JSON object.
[[nodiscard]] inline bool is_not_json(const collector& out) {
  const auto& all = out.all().findings;
  return std::any_of(all.begin(), all.end(), [](const finding& what) {
    return what.id == "discovery.not_json" && what.severity == severity::critical;
  });
}

/// Whether the transport refused to send the request because its URL is not https.
[[nodiscard]] inline bool is_refused_http(const fetched& got) {
  return got.failure && got.failure->code() == errc::invalid_argument && !read_location(got.url).secure;
}

/// Keeps one finding of those that have the same cause.
inline void join_causes(collector& out, const patient& who, const fetched& discovery, const fetched& keys) {
  const auto where = read_location(discovery.url);
  if (out.found("discovery.address_refused") && where.private_address) {
    out.explain("url.private_address", "discovery.address_refused");
  }
  if (where.server == read_location(keys.url).server) {
    for (const auto* cause : {"discovery.unreachable", "discovery.address_refused"}) {
      if (out.found(cause)) out.explain("keys.unreachable", cause);
    }
  }
  if (is_not_json(out)) out.explain("discovery.content_type", "discovery.not_json");
  if (out.found("url.not_https")) {
    if (fault_of(who.expected.issuer) == issuer_fault::plain_http)
      out.explain("issuer.malformed", "url.not_https");
    if (is_refused_http(discovery)) out.explain("discovery.unreachable", "url.not_https");
    if (is_refused_http(keys)) out.explain("keys.unreachable", "url.not_https");
  }
  if (who.private_allowed) out.explain("url.private_address", "the option to allow private addresses");
}

SSO_DECL asio::awaitable<report> examine(patient who, any_transport web, clocks time) {
  collector out;
  out.merge(std::move(who.stored));
  if (!who.has_provider) {
    out.undecided("clock.skew", "nothing is fetched for this protocol");
    join_causes(out, who, {}, {});
    co_return out.finish();
  }
  const auto deadline = time.now() + who.timeout;

  fetched discovery;
  fetched keys;
  std::string reason;
  const auto discovery_url = discovery_url_to_fetch(who.expected, reason);
  const auto stored_keys = stored_keys_url(who.expected);
  auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) {
    discovery = skip("cancelled");
  } else if (discovery_url.empty()) {
    discovery = skip(reason);
  } else {
    auto both = co_await fetch_both(web, time, discovery_url, stored_keys, "doctor.discovery", "doctor.keys",
                                    deadline);
    std::tie(discovery, keys) = std::move(both);
  }

  std::string alternatives;
  const bool absent =
      discovery.response && (discovery.response->status == 404 || discovery.response->status == 410);
  state = co_await asio::this_coro::cancellation_state;
  if (absent && state.cancelled() == asio::cancellation_type::none &&
      read_location(who.expected.issuer).absolute) {
    const auto [oauth, openid] = rfc8414_urls(who.expected.issuer);
    const auto both =
        co_await fetch_both(web, time, oauth, openid, "doctor.discovery", "doctor.discovery", deadline);
    alternatives = describe_alternatives(std::get<0>(both), std::get<1>(both));
  }

  std::string no_document;
  discovery_facts facts;
  if (check_discovery_fetch(out, discovery, alternatives, no_document)) {
    out.merge(check_discovery(discovery.response->body, who.expected, facts));
    if (is_not_json(out)) no_document = "the discovery document is not a JSON object";
  } else {
    out.merge(without_discovery(no_document, who.expected));
  }

  reason.clear();
  const auto keys_url = keys_url_to_fetch(facts, who.expected, no_document, reason);
  state = co_await asio::this_coro::cancellation_state;
  if (!keys_url.empty() && keys.url == keys_url) {
    // Already fetched, with the discovery document.
  } else if (state.cancelled() != asio::cancellation_type::none) {
    keys = skip("cancelled");
  } else if (keys_url.empty()) {
    keys = skip(reason);
  } else {
    keys = co_await fetch(web, time, keys_url, "doctor.keys", deadline);
  }
  std::string no_keys;
  if (check_keys_fetch(out, keys, no_keys)) {
    auto expected = who.expected;
    expected.jwks_uri = keys.url;
    // Wrong algorithms are reported by `discovery.algorithms`.
    if (!out.found("discovery.algorithms")) expected.algorithms = facts.algorithms;
    out.merge(check_keys(keys.response->body, expected));
  } else {
    out.merge(without_keys(no_keys));
  }

  check_clock(out, {&discovery, &keys});
  join_causes(out, who, discovery, keys);
  co_return out.finish();
}

}  // namespace sso::doctor::detail
