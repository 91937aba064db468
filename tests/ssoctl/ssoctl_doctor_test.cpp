// SPDX-License-Identifier: BSL-1.0
#include "ssoctl_fixture.hpp"

#include <algorithm>
#include <csignal>
#include <sstream>

namespace {

std::vector<std::string> ids_of(const boost::json::value& report) {
  std::vector<std::string> out;
  for (const auto& found : report.at("findings").as_array()) out.push_back(text(found.at("id")));
  return out;
}

/// The length of the longest line that could be wrapped.
std::size_t widest_breakable(const std::string& text) {
  std::istringstream lines{text};
  std::size_t widest = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto last_word = line.size() - line.rfind(' ');
    if (last_word + 20 < line.size()) widest = std::max(widest, line.size());
  }
  return widest;
}

}  // namespace

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl doctor finds nothing for a correct provider", "[ssoctl]") {
  const auto told = run({"doctor", issuer, "--allow-private"});
  CHECK(told.status == 0);
  CHECK(told.err.empty());
  CHECK(has(told.out, "client.not_tested"));
  CHECK(has(told.out, " passed, "));
  CHECK_FALSE(has(told.out, "error"));
  CHECK(json({"doctor", issuer, "--allow-private"}).at("ok") == true);
  CHECK(run({"doctor", issuer, "--allow-private", "--quiet"}).out.empty());
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl doctor prints findings by descending severity with advice",
                 "[ssoctl]") {
  idp.fault("discovery.issuer_mismatch").fault("discovery.requires_par").fault("keys.id_missing");
  const auto told = run({"doctor", issuer, "--allow-private"});
  CHECK(told.status == 10);
  CHECK(told.err.empty());
  CHECK(told.out.starts_with(
      "critical  discovery.issuer_mismatch\n          The document's issuer is not the stored issuer"));
  CHECK(has(told.out, "\n          advice    If this is the right provider, store the document's issuer"));
  CHECK(has(told.out, "\n          source    OIDC Discovery 4.3\n"));
  CHECK(told.out.find("discovery.issuer_mismatch") < told.out.find("\nwarning   discovery.requires_par\n"));
  CHECK(has(told.out, "\n1 critical, 2 warnings, "));
  CHECK(widest_breakable(told.out) <= 80);

  const auto machine = run({"doctor", issuer, "--allow-private", "--json"});
  CHECK(machine.status == 10);
  const auto report = boost::json::parse(machine.out);
  CHECK(report.at("ok") == false);
  CHECK(report.at("worst") == "critical");
  CHECK(ids_of(report).front() == "discovery.issuer_mismatch");
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl doctor connects to private addresses only with --allow-private",
                 "[ssoctl]") {
  const auto refused = run({"doctor", issuer, "--json"});
  CHECK(refused.status == 10);
  CHECK(ids_of(boost::json::parse(refused.out)) == std::vector<std::string>{"discovery.address_refused"});
  CHECK(server.connections() == 0);
  CHECK(run({"doctor", issuer, "--allow-private"}).status == 0);
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl doctor trusts only the system authorities by default", "[ssoctl]") {
  const auto told = run_program({ssoctl_program, {"doctor", issuer, "--allow-private", "--json"}, {}, {}});
  CHECK(told.status == 10);
  CHECK(ids_of(boost::json::parse(told.out)) == std::vector<std::string>{"discovery.unreachable"});
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl keycard doctor examines the stored connection", "[ssoctl]") {
  keycard.add_connection("acme", "portal", issuer);
  json({"keycard", "update", "acme", "--client-secret-stdin"}, "a secret");
  CHECK(run({"keycard", "doctor", "acme", "--allow-private"}).status == 0);

  idp.fault("keys.private");
  const auto told = run({"keycard", "doctor", "acme", "--allow-private"});
  CHECK(told.status == 10);
  CHECK(told.out.starts_with("critical  keys.private\n"));
  CHECK(run({"keycard", "doctor", "globex", "--allow-private"}).status == 4);
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl truto doctor examines the connection and its domains", "[ssoctl]") {
  json({"truto", "update", id, "--config-issuer", issuer, "--config-discovery-url",
        issuer + "/.well-known/openid-configuration"});
  const auto good = run({"truto", "doctor", id, "--allow-private"});
  CAPTURE(good.out);
  CHECK(good.status == 0);

  json({"truto", "update", id, "--enforced", "true"});
  json({"truto", "add-domain", id, "acme.example"});
  const auto told = run({"truto", "doctor", id, "--allow-private"});
  CHECK(told.status == 10);
  CHECK(told.out.starts_with("critical  settings.enforced_without_domain\n"));
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl doctor handles timeout and interruption and dry run", "[ssoctl]") {
  SECTION("a provider that does not respond in time is a finding") {
    hold.close();
    const auto told = run({"doctor", issuer, "--allow-private", "--timeout", "300ms", "--json"});
    CHECK(told.status == 10);
    CHECK(ids_of(boost::json::parse(told.out)) == std::vector<std::string>{"discovery.unreachable"});
  }
  SECTION("an interrupted examination prints no report") {
    hold.close();
    child running{start({"doctor", issuer, "--allow-private"})};
    hold.await_arrival();
    running.signal(SIGINT);
    const auto ended = running.wait();
    CHECK(ended.status == 130);
    CHECK(ended.out.empty());
    CHECK(has(ended.err, "cancelled"));
  }
  SECTION("a dry run shows the first request") {
    CHECK(text(json({"doctor", issuer, "--dry-run"}).at("url")) ==
          issuer + "/.well-known/openid-configuration");
    CHECK(server.connections() == 0);
  }
}

TEST_CASE_METHOD(ssoctl_fixture,
                 "ssoctl doctor redacts a secret in values of a report and not in finding ids", "[ssoctl]") {
  environment["KEYCARD_API_CLIENT_SECRET"] = "issuer";
  keycard.add_client("id", "issuer")
      .add_connection("acme", "portal", issuer + "/issuer/.well-known/openid-configuration");
  const auto told = run({"keycard", "doctor", "acme", "--allow-private"});
  CHECK(told.status == 10);
  CHECK(has(told.out, "issuer.is_discovery_url\n"));
  CHECK(has(told.out, "/[redacted]"));
  CHECK_FALSE(has(told.out, "/issuer"));
}
