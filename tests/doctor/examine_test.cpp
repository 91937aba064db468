// SPDX-License-Identifier: BSL-1.0
#include "made_keys.hpp"
#include "provider_documents.hpp"
#include "reports.hpp"

#include <sso/doctor.hpp>
#include <sso/testing/fake_idp.hpp>
#include <sso/testing/fake_transport.hpp>
#include <sso/testing/manual_runtime.hpp>
#include <sso/testing/run.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/errc.hpp>

using sso::doctor::examine;
using sso::doctor::examine_issuer;
using sso::doctor::options;
using sso::doctor::severity;
using sso::testing::run;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

const std::string discovery_path = "/.well-known/openid-configuration";

/// A provider and a network in virtual time.
struct fixture {
  fixture() {
    time.set_wall(noon);
    web.handle(idp);
  }

  sso::testing::manual_runtime time;
  sso::testing::fake_idp idp{time};
  sso::testing::fake_transport web{time};

  sso::doctor::report examined(options how = {}) { return examined(idp.issuer(), how); }
  sso::doctor::report examined(const std::string& issuer, options how = {}) {
    return checked(run(examine_issuer(issuer, web, how, time)));
  }
  sso::doctor::report examined(const sso::keycard::sso_connection& connection, options how = {}) {
    return checked(run(examine(connection, web, how, time)));
  }
  sso::doctor::report examined(const sso::truto::sso_connection& connection, options how = {}) {
    return checked(run(examine(connection, web, how, time)));
  }

  static sso::doctor::report checked(sso::doctor::report r) {
    INFO(r);
    check_form(r);
    return r;
  }

  ids targets() const {
    ids out;
    for (const auto& request : web.requests()) out.push_back(to_string(request.origin) + request.target);
    return out;
  }
};

sso::keycard::sso_connection keycard_connection(const std::string& issuer) {
  sso::keycard::sso_connection out;
  out.client_id = "client";
  out.client_secret_set = true;
  out.identifier = issuer;
  return out;
}

sso::truto::sso_connection truto_connection(const std::string& issuer) {
  sso::truto::sso_connection out;
  out.protocol = sso::truto::protocol::oidc;
  out.is_active = true;
  out.enforced = false;
  out.config.emplace();
  out.config->issuer = issuer;
  out.config->client_id = "client";
  return out;
}

}  // namespace

TEST_CASE("examine_issuer finds nothing for a correct provider") {
  fixture w;
  const auto by_issuer = w.examined();
  CHECK(all_found(by_issuer) == ids{});
  CHECK(all_found(w.examined(keycard_connection(w.idp.issuer()))) == ids{});
  const auto report = w.examined(truto_connection(w.idp.issuer()), options{}.domains({}));
  CHECK(all_found(report) == ids{});
  for (const auto* id :
       {"discovery.unreachable", "discovery.address_refused", "discovery.not_found", "discovery.forbidden",
        "discovery.status", "discovery.redirected", "discovery.not_json", "discovery.content_type",
        "keys.unreachable", "keys.forbidden", "keys.status", "keys.not_json", "keys.none_usable",
        "clock.skew", "url.private_address"}) {
    INFO(id);
    CHECK(passed(report, id));
  }
  CHECK(undecided(report, "client.not_tested") != "");
}

TEST_CASE("examine_issuer sends minimal requests without credentials") {
  fixture w;
  w.idp.issuer("https://idp.example.com:8443/a/b/");
  w.examined();
  CHECK(w.targets() ==
        ids{"https://idp.example.com:8443/a/b" + discovery_path, "https://idp.example.com:8443/a/b/keys"});
  for (const auto& request : w.web.requests()) {
    CHECK(request.method == sso::http::method::get);
    CHECK(request.body.empty());
    CHECK(request.replayable);
    CHECK(request.headers.size() == 3);
    CHECK(request.headers.get("Accept") == "application/json");
    CHECK(request.headers.contains("Cache-Control"));
    CHECK(request.headers.contains("User-Agent"));
  }
  CHECK(w.web.requests()[0].operation == "doctor.discovery");
  CHECK(w.web.requests()[1].operation == "doctor.keys");
  for (const auto& limits : w.web.limits()) {
    CHECK(limits.body_bytes == 1024 * 1024);
    CHECK(limits.timeout <= 15s);
  }
}

