// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/doctor/detail/collector.hpp>
#include <sso/doctor/detail/issuer.hpp>
#include <sso/doctor/detail/location.hpp>
#include <sso/doctor/detail/mail_providers.hpp>
#include <sso/doctor/settings.hpp>
#include <sso/time.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace sso::doctor::detail {

[[nodiscard]] inline bool is_blank(const std::optional<std::string>& text) {
  return !text || sso::detail::trim(*text).empty();
}

/// Adds the URL if one is stored.
inline void add_location(std::vector<named_text>& all, std::string_view member,
                         const std::optional<std::string>& url) {
  if (!is_blank(url)) all.push_back({std::string{member}, *url});
}

inline void conclude(collector& out, finding what) {
  if (what.actual.empty()) {
    out.pass(what.id);
  } else {
    out.find(std::move(what));
  }
}

/// Runs `url.*` on stored URLs.
/// @param derived the discovery URL that follows from the issuer, to check its scheme and host; empty: none
inline void check_locations(collector& out, const std::vector<named_text>& all, const named_text& derived,
                            bool braces_reported) {
  finding plain;
  plain.id = "url.not_https";
  plain.severity = severity::error;
  plain.message = "URLs that browsers or services open are not https.";
  plain.expected = "https";
  plain.advice = "Store the https form of the URLs. A provider without https cannot sign users in safely.";
  finding malformed;
  malformed.id = "url.malformed";
  malformed.severity = severity::error;
  malformed.message = "Stored URLs are malformed.";
  malformed.expected = "an absolute URL without fragment, user information and surrounding blanks";
  malformed.advice = "Copy the URL from the provider again.";
  finding inside;
  inside.id = "url.private_address";
  inside.severity = severity::error;
  inside.message = "URLs have hosts that are not on the public Internet.";
  inside.expected = "a public host";
  inside.advice =
      "Store the provider's public host name. From the service's network, this one is unreachable or another "
      "host.";
  std::string no_host = "no URL is stored";  // why no host was checked; empty: one was
  const auto check_host = [&](const named_text& stored, const location& url) {
    no_host.clear();
    const auto line = stored.member + ": " + shown_url(stored.text);
    if (!url.secure) append_item(plain.actual, line);
    if (url.private_address) append_item(inside.actual, line);
  };
  for (const auto& stored : all) {
    const auto url = read_location(stored.text);
    if (url.braces && braces_reported) {
      if (!no_host.empty()) no_host = "explained by issuer.template";
      continue;
    }
    if (!url.absolute || url.blanks_around || url.fragment || url.user_info) {
      append_item(malformed.actual, stored.member + ": " + shown_url(stored.text));
      if (!no_host.empty()) no_host = "explained by url.malformed";
    } else {
      check_host(stored, url);
    }
  }
  const auto url = read_location(derived.text);
  if (url.absolute && !url.fragment && !url.user_info && !url.blanks_around) {
    check_host(derived, url);
  } else if (!url.blank && !no_host.empty()) {
    no_host = "explained by issuer.malformed";
  }

  for (auto* what : {&plain, &malformed, &inside}) {
    if (!what->actual.empty()) what->subject = what->actual.substr(0, what->actual.find(':'));
    if (!what->actual.empty() || no_host.empty()) {
      conclude(out, std::move(*what));
    } else {
      out.undecided(what->id, no_host);
    }
  }
}

/// Checks the issuer and the stored URLs of an OpenID provider, with one finding per cause.
inline void check_provider(collector& out, const std::string& issuer, std::string_view issuer_member,
                           const std::vector<named_text>& all, bool discovery_url_stored) {
  const auto fault = check_issuer(out, issuer, all);
  named_text derived;
  const bool usable = fault != issuer_fault::absent && fault != issuer_fault::placeholder;
  if (usable && !discovery_url_stored) derived = {std::string{issuer_member}, discovery_url_of(issuer)};
  check_locations(out, all, derived, true);
  if (fault == issuer_fault::plain_http && !derived.text.empty())
    out.explain("issuer.malformed", "url.not_https");
}

inline void check_client(collector& out) {
  out.undecided("client.not_tested",
                "the client id, the secret and the redirect URI cannot be checked without a sign-in");
}

