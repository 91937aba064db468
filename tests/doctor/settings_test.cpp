// SPDX-License-Identifier: BSL-1.0
#include "reports.hpp"

#include <sso/doctor/settings.hpp>

#include <functional>

using sso::doctor::check_settings;
using sso::doctor::severity;

namespace {

sso::keycard::sso_connection keycard_connection() {
  sso::keycard::sso_connection out;
  out.id = "sso-1";
  out.client_id = "client";
  out.client_secret_set = true;
  out.identifier = "https://idp.example.com/tenant";
  out.protocols.emplace();
  out.protocols->oauth2.emplace();
  out.protocols->oauth2->authorization_endpoint = "https://idp.example.com/authorize";
  out.protocols->oauth2->jwks_uri = "https://idp.example.com/keys?p=1";
  out.protocols->oauth2->registration_endpoint = "https://idp.example.com/register";
  out.protocols->oauth2->token_endpoint = "https://idp.example.com/token";
  out.protocols->openid.emplace();
  out.protocols->openid->userinfo_endpoint = "https://idp.example.com/userinfo";
  return out;
}

sso::truto::sso_connection saml_connection() {
  sso::truto::sso_connection out;
  out.id = "1ba1f401-7183-47c5-9e39-e8e257e3c795";
  out.protocol = sso::truto::protocol::saml;
  out.is_active = true;
  out.enforced = true;
  out.config.emplace();
  out.config->idp_entity_id = "https://idp.example.com/metadata";
  out.config->idp_sso_url = "https://idp.example.com/sso";
  out.config->idp_x509_cert = "-----BEGIN CERTIFICATE-----";
  out.config->sign_authn_requests = true;
  return out;
}

sso::truto::sso_connection oidc_connection() {
  sso::truto::sso_connection out;
  out.id = "1ba1f401-7183-47c5-9e39-e8e257e3c795";
  out.protocol = sso::truto::protocol::oidc;
  out.is_active = true;
  out.enforced = false;
  out.config.emplace();
  out.config->issuer = "https://accounts.example.com";
  out.config->client_id = "client";
  out.config->discovery_url = "https://accounts.example.com/.well-known/openid-configuration";
  return out;
}

sso::truto::domain domain(const char* name, bool verified, std::chrono::hours age = std::chrono::hours{24}) {
  sso::truto::domain out;
  out.domain = name;
  out.verified = verified;
  out.created_at = noon - age;
  return out;
}

const std::vector<sso::truto::domain> verified_domain{domain("acme.example", true)};

template <class Connection>
struct change {
  ids expected;
  severity level;
  std::function<void(Connection&)> apply;
};

}  // namespace

TEST_CASE("check_settings finds nothing in correct settings") {
  const auto keycard = check_settings(keycard_connection(), noon);
  check_form(keycard);
  CHECK(all_found(keycard) == ids{});
  for (const auto* id :
       {"settings.incomplete", "settings.secret_missing", "url.not_https", "url.malformed",
        "url.private_address", "issuer.malformed", "issuer.is_discovery_url", "issuer.template"}) {
    INFO(id);
    CHECK(passed(keycard, id));
  }
  const auto saml = check_settings(saml_connection(), verified_domain, noon);
  INFO(saml);
  check_form(saml);
  CHECK(all_found(saml) == ids{});
  for (const auto* id : {"settings.incomplete", "settings.protocol_unknown", "settings.inactive",
                         "settings.enforced_without_domain", "settings.enforced_but_inactive",
                         "settings.entity_id_is_location", "settings.idp_initiated",
                         "settings.requests_unsigned", "settings.domain_pending", "settings.domain_public",
                         "url.not_https", "url.malformed", "url.private_address"}) {
    INFO(id);
    CHECK(passed(saml, id));
  }
  const auto oidc = check_settings(oidc_connection(), verified_domain, noon);
  check_form(oidc);
  CHECK(all_found(oidc) == ids{});
}