TEST_CASE("examine_issuer reports each fault of a provider under its own id") {
  const auto* id = GENERATE(
      "issuer.template", "discovery.not_found", "discovery.forbidden", "discovery.status",
      "discovery.redirected", "discovery.not_json", "discovery.content_type", "discovery.issuer_mismatch",
      "discovery.member_missing", "discovery.endpoint_malformed", "discovery.endpoint_elsewhere",
      "discovery.no_code_flow", "discovery.no_pkce", "discovery.algorithms", "discovery.scopes",
      "discovery.auth_methods", "discovery.requires_par", "keys.forbidden", "keys.status", "keys.not_json",
      "keys.none", "keys.none_usable", "keys.weak", "keys.private", "keys.id_missing", "keys.id_repeated",
      "keys.certificate_mismatch", "clock.skew");
  fixture w;
  w.idp.fault(id);
  const auto report = w.examined();
  INFO(report);
  CHECK(all_found(report) == ids{id});
  CHECK(all_found(w.examined(keycard_connection(w.idp.issuer()))) == ids{id});
  CHECK(all_found(w.examined(truto_connection(w.idp.issuer()))) == ids{id});
  CHECK_FALSE(passed(report, id));
}

TEST_CASE("fake_idp rejects a fault that a provider cannot have") {
  CHECK_THROWS_AS(sso::testing::fake_idp{}.fault("settings.inactive"), std::invalid_argument);
  CHECK_THROWS_AS(sso::testing::fake_idp{}.fault("keys.unreachable"), std::invalid_argument);
  CHECK_THROWS_AS(sso::testing::fake_idp{}.member("issuer", "no JSON"), std::invalid_argument);
}

TEST_CASE("examine_issuer classifies the response to the discovery request") {
  struct row {
    unsigned status;
    const char* id;
    severity level;
  };
  const auto one = GENERATE(
      row{404, "discovery.not_found", severity::critical},
      row{410, "discovery.not_found", severity::critical},
      row{401, "discovery.forbidden", severity::critical},
      row{403, "discovery.forbidden", severity::critical}, row{301, "discovery.redirected", severity::error},
      row{302, "discovery.redirected", severity::error}, row{303, "discovery.redirected", severity::error},
      row{307, "discovery.redirected", severity::error}, row{308, "discovery.redirected", severity::error},
      row{204, "discovery.status", severity::error}, row{206, "discovery.status", severity::error},
      row{304, "discovery.status", severity::error}, row{400, "discovery.status", severity::error},
      row{429, "discovery.status", severity::error}, row{500, "discovery.status", severity::error},
      row{503, "discovery.status", severity::error});
  fixture w;
  w.idp.discovery_answer(one.status,
                         {{"Location", "https://user:canary@login.example.com/next?token=canary#canary"}});
  const auto report = w.examined();
  INFO(report);
  CHECK(all_found(report) == ids{one.id});
  CHECK(the(report, one.id).severity == one.level);
  CHECK(the(report, one.id).actual.starts_with(std::to_string(one.status)));
  CHECK(the(report, one.id).subject == "https://idp.example.com" + discovery_path);
  CHECK(to_json(report).find("canary") == std::string::npos);
  for (const auto* id : {"discovery.not_json", "discovery.issuer_mismatch", "discovery.content_type",
                         "keys.none", "keys.status"}) {
    INFO(id);
    CHECK(undecided(report, id) != "");
  }
}

TEST_CASE("examine_issuer reports a redirect and does not follow it") {
  fixture w;
  const auto* target =
      GENERATE("https://login.example.com/x", "http://169.254.169.254/latest/meta-data", "/other");
  w.idp.discovery_answer(302, {{"Location", target}});
  const auto report = w.examined();
  CHECK(the(report, "discovery.redirected").actual == std::string{"302 to "} + target);
  CHECK(w.targets() == ids{"https://idp.example.com" + discovery_path});
}