SSO_DECL report check_issuer_settings(std::string_view issuer) {
  collector out;
  auto incomplete = make_finding("settings.incomplete", severity::critical, "issuer", "There is no issuer.");
  incomplete.expected = "the provider's issuer, an https URL";
  incomplete.advice = "Pass the member issuer of the provider's discovery document.";
  if (sso::detail::trim(issuer).empty()) incomplete.actual = "issuer is empty";
  conclude(out, std::move(incomplete));
  check_provider(out, std::string{issuer}, "issuer", {}, false);
  check_client(out);
  return out.finish();
}

SSO_DECL report check_keycard_settings(const keycard::sso_connection& connection) {
  collector out;
  auto incomplete = make_finding("settings.incomplete", severity::critical, "connection",
                                 "Members that a sign-in needs are not set.");
  incomplete.expected = "identifier and client_id";
  incomplete.advice = "Set them to the issuer and the client id of the application at the provider.";
  if (sso::detail::trim(connection.identifier).empty()) append_item(incomplete.actual, "identifier is empty");
  if (is_blank(connection.client_id)) append_item(incomplete.actual, "client_id is empty");
  conclude(out, std::move(incomplete));

  auto secret = make_finding("settings.secret_missing", severity::warning, "client_secret_set",
                             "No client secret is stored.");
  secret.expected = "a client secret, unless it is a public client";
  if (!connection.client_secret_set) secret.actual = "client_secret_set: false";
  secret.advice = "Store the client secret of the application at the provider.";
  conclude(out, std::move(secret));

  std::vector<named_text> all;
  if (connection.protocols && connection.protocols->oauth2) {
    const auto& oauth2 = *connection.protocols->oauth2;
    add_location(all, "protocols.oauth2.authorization_endpoint", oauth2.authorization_endpoint);
    add_location(all, "protocols.oauth2.jwks_uri", oauth2.jwks_uri);
    add_location(all, "protocols.oauth2.registration_endpoint", oauth2.registration_endpoint);
    add_location(all, "protocols.oauth2.token_endpoint", oauth2.token_endpoint);
  }
  if (connection.protocols && connection.protocols->openid) {
    add_location(all, "protocols.openid.userinfo_endpoint", connection.protocols->openid->userinfo_endpoint);
  }
  check_provider(out, connection.identifier, "identifier", all, false);
  check_client(out);
  return out.finish();
}

/// Whether a URL has a vendor's path of SAML metadata. Excludes the providers whose entity id is their metadata URL.
[[nodiscard]] inline bool is_metadata_document(std::string_view url) {
  const auto path = read_location(url).path;
  std::string words{path};
  std::transform(words.begin(), words.end(), words.begin(), sso::detail::to_lower);
  if (words.ends_with(".xml") || words.ends_with("/protocol/saml/descriptor")) return true;
  return words.ends_with("/sso/saml/metadata") || words.find("/samlp/metadata/") != std::string::npos ||
         words.find("/saml20/metadata/") != std::string::npos;
}

/// The same for a sign-on URL, with more paths: a sign-on URL is never a metadata URL.
[[nodiscard]] inline bool looks_like_metadata(std::string_view url) {
  std::string words = read_location(url).path;
  std::transform(words.begin(), words.end(), words.begin(), sso::detail::to_lower);
  while (words.ends_with('/')) words.pop_back();
  return is_metadata_document(url) || words.ends_with("metadata") || words.ends_with("/metadata.php") ||
         words.find("/saml/metadata/") != std::string::npos;
}

/// Runs each check of a Truto connection once.
class truto_checks {
public:
  truto_checks(const truto::sso_connection& connection, const std::vector<truto::domain>* domains,
               std::chrono::sys_seconds now)
      : connection_{connection}, domains_{domains}, now_{now} {
    if (connection.config) config_ = *connection.config;
  }

