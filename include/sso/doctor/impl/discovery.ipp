// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/doctor/detail/collector.hpp>
#include <sso/doctor/detail/document.hpp>
#include <sso/doctor/detail/issuer.hpp>
#include <sso/doctor/detail/location.hpp>
#include <sso/doctor/discovery.hpp>

#include <boost/json/value.hpp>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <utility>

namespace sso::doctor::detail {

[[nodiscard]] inline bool contains(const std::vector<std::string_view>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

[[nodiscard]] inline std::string listed(const std::vector<std::string_view>& all) {
  std::string out;
  for (const auto one : all) {
    append_item(out, shown(one, 80));
    if (out.size() > 300) return out + ", ...";
  }
  return out.empty() ? "(none)" : out;
}

/// Runs each check of a discovery document once.
class discovery_checks {
public:
  discovery_checks(const boost::json::object& document, const expectation& expected, collector& out)
      : document_{document}, expected_{expected}, out_{out} {
    for (const auto& member : document) {
      const std::string_view name{member.key().data(), member.key().size()};
      const auto* text = member.value().if_string();
      const bool is_location = name.ends_with("_endpoint") || name == "jwks_uri";
      if (text && is_location)
        locations_.push_back({shown(name, 80), std::string{text->data(), text->size()}});
    }
  }

  void run() {
    check_members();
    check_issuers();
    check_endpoints();
    check_code_flow();
    check_pkce();
    check_algorithms();
    check_scopes();
    check_auth_methods();
    check_secret();
    check_par();
    check_copy();
  }

private:
  using texts = std::optional<std::vector<std::string_view>>;

  [[nodiscard]] texts list(std::string_view name) const { return texts_in(document_, name); }
  [[nodiscard]] std::string subject() const { return shown_url(expected_.issuer); }

  finding about(std::string_view id, severity level, std::string_view message) const {
    return make_finding(id, level, subject(), message);
  }

  /// Excludes a reported member from the comparison with the stored copy.
  void mark(std::string_view member) { reported_.emplace_back(member); }
  [[nodiscard]] bool is_marked(std::string_view member) const {
    return std::find(reported_.begin(), reported_.end(), member) != reported_.end();
  }

  void check_members() {
    auto what = about("discovery.member_missing", severity::error, "Required members are missing.");
    for (const auto* name : {"issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"}) {
      if (text_in(document_, name)) continue;
      append_item(what.actual, name);
      mark(name);
    }
    for (const auto* name :
         {"response_types_supported", "subject_types_supported", "id_token_signing_alg_values_supported"}) {
      if (list(name)) continue;
      append_item(what.actual, name);
      mark(name);
    }
    if (what.actual.empty()) return out_.pass(what.id);
    what.actual = "missing or of the wrong type: " + what.actual;
    what.advice =
        "Ask the provider's operator to complete the document. Not every issuer with such a document can "
        "sign users in: make sure that this one can.";
    out_.find(std::move(what));
  }

  void check_issuers() {
    auto named = locations_;
    const auto theirs = text_in(document_, "issuer");
    if (theirs) named.insert(named.begin(), {"issuer of the document", std::string{*theirs}});
    if (!expected_.discovery_url.empty()) named.push_back({"discovery_url", expected_.discovery_url});
    const auto fault = check_issuer(out_, expected_.issuer, named);

    const bool belongs = check_url(theirs);
    if (!theirs) return out_.undecided("discovery.issuer_mismatch", "the document has no issuer");
    if (fault == issuer_fault::absent)
      return out_.undecided("discovery.issuer_mismatch", "no issuer is stored");
    for (const auto* cause : {"issuer.template", "issuer.is_discovery_url"}) {
      if (out_.found(cause)) return explained("discovery.issuer_mismatch", cause);
    }
    if (*theirs == expected_.issuer) return out_.pass("discovery.issuer_mismatch");
    if (fault == issuer_fault::malformed) return explained("discovery.issuer_mismatch", "issuer.malformed");
    if (!belongs) return explained("discovery.issuer_mismatch", "discovery.url_of_other_issuer");
    if (fault == issuer_fault::plain_http) out_.explain("issuer.malformed", "discovery.issuer_mismatch");
    auto what = about("discovery.issuer_mismatch", severity::critical,
                      "The document's issuer is not the stored issuer; they differ in: ");
    what.message.append(difference_of(expected_.issuer, *theirs)).append(".");
    what.expected = shown_url(expected_.issuer);
    what.actual = shown_url(*theirs);
    what.advice = "If this is the right provider, store the document's issuer byte for byte.";
    out_.find(std::move(what));
  }

  void explained(std::string_view id, std::string_view cause) {
    out_.undecided(id, std::string{"explained by "}.append(cause));
  }

  /// Whether the discovery URL follows from the stored issuer, or its document names the stored issuer.
  bool check_url(std::optional<std::string_view> theirs) {
    if (expected_.discovery_url.empty()) return true;
    constexpr auto id = "discovery.url_of_other_issuer";
    const auto url = read_location(expected_.discovery_url);
    const auto derived = read_location(discovery_url_of(expected_.issuer));
    if (!url.absolute || !derived.absolute) {
      out_.undecided(id, "the issuer or the discovery URL is not a URL");
      return true;
    }
    if (url.origin == derived.origin && url.path == derived.path) {
      out_.pass(id);
      return true;
    }
    if (!theirs) {
      out_.undecided(id, "the document has no issuer");
      return true;
    }
    const bool same = *theirs == expected_.issuer;
    auto what = about(id, same ? severity::info : severity::error,
                      same ? "The discovery URL does not follow from the issuer, but its document names the "
                             "issuer."
                           : "The discovery URL belongs to another issuer.");
    what.expected = shown_url(discovery_url_of(expected_.issuer));
    what.actual = shown_url(expected_.discovery_url);
    if (!same) {
      what.actual += ", with the issuer " + shown_url(*theirs);
      what.advice = "Store the discovery URL and the issuer of the same provider.";
    }
    out_.find(std::move(what));
    return same;
  }

  void check_endpoints() {
    auto malformed =
        about("discovery.endpoint_malformed", severity::error, "Endpoints are malformed or insecure URLs.");
    malformed.expected = "an absolute https URL without fragment";
    malformed.advice = "Ask the provider's operator to correct the document.";
    auto elsewhere =
        about("discovery.endpoint_elsewhere", severity::info, "Endpoints are not on the issuer's host.");
    elsewhere.advice =
        "This is usual with large providers. Allow these hosts if outgoing connections are filtered.";
    const auto issuer = read_location(expected_.issuer);
    const bool all_plain = issuer.absolute && !issuer.secure && issuer.scheme == "http";
    for (const auto& endpoint : locations_) {
      const auto url = read_location(endpoint.text);
      if (url.braces) {  // issuer.template
        mark(endpoint.member);
        continue;
      }
      const bool plain = url.scheme == "http" && all_plain;  // reported as issuer.malformed
      if (!url.absolute || url.blanks_around || url.fragment || url.user_info || (!url.secure && !plain)) {
        append_item(malformed.actual, endpoint.member + ": " + shown_url(endpoint.text));
        mark(endpoint.member);
        continue;
      }
      if (issuer.absolute && url.origin.host != issuer.origin.host) {
        append_item(elsewhere.actual, endpoint.member + ": " + shown(url.origin.host, 100));
      }
    }
    if (malformed.actual.empty()) {
      out_.pass(malformed.id);
    } else {
      out_.find(std::move(malformed));
    }
    if (!issuer.absolute) {
      out_.undecided(elsewhere.id, "the stored issuer is not a URL");
    } else if (elsewhere.actual.empty()) {
      out_.pass(elsewhere.id);
    } else {
      out_.find(std::move(elsewhere));
    }
  }

  void check_code_flow() {
    auto what = about("discovery.no_code_flow", severity::error,
                      "The provider does not offer the authorization code flow.");
    const auto types = list("response_types_supported");
    const auto grants = list("grant_types_supported");
    if (types && !contains(*types, "code"))
      append_item(what.actual, "response_types_supported: " + listed(*types));
    if (grants && !grants->empty() && !contains(*grants, "authorization_code")) {
      append_item(what.actual, "grant_types_supported: " + listed(*grants));
    }
    if (!what.actual.empty()) {
      what.expected = "the response type code and the grant authorization_code";
      what.advice = "Allow the authorization code flow for the application at the provider.";
      return out_.find(std::move(what));
    }
    if (!types) return out_.undecided(what.id, "the document has no response_types_supported");
    out_.pass(what.id);
  }

  void check_pkce() {
    auto what =
        about("discovery.no_pkce", severity::warning, "The provider does not list the PKCE method S256.");
    what.expected = "code_challenge_methods_supported with S256";
    what.advice = "Ask the provider's operator to allow PKCE with S256.";
    const auto methods = list("code_challenge_methods_supported");
    if (methods && contains(*methods, "S256")) return out_.pass(what.id);
    if (!methods) {
      what.severity = severity::info;
      what.message = "The document does not say whether the provider supports PKCE.";
      what.advice.clear();
    } else {
      mark("code_challenge_methods_supported");
      what.actual = listed(*methods);
    }
    out_.find(std::move(what));
  }

  void check_algorithms() {
    auto what =
        about("discovery.algorithms", severity::error, "The provider does not sign ID tokens with RS256.");
    const auto all = list("id_token_signing_alg_values_supported");
    if (!all) return out_.undecided(what.id, "the document has no id_token_signing_alg_values_supported");
    if (contains(*all, "RS256")) return out_.pass(what.id);
    const bool symmetric = std::all_of(all->begin(), all->end(), [](std::string_view name) {
      return name == "none" || name.starts_with("HS");
    });
    if (symmetric) what.message = "The provider lists no ID token algorithm that a public key can verify.";
    what.expected = "id_token_signing_alg_values_supported with RS256";
    what.actual = listed(*all);
    what.advice = "Configure the provider to sign the application's ID tokens with RS256.";
    out_.find(std::move(what));
  }

  void check_scopes() {
    auto what =
        about("discovery.scopes", severity::info, "The provider does not list all scopes of a sign-in.");
    const auto scopes = list("scopes_supported");
    if (!scopes || scopes->empty()) return out_.undecided(what.id, "the document lists no scopes");
    for (const auto* name : {"openid", "email", "profile"}) {
      if (!contains(*scopes, name)) append_item(what.actual, name);
    }
    if (what.actual.empty()) return out_.pass(what.id);
    if (!contains(*scopes, "openid")) {
      what.severity = severity::error;
      what.message = "The provider does not list the scope openid; without it there is no ID token.";
      mark("scopes_supported");
    }
    what.actual = "not listed: " + what.actual;
    what.expected = "openid, email, profile";
    what.advice =
        "Add the scopes at the provider, or make sure that the ID token has the e-mail address without them.";
    out_.find(std::move(what));
  }

  void check_auth_methods() {
    auto what = about("discovery.auth_methods", severity::info, {});
    const auto methods = list("token_endpoint_auth_methods_supported");
    if (!methods || methods->empty()) return out_.pass(what.id);  // client_secret_basic is the default
    const bool basic = contains(*methods, "client_secret_basic");
    const bool post = contains(*methods, "client_secret_post");
    if (basic && post) return out_.pass(what.id);
    what.expected = "client_secret_basic, client_secret_post";
    what.actual = listed(*methods);
    if (basic || post) {
      what.message = std::string{"The provider accepts a client secret only by "}
                         .append(basic ? "client_secret_basic" : "client_secret_post")
                         .append(".");
    } else {
      what.severity = severity::warning;
      what.message = "The provider does not accept client secrets.";
      what.advice = "Allow client_secret_basic or client_secret_post for the application at the provider.";
    }
    out_.find(std::move(what));
  }

  /// A missing secret is an error if every authentication method of the provider needs one.
  void check_secret() {
    if (expected_.client_secret_set != false) return;
    const auto methods = list("token_endpoint_auth_methods_supported");
    if (!methods || methods->empty()) return;
    for (const auto* without :
         {"none", "private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth"}) {
      if (contains(*methods, without)) return;
    }
    auto what = about("settings.secret_missing", severity::error,
                      "No client secret is stored, but the provider requires one.");
    what.subject = "client_secret_set";
    what.expected = "a client secret";
    what.actual = "token_endpoint_auth_methods_supported: " + listed(*methods);
    what.advice = "Store the client secret of the application at the provider.";
    out_.find(std::move(what));
  }

  void check_par() {
    auto what = about("discovery.requires_par", severity::warning,
                      "The provider accepts only pushed authorization requests.");
    const auto* required = document_.if_contains("require_pushed_authorization_requests");
    if (!required || *required != true) return out_.pass(what.id);
    const auto endpoint = text_in(document_, "pushed_authorization_request_endpoint");
    what.actual = "require_pushed_authorization_requests: true";
    what.expected = "require_pushed_authorization_requests: false";
    what.advice =
        "Make sure that the service sends pushed authorization requests, or remove the requirement for the "
        "application.";
    if (endpoint) {
      what.severity = severity::info;
      what.actual += ", at " + shown_url(*endpoint);
    } else {
      what.actual += ", and no pushed_authorization_request_endpoint";
    }
    out_.find(std::move(what));
  }

  void check_copy() {
    auto what = about("discovery.stale_copy", severity::warning,
                      "The stored copy differs from the discovery document.");
    what.expected = "the values of the discovery document";
    bool compared = false;
    const auto compare_text = [&](std::string_view member, std::string_view path,
                                  const std::optional<std::string>& stored) {
      if (!stored || is_marked(member)) return;
      compared = true;
      const auto live = text_in(document_, member);
      if (live == *stored) return;
      append_item(what.actual, std::string{path}.append(member).append(": ").append(shown_url(*stored)));
      append_item(what.expected, std::string{member}.append(": ").append(live ? shown_url(*live) : "(none)"));
    };
    const auto compare_list = [&](std::string_view member,
                                  const std::optional<std::vector<std::string>>& stored) {
      if (!stored || is_marked(member)) return;
      compared = true;
      auto live = list(member).value_or(std::vector<std::string_view>{});
      std::vector<std::string_view> copy{stored->begin(), stored->end()};
      std::sort(live.begin(), live.end());
      std::sort(copy.begin(), copy.end());
      if (live == copy) return;
      append_item(what.actual, std::string{"oauth2."}.append(member).append(": ").append(listed(copy)));
      append_item(what.expected, std::string{member}.append(": ").append(listed(live)));
    };
    if (!expected_.protocols) return;
    if (const auto& oauth2 = expected_.protocols->oauth2) {
      compare_text("authorization_endpoint", "oauth2.", oauth2->authorization_endpoint);
      compare_text("jwks_uri", "oauth2.", oauth2->jwks_uri);
      compare_text("registration_endpoint", "oauth2.", oauth2->registration_endpoint);
      compare_text("token_endpoint", "oauth2.", oauth2->token_endpoint);
      compare_list("code_challenge_methods_supported", oauth2->code_challenge_methods_supported);
      compare_list("scopes_supported", oauth2->scopes_supported);
    }
    if (const auto& openid = expected_.protocols->openid) {
      compare_text("userinfo_endpoint", "openid.", openid->userinfo_endpoint);
    }
    if (!compared) return out_.undecided(what.id, "no comparable value is stored");
    if (what.actual.empty()) return out_.pass(what.id);
    what.advice = "Write the values of the document into the connection's protocols, or remove the copy.";
    out_.find(std::move(what));
  }

  const boost::json::object& document_;
  const expectation& expected_;
  collector& out_;
  std::vector<named_text> locations_;
  std::vector<std::string> reported_;
};

SSO_DECL report without_discovery(const std::string& reason, const expectation& expected) {
  collector out;
  check_issuer(out, expected.issuer, {});
  out.undecided({"discovery.issuer_mismatch", "discovery.member_missing", "discovery.endpoint_malformed",
                 "discovery.endpoint_elsewhere", "discovery.no_code_flow", "discovery.no_pkce",
                 "discovery.algorithms", "discovery.scopes", "discovery.auth_methods",
                 "discovery.requires_par"},
                reason);
  if (!expected.discovery_url.empty()) out.undecided("discovery.url_of_other_issuer", reason);
  if (expected.protocols) out.undecided("discovery.stale_copy", reason);
  return out.finish();
}

SSO_DECL report check_discovery(std::string_view document, const expectation& expected,
                                discovery_facts& facts) {
  collector out;
  const auto read = read_document(document);
  if (!check_json(out, "discovery.not_json", shown_url(expected.issuer), read)) {
    out.merge(without_discovery("the document is not a JSON object", expected));
    return out.finish();
  }
  facts.jwks_uri = text_in(*read.object, "jwks_uri").value_or("");
  for (const auto name : texts_in(*read.object, "id_token_signing_alg_values_supported")
                             .value_or(std::vector<std::string_view>{})) {
    facts.algorithms.emplace_back(name);
  }
  out.merge(check_readings("discovery.not_json", document, read, [&](const boost::json::object& object) {
    collector checks;
    discovery_checks{object, expected, checks}.run();
    return checks.finish();
  }));
  return out.finish();
}

}  // namespace sso::doctor::detail

namespace sso::doctor {

SSO_DECL report check_discovery(std::string_view document, const expectation& expected) {
  detail::discovery_facts unused;
  return detail::check_discovery(document, expected, unused);
}

}  // namespace sso::doctor