TEST_CASE("examine_issuer requests the RFC 8414 URLs after a 404 response") {
  fixture w;
  w.idp.issuer("https://idp.example.com/tenant").fault("discovery.not_found");
  SECTION("neither URL is found") {
    const auto report = w.examined();
    CHECK(the(report, "discovery.not_found")
              .advice.find("no document at the RFC 8414 form of the URL either") != std::string::npos);
    auto asked = w.targets();
    std::sort(asked.begin(), asked.end());
    CHECK(asked == ids{"https://idp.example.com/.well-known/oauth-authorization-server/tenant",
                       "https://idp.example.com/.well-known/openid-configuration/tenant",
                       "https://idp.example.com/tenant/.well-known/openid-configuration"});
  }
  SECTION("one URL is found") {
    const auto* place = GENERATE("/.well-known/oauth-authorization-server/tenant",
                                 "/.well-known/openid-configuration/tenant");
    w.web.handle([idp = w.idp, place](const sso::http::request& request) {
      if (request.target == place) return sso::http::response{200, {}, "{}"};
      return idp(request);
    });
    const auto report = w.examined();
    CHECK(all_found(report) == ids{"discovery.not_found"});
    CHECK(the(report, "discovery.not_found")
              .advice.find(std::string{"There is a document at the RFC 8414 form of the URL, "} +
                           "https://idp.example.com" + place) != std::string::npos);
  }
}

TEST_CASE("examine_issuer reports why a document cannot be fetched") {
  fixture w;
  using sso::errc;
  SECTION("a network failure") {
    w.web.fail(sso::error{errc::connect_failed, sso::outcome::not_sent, "connect to idp.example.com:443",
                          make_error_code(boost::system::errc::connection_refused)});
    const auto report = w.examined();
    CHECK(all_found(report) == ids{"discovery.unreachable"});
    CHECK(the(report, "discovery.unreachable").severity == severity::critical);
    CHECK(the(report, "discovery.unreachable").actual.find("connect to idp.example.com:443") !=
          std::string::npos);
    CHECK(the(report, "discovery.unreachable").actual.find("refused") != std::string::npos);
  }
  SECTION("a refused address") {
    w.web.fail(sso::error{errc::connect_failed, sso::outcome::not_sent, "allow_address refuses 10.0.0.1",
                          make_error_code(boost::system::errc::permission_denied)});
    const auto report = w.examined();
    CHECK(all_found(report) == ids{"discovery.address_refused"});
    CHECK(the(report, "discovery.address_refused").actual.find("10.0.0.1") != std::string::npos);
  }
  SECTION("a refused address in the URL is one finding") {
    w.idp.issuer("https://10.0.0.1");
    CHECK(all_found(w.examined()) == ids{"url.private_address"});
    w.web.fail(sso::error{errc::connect_failed, sso::outcome::not_sent, "allow_address refuses 10.0.0.1",
                          make_error_code(boost::system::errc::permission_denied)});
    CHECK(all_found(w.examined()) == ids{"discovery.address_refused"});
  }
  SECTION("a response that is too large") {
    w.idp.document(std::string(1024 * 1024 + 1, ' '));
    const auto report = w.examined();
    CHECK(all_found(report) == ids{"discovery.not_json"});
    CHECK(the(report, "discovery.not_json").severity == severity::critical);
  }
  SECTION("a transport that throws") {
    w.web.step(
        [](const sso::http::request&) -> sso::http::response { throw std::runtime_error{"out of order"}; });
    const auto report = w.examined();
    CHECK(all_found(report) == ids{"discovery.unreachable"});
    CHECK(the(report, "discovery.unreachable").actual.find("out of order") != std::string::npos);
  }
  SECTION("an HTML page instead of the document") {
    w.idp.document("\r\n<!doctype html><title>Sign in</title>")
        .discovery_answer(200, {{"Content-Type", "text/html"}});
    const auto report = w.examined();
    CHECK(all_found(report) == ids{"discovery.not_json"});
    CHECK(the(report, "discovery.not_json").actual.find("HTML page") != std::string::npos);
    CHECK(the(report, "discovery.not_json").advice.find("login page") != std::string::npos);
  }
  SECTION("a server that is unreachable for document and stored keys is one finding") {
    auto connection = keycard_connection(w.idp.issuer());
    connection.protocols.emplace();
    connection.protocols->oauth2.emplace();
    connection.protocols->oauth2->jwks_uri = "https://idp.example.com/keys";
    const sso::error refused{errc::connect_failed, sso::outcome::not_sent, "connect",
                             make_error_code(boost::system::errc::connection_refused)};
    w.web.fail(refused).fail(refused);
    const auto report = w.examined(connection);
    CHECK(all_found(report) == ids{"discovery.unreachable"});
    CHECK(undecided(report, "keys.unreachable") == "explained by discovery.unreachable");

    connection.protocols->oauth2->jwks_uri = "https://keys.example.com/keys";
    w.web.fail(refused).fail(refused);
    CHECK(all_found(w.examined(connection)) == ids{"discovery.unreachable", "keys.unreachable"});
  }
  SECTION("a stored jwks_uri that is not https is not fetched") {
    auto connection = keycard_connection(w.idp.issuer());
    connection.protocols.emplace();
    connection.protocols->oauth2.emplace();
    connection.protocols->oauth2->jwks_uri = "http://idp.example.com/keys";
    w.idp.fault("discovery.forbidden");
    CHECK(all_found(w.examined(connection)) == ids{"discovery.forbidden", "url.not_https"});
    CHECK(w.web.request_count() == 1);
  }
  SECTION("plain http refused for the document and for stored keys of another host is one finding") {
    auto connection = keycard_connection("http://idp.example.com");
    connection.protocols.emplace();
    connection.protocols->oauth2.emplace();
    connection.protocols->oauth2->jwks_uri = "http://keys.example.com/keys";
    w.web.fail(errc::invalid_argument, sso::outcome::not_sent, "http goes to loopback only")
        .fail(errc::invalid_argument, sso::outcome::not_sent, "http goes to loopback only");
    CHECK(all_found(w.examined(connection)) == ids{"url.not_https"});
  }
  SECTION("plain http refused by the transport is one finding") {
    w.web.fail(errc::invalid_argument, sso::outcome::not_sent, "http goes to loopback only");
    CHECK(all_found(w.examined("http://idp.example.com")) == ids{"url.not_https"});
  }
}