  [[nodiscard]] report run() {
    check_protocol();
    check_states();
    check_domains();
    if (is_saml()) {
      check_saml();
    } else if (is_oidc()) {
      check_members({{"issuer", config_.issuer}, {"client_id", config_.client_id}});
    } else {
      out_.undecided("settings.incomplete", "the protocol is not known");
    }
    std::vector<named_text> all;
    add_location(all, "config.idp_sso_url", config_.idp_sso_url);
    add_location(all, "config.discovery_url", config_.discovery_url);
    // An entity id need not be a URL, but surrounding blanks are an error.
    const bool has_blanks = config_.idp_entity_id && read_location(*config_.idp_entity_id).blanks_around;
    if (has_blanks) add_location(all, "config.idp_entity_id", config_.idp_entity_id);
    if (is_oidc()) {
      check_provider(out_, config_.issuer.value_or(""), "config.issuer", all,
                     !is_blank(config_.discovery_url));
    } else {
      check_locations(out_, all, {}, false);
    }
    check_client(out_);
    return out_.finish();
  }

private:
  [[nodiscard]] bool is_saml() const {
    if (connection_.protocol) return *connection_.protocol == truto::protocol::saml;
    return config_.idp_entity_id || config_.idp_sso_url || config_.idp_x509_cert;
  }
  [[nodiscard]] bool is_oidc() const {
    if (connection_.protocol) return *connection_.protocol == truto::protocol::oidc;
    return !is_saml() && (config_.issuer || config_.client_id || config_.discovery_url);
  }

  void check_protocol() {
    auto what = make_finding("settings.protocol_unknown", severity::warning, "protocol",
                             "The library does not know the protocol.");
    what.expected = "saml or oidc";
    what.advice = "Use a newer version of the library, or check the connection yourself.";
    if (!connection_.protocol) return out_.undecided(what.id, "the connection has no protocol");
    if (!connection_.protocol->known()) what.actual = "\"" + shown(connection_.protocol->str(), 80) + "\"";
    conclude(out_, std::move(what));
  }

  void check_states() {
    auto both = make_finding("settings.enforced_but_inactive", severity::critical, "enforced",
                             "The connection is enforced but not active: users cannot sign in.");
    both.expected = "is_active: true, or enforced: false";
    both.advice = "Activate the connection, or do not enforce it.";
    auto inactive =
        make_finding("settings.inactive", severity::warning, "is_active", "The connection is not active.");
    inactive.expected = "is_active: true";
    inactive.advice = "Test a sign-in, then activate the connection.";
    const auto& active = connection_.is_active;
    if (!active) {
      out_.undecided({both.id, inactive.id}, "is_active is not set");
      return;
    }
    if (!connection_.enforced) {
      out_.undecided(both.id, "enforced is not set");
    } else {
      if (*connection_.enforced && !*active) both.actual = "is_active: false, enforced: true";
      conclude(out_, both);
    }
    if (!both.actual.empty()) return out_.undecided(inactive.id, "explained by " + both.id);
    if (!*active) inactive.actual = "is_active: false";
    conclude(out_, std::move(inactive));
  }

  void check_domains() {
    if (!domains_) {
      out_.undecided(
          {"settings.enforced_without_domain", "settings.domain_pending", "settings.domain_public"},
          "the domains are not known");
      return;
    }
    auto without =
        make_finding("settings.enforced_without_domain", severity::critical, "enforced",
                     "The connection is enforced but has no verified domain: users may be locked out.");
    without.expected = "a verified domain, or enforced: false";
    without.advice = "Do not enforce the connection before one of its domains is verified.";
    auto pending = make_finding("settings.domain_pending", severity::warning, "domains",
                                "Domains have been unverified for more than 72 hours.");
    pending.expected = "the TXT record of each domain";
    pending.advice = "Publish Truto's TXT record on the domain itself, then verify the domain.";
    auto open = make_finding("settings.domain_public", severity::error, "domains",
                             "Domains belong to public mail providers: anybody can have an address there.");
    open.expected = "only the team's own domains";
    open.advice = "Remove these domains.";
    bool verified = false;
    std::string undated;
    for (const auto& one : *domains_) {
      const auto name = shown(one.domain, 100);
      if (is_mail_provider(one.domain)) append_item(open.actual, name);
      if (one.verified == true) {
        verified = true;
      } else if (!one.created_at) {
        append_item(undated, name);
      } else if (now_ - *one.created_at > std::chrono::hours{72}) {
        append_item(pending.actual, name + " since " + format_timestamp(*one.created_at).substr(0, 10));
      }
    }
    if (!connection_.enforced) {
      out_.undecided(without.id, "enforced is not set");
    } else {
      if (*connection_.enforced && !verified) {
        without.actual = domains_->empty()
                             ? "no domain"
                             : "no domain of " + std::to_string(domains_->size()) + " is verified";
      }
      conclude(out_, std::move(without));
    }
    if (pending.actual.empty() && !undated.empty()) {
      out_.undecided(pending.id, "unverified domains without created_at: " + undated);
    } else {
      conclude(out_, std::move(pending));
    }
    conclude(out_, std::move(open));
  }