TEST_CASE("check_settings always leaves the client login undecided") {
  CHECK(undecided(check_settings(keycard_connection(), noon), "client.not_tested") != "");
  CHECK(undecided(check_settings(saml_connection(), noon), "client.not_tested") != "");
}

TEST_CASE("check_settings reports exactly one finding for Keycard settings with one fault") {
  using connection = sso::keycard::sso_connection;
  const auto one = GENERATE(
      change<connection>{{"settings.incomplete"}, severity::critical, [](auto& c) { c.identifier = " "; }},
      change<connection>{{"settings.incomplete"}, severity::critical, [](auto& c) { c.client_id.reset(); }},
      change<connection>{{"settings.incomplete"}, severity::critical, [](auto& c) { c.client_id = ""; }},
      change<connection>{
          {"settings.secret_missing"}, severity::warning, [](auto& c) { c.client_secret_set = false; }},
      change<connection>{
          {"url.not_https"},
          severity::error,
          [](auto& c) { c.protocols->oauth2->token_endpoint = "http://idp.example.com/token"; }},
      change<connection>{{"url.not_https"},
                         severity::error,
                         [](auto& c) { c.identifier = "http://idp.example.com/tenant"; }},
      change<connection>{{"url.malformed"},
                         severity::error,
                         [](auto& c) { c.protocols->oauth2->jwks_uri = "idp.example.com/keys"; }},
      change<connection>{{"url.malformed"},
                         severity::error,
                         [](auto& c) { c.protocols->oauth2->jwks_uri = "https://idp.example.com/keys#x"; }},
      change<connection>{
          {"url.malformed"},
          severity::error,
          [](auto& c) { c.protocols->openid->userinfo_endpoint = "https://u@idp.example.com/"; }},
      change<connection>{
          {"url.malformed"},
          severity::error,
          [](auto& c) { c.protocols->openid->userinfo_endpoint = " https://idp.example.com/"; }},
      change<connection>{{"url.private_address"},
                         severity::error,
                         [](auto& c) { c.protocols->oauth2->registration_endpoint = "https://10.0.0.1/"; }},
      change<connection>{{"url.private_address"},
                         severity::error,
                         [](auto& c) { c.identifier = "https://192.168.1.1/tenant"; }},
      change<connection>{{"url.private_address"},
                         severity::error,
                         [](auto& c) { c.identifier = "http://localhost:8080/realms/master"; }},
      change<connection>{{"issuer.malformed"}, severity::error, [](auto& c) { c.identifier = "x"; }},
      change<connection>{{"issuer.malformed"}, severity::error, [](auto& c) { c.identifier += "?x"; }},
      change<connection>{{"issuer.is_discovery_url"},
                         severity::critical,
                         [](auto& c) { c.identifier += "/.well-known/openid-configuration"; }},
      change<connection>{{"issuer.template"},
                         severity::critical,
                         [](auto& c) { c.identifier = "https://login.microsoftonline.com/{tenantid}/v2.0"; }},
      change<connection>{{"issuer.template"}, severity::critical, [](auto& c) {
                           c.protocols->oauth2->token_endpoint = "https://idp.example.com/{tenant}";
                         }});
  auto connection_ = keycard_connection();
  one.apply(connection_);
  const auto report = check_settings(connection_, noon);
  INFO(report);
  check_form(report);
  CHECK(all_found(report) == one.expected);
  CHECK(report.findings.front().severity == one.level);
}