TEST_CASE("examine_issuer classifies the response to the key set request") {
  fixture w;
  SECTION("statuses") {
    const auto one = GENERATE(std::pair{401u, "keys.forbidden"}, std::pair{403u, "keys.forbidden"},
                              std::pair{404u, "keys.status"}, std::pair{410u, "keys.status"},
                              std::pair{429u, "keys.status"}, std::pair{500u, "keys.status"},
                              std::pair{204u, "keys.status"});
    w.idp.keys_answer(one.first);
    const auto report = w.examined();
    CHECK(all_found(report) == ids{one.second});
    CHECK(the(report, one.second).severity ==
          (one.first == 401 || one.first == 403 ? severity::critical : severity::error));
    CHECK(undecided(report, "keys.none") != "");
  }
  SECTION("a redirect") {
    w.idp.keys_answer(302, {{"Location", "https://keys.example.com/x?y"}});
    const auto report = w.examined();
    CHECK(all_found(report) == ids{"keys.status"});
    CHECK(the(report, "keys.status").severity == severity::warning);
    CHECK(the(report, "keys.status").actual == "302 to https://keys.example.com/x");
    CHECK(w.web.request_count() == 2);
  }
  SECTION("failures") {
    w.web.step(w.idp);
    w.web.fail(sso::errc::tls_failed, sso::outcome::not_sent, "certificate verify failed");
    const auto report = w.examined();
    CHECK(all_found(report) == ids{"keys.unreachable"});
    CHECK(the(report, "keys.unreachable").actual.find("certificate verify failed") != std::string::npos);
  }
  SECTION("a response that is too large") {
    w.idp.keys(std::string(1024 * 1024 + 1, ' '));
    CHECK(all_found(w.examined()) == ids{"keys.not_json"});
  }
  SECTION("no JSON with any content type") {
    w.idp.keys("<html>").keys_answer(200, {{"Content-Type", "text/html"}});
    const auto report = w.examined();
    CHECK(all_found(report) == ids{"keys.not_json"});
    CHECK(the(report, "keys.not_json").actual.find("HTML page") != std::string::npos);
  }
}

