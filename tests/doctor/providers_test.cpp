// SPDX-License-Identifier: BSL-1.0
#include "provider_documents.hpp"
#include "reports.hpp"

#include <sso/doctor.hpp>
#include <sso/testing/fake_transport.hpp>
#include <sso/testing/manual_runtime.hpp>
#include <sso/testing/run.hpp>

#include <boost/json/value_to.hpp>

namespace {

const std::string folder = std::string{SSO_TEST_DATA} + "/providers/";

struct published {
  std::string name;
  std::string issuer;
  std::string discovery_url;
  ids must;
  ids allowed;
  std::chrono::sys_seconds taken;
  std::string document;
  std::string keys;  // empty: no recorded keys
};

std::vector<published> all_published() {
  std::vector<published> out;
  const auto expected = boost::json::parse(read_file(folder + "expected.json"));
  for (const auto& member : expected.as_object()) {
    const auto& facts = member.value().as_object();
    published one;
    one.name = member.key();
    one.issuer = facts.at("issuer").as_string();
    one.discovery_url = facts.at("discovery_url").as_string();
    one.must = boost::json::value_to<ids>(facts.at("must"));
    one.allowed = boost::json::value_to<ids>(facts.at("allowed"));
    const std::string day{facts.at("taken").as_string()};
    one.taken = std::chrono::floor<std::chrono::seconds>(*sso::parse_timestamp(day + "T00:00:00Z"));
    one.document = read_file(folder + "documents/" + one.name + ".json");
    one.keys = read_file(folder + "keys/" + one.name + ".json");
    out.push_back(std::move(one));
  }
  return out;
}

void check_against(const published& one, const sso::doctor::report& report) {
  INFO(one.name << "\n" << report);
  check_form(report);
  const auto all = all_found(report);
  for (const auto& id : one.must) CHECK(std::find(all.begin(), all.end(), id) != all.end());
  auto allowed = one.allowed;
  allowed.insert(allowed.end(), one.must.begin(), one.must.end());
  for (const auto& id : found(report)) {
    INFO(id);
    CHECK(std::find(allowed.begin(), allowed.end(), id) != allowed.end());
  }
}

sso::testing::fake_transport web_of(const published& one) {
  sso::testing::fake_transport web;
  web.handle([one](const sso::http::request& request) {
    sso::http::response out;
    const auto url = to_string(request.origin) + request.target;
    const std::string jwks_uri{boost::json::parse(one.document).at("jwks_uri").as_string()};
    out.status = url == one.discovery_url || (url == jwks_uri && !one.keys.empty()) ? 200u : 404u;
    out.headers.add("Content-Type", "application/json; charset=utf-8");
    out.body = url == one.discovery_url ? one.document : url == jwks_uri ? one.keys : "";
    return out;
  });
  return web;
}

}  // namespace

TEST_CASE("examine reports the expected findings for published discovery documents") {
  const auto all = all_published();
  REQUIRE(all.size() == 23);
  for (const auto& one : all) {
    REQUIRE_FALSE(one.document.empty());
    sso::truto::sso_connection connection;
    connection.protocol = sso::truto::protocol::oidc;
    connection.is_active = true;
    connection.config.emplace();
    connection.config->issuer = one.issuer;
    connection.config->client_id = "client";
    connection.config->discovery_url = one.discovery_url;
    sso::testing::manual_runtime time;
    time.set_wall(one.taken);
    auto with_keys = one;
    if (one.keys.empty()) with_keys.allowed.push_back("keys.status");  // not recorded
    check_against(with_keys, sso::testing::run(sso::doctor::examine(connection, web_of(one),
                                                                    sso::doctor::options{}, time)));

    // Served at another URL than the issuer's, which is reported.
    if (one.name == "azure_b2c") continue;
    check_against(with_keys, sso::testing::run(sso::doctor::examine_issuer(one.issuer, web_of(one),
                                                                           sso::doctor::options{}, time)));
    sso::keycard::sso_connection other;
    other.identifier = one.issuer;
    other.client_id = "client";
    other.client_secret_set = true;
    check_against(with_keys,
                  sso::testing::run(sso::doctor::examine(other, web_of(one), sso::doctor::options{}, time)));
  }
}

TEST_CASE("check_discovery without a network reports the expected findings for published documents") {
  for (const auto& one : all_published()) {
    sso::doctor::expectation expected;
    expected.issuer = one.issuer;
    expected.discovery_url = one.discovery_url;
    auto report = sso::doctor::check_discovery(one.document, expected);
    check_form(report);
    auto without_urls = one;  // these depend on stored settings
    std::erase_if(without_urls.must, [](const std::string& id) { return id.starts_with("url."); });
    check_against(without_urls, report);
  }
}

TEST_CASE("check_keys finds usable keys and no serious fault in published key sets") {
  for (const auto& one : all_published()) {
    if (one.keys.empty()) continue;
    sso::doctor::expectation expected;
    expected.issuer = one.issuer;
    expected.now = one.taken;
    const auto report = sso::doctor::check_keys(one.keys, expected);
    INFO(one.name << "\n" << report);
    check_form(report);
    CHECK(passed(report, "keys.none_usable"));
    CHECK(passed(report, "keys.private"));
    CHECK(found(report) == (one.name == "yahoo" ? ids{"keys.weak"} : ids{}));
  }
}