TEST_CASE("check_settings reports exactly one finding for SAML settings with one fault") {
  using connection = sso::truto::sso_connection;
  const auto one = GENERATE(
      change<connection>{
          {"settings.incomplete"}, severity::critical, [](auto& c) { c.config->idp_entity_id = "  "; }},
      change<connection>{
          {"settings.incomplete"}, severity::critical, [](auto& c) { c.config->idp_sso_url.reset(); }},
      change<connection>{
          {"settings.incomplete"}, severity::critical, [](auto& c) { c.config->idp_x509_cert = ""; }},
      change<connection>{{"settings.incomplete"},
                         severity::critical,
                         [](auto& c) {
                           c.config.reset();
                           c.config.emplace();
                           c.config->sign_authn_requests = true;
                         }},
      change<connection>{{"settings.protocol_unknown"},
                         severity::warning,
                         [](auto& c) {
                           c.protocol = "ldap";
                           c.config->sign_authn_requests.reset();
                         }},
      change<connection>{{"settings.inactive"},
                         severity::warning,
                         [](auto& c) {
                           c.is_active = false;
                           c.enforced = false;
                         }},
      change<connection>{
          {"settings.enforced_but_inactive"}, severity::critical, [](auto& c) { c.is_active = false; }},
      change<connection>{{"settings.entity_id_is_location"},
                         severity::warning,
                         [](auto& c) { c.config->idp_entity_id = c.config->idp_sso_url; }},
      change<connection>{
          {"settings.entity_id_is_location"},
          severity::warning,
          [](auto& c) { c.config->idp_entity_id = "https://acme.okta.com/app/x/sso/saml/metadata"; }},
      change<connection>{{"settings.entity_id_is_location"},
                         severity::warning,
                         [](auto& c) {
                           c.config->idp_entity_id = "https://login.microsoftonline.com/t/federationmetadata/"
                                                     "2007-06/FederationMetadata.xml?appid=1";
                         }},
      change<connection>{{"settings.entity_id_is_location"},
                         severity::warning,
                         [](auto& c) { c.config->idp_sso_url = "https://idp.example.com/saml/metadata"; }},
      change<connection>{{"settings.entity_id_is_location"},
                         severity::warning,
                         [](auto& c) {
                           c.config->idp_sso_url =
                               "https://idp.example.com/realms/x/protocol/saml/descriptor";
                         }},
      change<connection>{{"settings.idp_initiated"},
                         severity::warning,
                         [](auto& c) { c.config->allow_idp_initiated = true; }},
      change<connection>{{"settings.requests_unsigned"},
                         severity::info,
                         [](auto& c) { c.config->sign_authn_requests = false; }},
      change<connection>{{"settings.requests_unsigned"},
                         severity::info,
                         [](auto& c) { c.config->sign_authn_requests.reset(); }},
      change<connection>{{"url.not_https"},
                         severity::error,
                         [](auto& c) { c.config->idp_sso_url = "http://idp.example.com/sso"; }},
      change<connection>{{"url.malformed"}, severity::error, [](auto& c) { c.config->idp_sso_url = "/sso"; }},
      change<connection>{{"url.malformed"},
                         severity::error,
                         [](auto& c) { c.config->idp_sso_url = "https://idp.example.com/{tenant}/sso"; }},
      change<connection>{{"url.malformed"},
                         severity::error,
                         [](auto& c) { c.config->idp_entity_id = "https://idp.example.com/entity "; }},
      change<connection>{{"url.private_address"}, severity::error, [](auto& c) {
                           c.config->idp_sso_url = "https://127.0.0.1/sso";
                         }});
  auto connection_ = saml_connection();
  one.apply(connection_);
  const auto report = check_settings(connection_, verified_domain, noon);
  INFO(report);
  check_form(report);
  CHECK(all_found(report) == one.expected);
  CHECK(report.findings.front().severity == one.level);
}

TEST_CASE("check_settings accepts any text as a SAML entity id") {
  auto connection = saml_connection();
  connection.config->idp_entity_id =
      GENERATE("http://www.okta.com/exk1", "urn:acme.auth0.com", "https://sts.windows.net/t/", "idp",
               "http://127.0.0.1/", "https://app.onelogin.com/saml/metadata/123",
               "https://idp.example.com/saml2/idp/metadata.php", "https://idp.example.com/realms/{x}",
               "http://adfs.example.com/adfs/services/trust");
  const auto report = check_settings(connection, verified_domain, noon);
  INFO(report);
  CHECK(all_found(report) == ids{});
}