TEST_CASE("examine_issuer sends no request for a malformed issuer") {
  fixture w;
  const auto* issuer =
      GENERATE("", "x", "urn:x", "https://user:word@idp.example.com", "https://idp.example.com#f",
               "https://idp.example.com?q", "https://idp.example.com/{tenant}",
               "https://idp.example.com/%7Btenant%7D", " https://idp.example.com", "ftp://idp.example.com",
               "https://idp.example.com\r\nHost: x", "file:///etc/passwd", "gopher://idp.example.com/");
  const auto report = w.examined(issuer);
  INFO(report);
  CHECK(w.web.request_count() == 0);
  for (const auto* id : {"discovery.unreachable", "discovery.not_json", "discovery.issuer_mismatch",
                         "keys.unreachable", "keys.none", "clock.skew"}) {
    CHECK(undecided(report, id) != "");
  }
}

TEST_CASE("examine_issuer reports an empty or blank issuer as critical") {
  fixture w;
  const auto* issuer = GENERATE("", "  ", "\t\r\n");
  const auto report = w.examined(issuer);
  CHECK(all_found(report) == ids{"settings.incomplete"});
  CHECK(the(report, "settings.incomplete").severity == severity::critical);
  CHECK_FALSE(report.ok());
  CHECK(w.web.request_count() == 0);
}

TEST_CASE("examine_issuer connects to a loopback host in the notation that transports know") {
  fixture w;
  const auto [written, connected] =
      GENERATE(std::pair{"127.1", "127.0.0.1"}, std::pair{"2130706433", "127.0.0.1"},
               std::pair{"0x7f000001", "127.0.0.1"}, std::pair{"127.0.0.1.", "127.0.0.1"},
               std::pair{"localhost.", "localhost"}, std::pair{"idp.localhost.", "idp.localhost"});
  w.idp.issuer(std::string{"http://"} + written + ":8080/tenant");
  CHECK(all_found(w.examined(options{}.allow_private())) == ids{});
  REQUIRE(w.web.request_count() == 2);
  for (const auto& request : w.web.requests()) {
    CHECK(request.origin == sso::http::origin{"http", connected, 8080});
    CHECK(sso::http::is_loopback(request.origin));
  }
}

TEST_CASE("examine_issuer connects to any other host as it is written") {
  fixture w;
  w.idp.issuer("https://idp.example.com.");
  w.examined();
  CHECK(w.web.requests()[0].origin.host == "idp.example.com.");
}

TEST_CASE("examine_issuer fetches the document of an issuer that is stored as its discovery URL") {
  fixture w;
  const auto report = w.examined(w.idp.issuer() + discovery_path);
  CHECK(all_found(report) == ids{"issuer.is_discovery_url"});
  CHECK(w.targets() == ids{"https://idp.example.com" + discovery_path, "https://idp.example.com/keys"});
}

TEST_CASE("examine_issuer does not fetch keys from an invalid jwks_uri") {
  fixture w;
  SECTION("no jwks_uri") {
    w.idp.without("jwks_uri");
    CHECK(all_found(w.examined()) == ids{"discovery.member_missing"});
  }
  SECTION("a malformed jwks_uri") {
    w.idp.member("jwks_uri", GENERATE("\"keys\"", "\"http://idp.example.com/keys\"",
                                      "\"https://u:p@idp.example.com/keys\"", "\"ftp://idp.example.com/\"",
                                      "\"https://idp.example.com/keys#a\""));
    const auto report = w.examined();
    CHECK(all_found(report) == ids{"discovery.endpoint_malformed"});
    CHECK(undecided(report, "keys.none") == "explained by discovery.endpoint_malformed");
  }
  CHECK(w.web.request_count() == 1);
}

TEST_CASE("examine uses the stored discovery URL") {
  fixture w;
  auto connection = truto_connection(w.idp.issuer());
  connection.config->discovery_url = "https://other.example.com" + discovery_path + "?p=policy";
  const auto report = w.examined(connection);
  CHECK(all_found(report) == ids{"discovery.url_of_other_issuer"});
  CHECK(the(report, "discovery.url_of_other_issuer").severity == severity::info);
  CHECK(w.targets()[0] == "https://other.example.com" + discovery_path + "?p=policy");
}

