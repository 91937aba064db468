// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

/// @file
/// The checks in the order of a report: the id of each, and the source of its rule.
namespace sso::doctor::detail {

struct check_info {
  std::string_view id;
  std::string_view source;
};

inline constexpr check_info catalog[] = {
    // stored settings
    {"settings.incomplete", "reference of the vendor"},
    {"settings.protocol_unknown", ""},
    {"settings.inactive", ""},
    {"settings.enforced_without_domain", ""},
    {"settings.enforced_but_inactive", ""},
    {"settings.secret_missing", "RFC 6749 2.3"},
    {"settings.entity_id_is_location", "SAML Metadata 2.3.2"},
    {"settings.idp_initiated", "SAML Profiles 4.1.5"},
    {"settings.requests_unsigned", "SAML Metadata 2.4.3"},
    {"settings.domain_pending", ""},
    {"settings.domain_public", ""},
    {"url.not_https", "OIDC Discovery 3"},
    {"url.malformed", "RFC 3986"},
    {"url.private_address", "RFC 6890"},
    {"client.not_tested", ""},
    // certificate
    {"certificate.unreadable", "RFC 7468; XML-DSig X509Certificate"},
    {"certificate.other_thing", ""},
    {"certificate.untidy", "RFC 7468"},
    {"certificate.expired", "RFC 5280 4.1.2.5"},
    {"certificate.not_yet_valid", "RFC 5280 4.1.2.5"},
    {"certificate.expires_soon", "practice of operators"},
    {"certificate.weak_key", "NIST SP 800-131A"},
    {"certificate.weak_signature", "NIST SP 800-131A"},
    {"certificate.not_for_signing", "RFC 5280 4.2.1"},
    {"certificate.several", "SAML Metadata 2.4.1.1"},
    // issuer
    {"issuer.malformed", "OIDC Discovery 3"},
    {"issuer.is_discovery_url", "OIDC Discovery 4.1"},
    {"issuer.template", "OIDC Discovery 4.3"},
    // fetching the discovery document
    {"discovery.unreachable", "OIDC Discovery 4"},
    {"discovery.address_refused", ""},
    {"discovery.not_found", "RFC 8414 3.1"},
    {"discovery.forbidden", ""},
    {"discovery.status", "OIDC Discovery 4.2"},
    {"discovery.redirected", "OIDC Discovery 4.2"},
    {"discovery.content_type", "OIDC Discovery 4.2"},
    // discovery document
    {"discovery.not_json", "RFC 8259 4, 8.1"},
    {"discovery.issuer_mismatch", "OIDC Discovery 4.3"},
    {"discovery.url_of_other_issuer", "OIDC Discovery 4.1"},
    {"discovery.member_missing", "OIDC Discovery 3"},
    {"discovery.endpoint_malformed", "OIDC Discovery 3"},
    {"discovery.endpoint_elsewhere", "RFC 9700 4.4"},
    {"discovery.no_code_flow", "OIDC Discovery 3"},
    {"discovery.no_pkce", "RFC 9700 2.1.1"},
    {"discovery.algorithms", "OIDC Discovery 3"},
    {"discovery.scopes", "OIDC Discovery 3"},
    {"discovery.auth_methods", "OIDC Discovery 3"},
    {"discovery.requires_par", "RFC 9126 5"},
    {"discovery.stale_copy", ""},
    // fetching the keys
    {"keys.unreachable", "RFC 7517 5"},
    {"keys.forbidden", "RFC 7517 5"},
    {"keys.status", "RFC 7517 5"},
    // keys
    {"keys.not_json", "RFC 7517 5"},
    {"keys.none", "RFC 7517 5"},
    {"keys.none_usable", "RFC 7517 4, 5"},
    {"keys.weak", "RFC 7518 6"},
    {"keys.private", "RFC 7517 9"},
    {"keys.id_missing", "OIDC Core 10.1"},
    {"keys.id_repeated", "RFC 7517 4.5"},
    {"keys.certificate_mismatch", "RFC 7517 4.7"},
    {"keys.per_application", ""},
    // clocks
    {"clock.skew", "RFC 9110 6.6.1, RFC 9111 5.1"},
};

}  // namespace sso::doctor::detail