TEST_CASE("check_settings reports exactly one finding for Truto OIDC settings with one fault") {
  using connection = sso::truto::sso_connection;
  const auto one = GENERATE(
      change<connection>{
          {"settings.incomplete"}, severity::critical, [](auto& c) { c.config->issuer.reset(); }},
      change<connection>{
          {"settings.incomplete"}, severity::critical, [](auto& c) { c.config->client_id = ""; }},
      change<connection>{{"url.not_https"},
                         severity::error,
                         [](auto& c) {
                           c.config->discovery_url =
                               "http://accounts.example.com/.well-known/openid-configuration";
                         }},
      change<connection>{{"url.not_https"},
                         severity::error,
                         [](auto& c) {
                           c.config->issuer = "http://accounts.example.com";
                           c.config->discovery_url.reset();
                         }},
      change<connection>{{"issuer.malformed"},
                         severity::error,
                         [](auto& c) { c.config->issuer = "http://accounts.example.com"; }},
      change<connection>{{"url.malformed"},
                         severity::error,
                         [](auto& c) { c.config->discovery_url = "accounts.example.com"; }},
      change<connection>{{"url.private_address"},
                         severity::error,
                         [](auto& c) { c.config->discovery_url = "https://169.254.169.254/x"; }},
      change<connection>{{"issuer.is_discovery_url"},
                         severity::critical,
                         [](auto& c) { c.config->issuer = c.config->discovery_url; }},
      change<connection>{
          {"issuer.template"}, severity::critical, [](auto& c) {
            c.config->discovery_url =
                "https://login.microsoftonline.com/{tenantid}/v2.0/.well-known/openid-configuration";
          }});
  auto connection_ = oidc_connection();
  one.apply(connection_);
  const auto report = check_settings(connection_, verified_domain, noon);
  INFO(report);
  check_form(report);
  CHECK(all_found(report) == one.expected);
  CHECK(report.findings.front().severity == one.level);
}

TEST_CASE("check_settings leaves checks of missing connection members undecided") {
  sso::truto::sso_connection nothing;
  const auto report = check_settings(nothing, noon);
  check_form(report);
  CHECK(all_found(report) == ids{});
  for (const auto* id :
       {"settings.protocol_unknown", "settings.inactive", "settings.enforced_but_inactive",
        "settings.enforced_without_domain", "settings.domain_pending", "settings.domain_public",
        "settings.incomplete", "url.not_https", "url.malformed", "url.private_address"}) {
    INFO(id);
    CHECK(undecided(report, id) != "");
  }
  auto connection = saml_connection();
  connection.protocol.reset();
  CHECK(all_found(check_settings(connection, verified_domain, noon)) == ids{});
  connection.config->idp_sso_url.reset();
  CHECK(all_found(check_settings(connection, verified_domain, noon)) == ids{"settings.incomplete"});
}

TEST_CASE("check_settings leaves the host checks undecided without a URL whose host can be read") {
  auto connection = saml_connection();
  connection.config->idp_sso_url = "/sso";
  const auto report = check_settings(connection, verified_domain, noon);
  check_form(report);
  CHECK(all_found(report) == ids{"url.malformed"});
  CHECK(undecided(report, "url.not_https") == "explained by url.malformed");
  CHECK(undecided(report, "url.private_address") == "explained by url.malformed");

  auto oidc = oidc_connection();
  oidc.config->issuer = "https://accounts.example.com/{tenant}";
  oidc.config->discovery_url = "https://accounts.example.com/{tenant}/.well-known/openid-configuration";
  const auto placeholder = check_settings(oidc, verified_domain, noon);
  CHECK(all_found(placeholder) == ids{"issuer.template"});
  CHECK(undecided(placeholder, "url.not_https") == "explained by issuer.template");

  auto keycard = keycard_connection();
  keycard.protocols.reset();
  keycard.identifier = "https://user@idp.example.com";
  const auto malformed = check_settings(keycard, noon);
  CHECK(all_found(malformed) == ids{"issuer.malformed"});
  CHECK(undecided(malformed, "url.not_https") == "explained by issuer.malformed");
}