TEST_CASE("examine takes a blank discovery URL as not stored") {
  fixture w;
  auto connection = truto_connection(w.idp.issuer());
  connection.config->discovery_url = GENERATE("", "  ");
  CHECK(all_found(w.examined(connection)) == ids{});
  CHECK(w.web.request_count() == 2);
}

TEST_CASE("examine fetches nothing for SAML and unknown protocols") {
  fixture w;
  sso::truto::sso_connection connection;
  connection.protocol = sso::truto::protocol::saml;
  connection.is_active = true;
  connection.enforced = false;
  connection.config.emplace();
  connection.config->idp_entity_id = "urn:idp";
  connection.config->idp_sso_url = "https://idp.example.com/sso";
  connection.config->sign_authn_requests = true;
  connection.config->idp_x509_cert = make_test_certificate().pem();
  SECTION("a correct SAML connection") {
    CHECK(all_found(w.examined(connection)) == ids{});
    CHECK(passed(w.examined(connection), "certificate.expired"));
  }
  SECTION("the certificate is checked") {
    certificate_recipe recipe;
    recipe.until = noon - std::chrono::days{1};
    connection.config->idp_x509_cert = make_test_certificate(recipe).pem();
    CHECK(all_found(w.examined(connection)) == ids{"certificate.expired"});
    connection.config->idp_x509_cert = "idp.pem";
    const auto report = w.examined(connection);
    CHECK(all_found(report) == ids{"certificate.other_thing"});
    CHECK(the(report, "certificate.other_thing").subject == "config.idp_x509_cert");
  }
  SECTION("a missing certificate is one finding") {
    connection.config->idp_x509_cert =
        GENERATE(std::optional<std::string>{}, std::optional<std::string>{" \n"});
    const auto report = w.examined(connection);
    CHECK(all_found(report) == ids{"settings.incomplete"});
    CHECK(undecided(report, "certificate.expired") != "");
  }
  SECTION("an unknown protocol") {
    connection.protocol = "ldap";
    CHECK(all_found(w.examined(connection)) == ids{"settings.protocol_unknown"});
  }
  CHECK(w.web.request_count() == 0);
}

TEST_CASE("examine fetches the stored jwks_uri concurrently with the document") {
  fixture w;
  auto connection = keycard_connection(w.idp.issuer());
  connection.protocols.emplace();
  connection.protocols->oauth2.emplace();
  connection.protocols->oauth2->jwks_uri = "https://idp.example.com/keys";
  w.web.latency(10s);
  SECTION("the document has the same jwks_uri: the key set is used") {
    const auto begin = w.time.now();
    CHECK(all_found(w.examined(connection)) == ids{});
    CHECK(w.time.now() - begin == 10s);
    CHECK(w.web.request_count() == 2);
  }
  SECTION("the document has another jwks_uri: the key set is fetched again") {
    w.web.latency(1s);
    connection.protocols->oauth2->jwks_uri = "https://idp.example.com/old";
    CHECK(all_found(w.examined(connection)) == ids{"discovery.stale_copy"});
    CHECK(w.web.request_count() == 3);
  }
  SECTION("there is no document: the key set is used") {
    w.idp.fault("discovery.status");
    const auto report = w.examined(connection);
    CHECK(all_found(report) == ids{"discovery.status"});
    CHECK(passed(report, "keys.none_usable"));
  }
}