  void check_members(const std::vector<std::pair<std::string_view, std::optional<std::string>>>& members) {
    auto what = make_finding("settings.incomplete", severity::critical, "config",
                             "Members that a sign-in needs are not set.");
    for (const auto& [name, value] : members) {
      append_item(what.expected, name);
      if (is_blank(value)) append_item(what.actual, std::string{name} + " is empty");
    }
    what.advice = "Copy the values from the application's page at the provider.";
    conclude(out_, std::move(what));
  }

  void check_saml() {
    check_members({{"idp_entity_id", config_.idp_entity_id},
                   {"idp_sso_url", config_.idp_sso_url},
                   {"idp_x509_cert", config_.idp_x509_cert}});

    auto mixed = make_finding("settings.entity_id_is_location", severity::warning, "config.idp_entity_id",
                              "The entity id, the sign-on URL and the metadata URL seem to be mixed up.");
    mixed.expected = "the entityID of the provider's metadata, and the Location of its SingleSignOnService";
    mixed.advice = "Take both from the provider's metadata.";
    const bool both = !is_blank(config_.idp_entity_id) && !is_blank(config_.idp_sso_url);
    if (both && *config_.idp_entity_id == *config_.idp_sso_url) {
      mixed.actual = "idp_entity_id and idp_sso_url are the same: " + shown_url(*config_.idp_sso_url);
    } else {
      if (!is_blank(config_.idp_entity_id) && is_metadata_document(*config_.idp_entity_id)) {
        append_item(mixed.actual, "idp_entity_id is a metadata URL: " + shown_url(*config_.idp_entity_id));
      }
      if (!is_blank(config_.idp_sso_url) && looks_like_metadata(*config_.idp_sso_url)) {
        append_item(mixed.actual, "idp_sso_url is a metadata URL: " + shown_url(*config_.idp_sso_url));
      }
    }
    if (!both && mixed.actual.empty()) {
      out_.undecided(mixed.id, "the entity id or the sign-on URL is not set");
    } else {
      conclude(out_, std::move(mixed));
    }

    auto unsolicited =
        make_finding("settings.idp_initiated", severity::warning, "config.allow_idp_initiated",
                     "The service accepts unsolicited responses: an attacker can sign a user in to "
                     "another account.");
    unsolicited.expected = "allow_idp_initiated: false";
    unsolicited.advice = "Disable it unless users start at the provider's portal.";
    if (config_.allow_idp_initiated == true) unsolicited.actual = "allow_idp_initiated: true";
    conclude(out_, std::move(unsolicited));

    auto unsigned_requests =
        make_finding("settings.requests_unsigned", severity::info, "config.sign_authn_requests",
                     "Authentication requests are not signed.");
    unsigned_requests.expected = "sign_authn_requests: true, if the provider requires signed requests";
    if (config_.sign_authn_requests != true) unsigned_requests.actual = "sign_authn_requests: false";
    conclude(out_, std::move(unsigned_requests));
  }

  const truto::sso_connection& connection_;
  const std::vector<truto::domain>* domains_;
  std::chrono::sys_seconds now_;
  truto::config config_;
  collector out_;
};

SSO_DECL report check_truto_settings(const truto::sso_connection& connection,
                                     const std::vector<truto::domain>* domains,
                                     std::chrono::sys_seconds now) {
  return truto_checks{connection, domains, now}.run();
}

}  // namespace sso::doctor::detail