TEST_CASE("check_settings checks the domains of a connection") {
  const auto report_of = [](const std::vector<sso::truto::domain>& domains, bool enforced = true) {
    auto connection = saml_connection();
    connection.enforced = enforced;
    auto report = check_settings(connection, domains, noon);
    check_form(report);
    return report;
  };
  const ids locked{"settings.enforced_without_domain"};
  const ids pending{"settings.domain_pending"};
  CHECK(all_found(report_of({})) == locked);
  CHECK(all_found(report_of({domain("acme.example", false)})) == locked);
  CHECK(all_found(report_of({}, false)) == ids{});
  CHECK(all_found(report_of({domain("a.example", true), domain("b.example", false)})) == ids{});

  using std::chrono::hours;
  CHECK(all_found(report_of({domain("a.example", true), domain("b.example", false, hours{72})})) == ids{});
  CHECK(all_found(report_of({domain("a.example", true), domain("b.example", false, hours{73})})) == pending);
  CHECK(all_found(report_of({domain("a.example", true, hours{1000})})) == ids{});
  auto undated = domain("b.example", false);
  undated.created_at.reset();
  CHECK(undecided(report_of({domain("a.example", true), undated}), "settings.domain_pending") != "");

  const auto* open =
      GENERATE("gmail.com", "GMail.com", "outlook.com.", "yahoo.co.uk", "web.de", "qq.com", "proton.me");
  CHECK(all_found(report_of({domain(open, true)})) == ids{"settings.domain_public"});
  CHECK(all_found(report_of({domain("mygmail.com", true), domain("gmail.com.acme.example", true)})) == ids{});
}

TEST_CASE("check_settings finds private addresses in every notation") {
  const auto* host = GENERATE(
      "localhost", "LOCALHOST", "localhost.", "idp.localhost", "127.0.0.1", "127.0.0.1.", "127.1", "0x7f.1",
      "0177.0.0.1", "2130706433", "0x7f000001", "0", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.0.1",
      "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "[::1]", "[::]", "[::ffff:127.0.0.1]",
      "[::ffff:10.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fd00::1]", "[fe80::1]", "[ff02::1]");
  auto connection = saml_connection();
  connection.config->idp_sso_url = std::string{"https://"} + host + ":8443/sso";
  const auto report = check_settings(connection, verified_domain, noon);
  INFO(host << "\n" << report);
  CHECK(all_found(report) == ids{"url.private_address"});
}

TEST_CASE("check_settings reports a percent-encoded host as malformed") {
  auto connection = saml_connection();
  const auto* host = GENERATE("%31%32%37.0.0.1", "localho%73t", "idp%0d%0aHost:x", "a%2fb", "idp%00");
  connection.config->idp_sso_url = std::string{"https://"} + host + "/sso";
  CHECK(all_found(check_settings(connection, verified_domain, noon)) == ids{"url.malformed"});
}

TEST_CASE("check_settings does not report a public host as private") {
  const auto* host =
      GENERATE("idp.example.com", "8.8.8.8", "134744072", "[2606:4700:4700::1111]", "localhost.example.com",
               "notlocalhost", "docker-rp-1", "10.0.0.1.example.com", "1and1.com", "xn--bcher-kva.example");
  auto connection = saml_connection();
  connection.config->idp_sso_url = std::string{"https://"} + host + "/sso";
  const auto report = check_settings(connection, verified_domain, noon);
  INFO(host << "\n" << report);
  CHECK(all_found(report) == ids{});
}

TEST_CASE("check_settings does not print a password in a URL") {
  auto connection = saml_connection();
  connection.config->idp_sso_url =
      GENERATE("https://user:canary@idp.example.com/sso", "https://user:can ary@idp/",
               "https://a:canary@b:canary@idp.example.com/");
  const auto report = check_settings(connection, verified_domain, noon);
  CHECK(all_found(report) == ids{"url.malformed"});
  CHECK(to_json(report).find("canary") == std::string::npos);
  CHECK(to_json(report).find("can ary") == std::string::npos);
}