TEST_CASE("the timeout covers all requests of an examination") {
  fixture w;
  const auto begin = w.time.now();
  SECTION("a server that never responds") {
    w.web.stall();
    const auto report = w.examined();
    CHECK(all_found(report) == ids{"discovery.unreachable"});
    CHECK(undecided(report, "keys.none") != "");
    CHECK(w.time.now() - begin == 15s);
  }
  SECTION("the key set request gets the remaining time") {
    w.web.step(w.idp).after(4s);
    w.web.stall();
    const auto report = w.examined(options{}.timeout(6s));
    CHECK(all_found(report) == ids{"keys.unreachable"});
    CHECK(w.time.now() - begin == 6s);
    CHECK(w.web.limits()[1].timeout == 2s);
  }
  SECTION("a timeout of zero or less") {
    const auto report = w.examined(options{}.timeout(GENERATE(0s, -1s)));
    CHECK(w.web.request_count() == 0);
    CHECK(all_found(report) == ids{});
    CHECK(undecided(report, "discovery.unreachable") != "");
  }
  SECTION("an unlimited timeout") {
    CHECK(all_found(w.examined(options{}.timeout(std::chrono::hours::max()))) == ids{});
  }
}

TEST_CASE("examine_issuer compares the clock of the provider with the local clock") {
  struct row {
    std::chrono::seconds ahead;
    std::chrono::seconds age;
    std::optional<severity> expected;
  };
  const auto one =
      GENERATE(row{0s, 0s, {}}, row{60s, 0s, {}}, row{-60s, 0s, {}}, row{61s, 0s, severity::warning},
               row{-61s, 0s, severity::warning}, row{300s, 0s, severity::warning},
               row{301s, 0s, severity::error}, row{-301s, 0s, severity::error}, row{0s, 86'400s, {}},
               row{61s, 10s, severity::warning}, row{3600s, 10s, severity::warning});
  fixture w;
  w.idp.clock_ahead(one.ahead).age(one.age);
  const auto report = w.examined();
  INFO(report);
  CHECK(all_found(report) == (one.expected ? ids{"clock.skew"} : ids{}));
  if (one.expected) {
    CHECK(the(report, "clock.skew").severity == *one.expected);
    const auto side = one.ahead > 0s ? " s ahead" : " s behind";
    CHECK(the(report, "clock.skew").actual.find(std::to_string(std::abs(one.ahead.count())) + side) !=
          std::string::npos);
  }
}

TEST_CASE("examine_issuer takes an Age too large to read as a large one") {
  fixture w;
  const sso::http::headers fields{{"Date", "Sun, 01 Mar 2026 08:00:00 GMT"}, {"Age", std::string(30, '9')}};
  w.idp.discovery_answer(200, fields).keys_answer(200, fields);
  const auto report = w.examined();
  CHECK(all_found(report) == ids{"clock.skew"});
  CHECK(the(report, "clock.skew").severity == severity::warning);
}

TEST_CASE("examine_issuer leaves the clock check undecided without a valid Date field") {
  fixture w;
  const auto* date = GENERATE("", "yesterday");
  const sso::http::headers fields{{"Date", date}};
  w.idp.discovery_answer(200, fields).keys_answer(200, fields);
  CHECK(undecided(w.examined(), "clock.skew") != "");
}

TEST_CASE("examine_issuer subtracts half of the exchange time from the clock difference") {
  fixture w;
  w.web.latency(7s);
  w.idp.clock_ahead(-63s);  // includes 3 s of the response
  CHECK(all_found(w.examined(options{}.timeout(60s))) == ids{});
}

TEST_CASE("a missing client secret is judged by the supported authentication methods") {
  fixture w;
  auto connection = keycard_connection(w.idp.issuer());
  connection.client_secret_set = false;
  auto report = w.examined(connection);
  CHECK(all_found(report) == ids{"settings.secret_missing"});
  CHECK(the(report, "settings.secret_missing").severity == severity::error);
  w.idp.member("token_endpoint_auth_methods_supported",
               R"(["client_secret_basic","client_secret_post","none"])");
  report = w.examined(connection);
  CHECK(all_found(report) == ids{"settings.secret_missing"});
  CHECK(the(report, "settings.secret_missing").severity == severity::warning);
}

TEST_CASE("examine_issuer accepts a private address if allow_private is set") {
  fixture w;
  w.idp.issuer("https://10.0.0.1/tenant");
  CHECK(all_found(w.examined()) == ids{"url.private_address"});
  const auto report = w.examined(options{}.allow_private());
  CHECK(all_found(report) == ids{});
  CHECK_FALSE(passed(report, "url.private_address"));
}

TEST_CASE("a cancelled examination reports the remaining checks as undecided") {
  const auto type = GENERATE(asio::cancellation_type::terminal, asio::cancellation_type::partial,
                             asio::cancellation_type::total);
  const bool both_at_once = GENERATE(false, true);
  sso::testing::fake_idp idp;
  sso::testing::fake_transport web;  // real time: a stall lasts until it is cancelled
  web.stall().stall();
  auto connection = keycard_connection(idp.issuer());
  if (both_at_once) {
    connection.protocols.emplace();
    connection.protocols->oauth2.emplace();
    connection.protocols->oauth2->jwks_uri = "https://idp.example.com/keys";
  }
  asio::io_context io;
  asio::cancellation_signal signal;
  std::optional<sso::doctor::report> got;
  const auto body = [&]() -> asio::awaitable<void> {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    co_await asio::this_coro::throw_if_cancelled(false);
    got = co_await examine(connection, web, options{}.timeout(std::chrono::hours{1}));
  };
  asio::co_spawn(io, body(), asio::bind_cancellation_slot(signal.slot(), asio::detached));
  while (web.request_count() != (both_at_once ? 2u : 1u)) io.run_one();
  io.poll();
  CHECK_FALSE(got);
  signal.emit(type);
  io.run();
  REQUIRE(got);
  check_form(*got);
  CHECK(all_found(*got) == ids{});
  CHECK(undecided(*got, "discovery.unreachable") == "cancelled");
  CHECK(undecided(*got, "keys.unreachable") == "cancelled");
  CHECK(passed(*got, "settings.incomplete"));
}

TEST_CASE("an examination cancelled before it starts sends no request") {
  sso::testing::fake_transport web;
  asio::io_context io;
  asio::cancellation_signal signal;
  std::optional<sso::doctor::report> got;
  const auto body = [&]() -> asio::awaitable<void> {
    co_await asio::this_coro::throw_if_cancelled(false);
    signal.emit(asio::cancellation_type::terminal);
    got = co_await examine_issuer("https://idp.example.com", web);
  };
  asio::co_spawn(io, body(), asio::bind_cancellation_slot(signal.slot(), asio::detached));
  io.run();
  REQUIRE(got);
  CHECK(undecided(*got, "discovery.unreachable") == "cancelled");
  CHECK(web.request_count() == 0);
}

TEST_CASE("an examination with cancellation disabled is not cancelled") {
  fixture w;
  asio::io_context io;
  asio::cancellation_signal signal;
  std::optional<sso::doctor::report> got;
  const auto body = [&]() -> asio::awaitable<void> {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    got = co_await examine_issuer("https://idp.example.com", w.web, options{}, w.time);
  };
  asio::co_spawn(io, body(), asio::bind_cancellation_slot(signal.slot(), asio::detached));
  io.run_one();
  signal.emit(asio::cancellation_type::terminal);
  io.run();
  REQUIRE(got);
  CHECK(all_found(*got) == ids{});
  CHECK(w.web.request_count() == 2);
}

TEST_CASE("examine functions copy their arguments") {
  fixture w;
  auto later = [&] {
    const std::string issuer = w.idp.issuer();
    return examine_issuer(issuer, w.web, options{}, w.time);
  }();
  CHECK(all_found(run(std::move(later))) == ids{});
  auto of_connection = [&] {
    const auto connection = keycard_connection(w.idp.issuer());
    return examine(connection, w.web, options{}, w.time);
  }();
  CHECK(all_found(run(std::move(of_connection))) == ids{});
}

TEST_CASE("examine_issuer returns a report for any response of a provider") {
  fixture w;
  const auto good = w.idp.document();
  const auto keys = w.idp.keys();
  for (std::size_t at = 0; at < good.size(); at += 3) {
    for (const char c : {'\0', '"', '{', '\xff'}) {
      auto broken = good;
      broken[at] = c;
      w.idp.document(broken);
      w.examined();
    }
  }
  w.idp.document(good);
  for (std::size_t at = 0; at < keys.size(); at += 3) {
    auto broken = keys;
    broken[at] = static_cast<char>(broken[at] ^ 1);
    w.idp.keys(broken);
    w.examined();
  }
}
