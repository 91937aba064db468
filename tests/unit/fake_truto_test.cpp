// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/testing/fake_transport.hpp>
#include <sso/testing/fake_truto.hpp>
#include <sso/testing/run.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
namespace http = sso::http;
namespace json = boost::json;
using http::method;
using sso::testing::fake_truto;
using sso::testing::manual_runtime;

static_assert(sso::testing::request_handler<fake_truto>);

namespace {

const std::string connection = "/sso-connection/1ba1f401-7183-47c5-9e39-e8e257e3c795";

http::request make(method verb, std::string target, std::string body = {}) {
  http::request request;
  request.method = verb;
  request.origin.host = "api.example.com";
  request.target = std::move(target);
  request.headers.set("Authorization", "Bearer token");
  if (!body.empty()) request.headers.set("Content-Type", "application/json");
  request.body = std::move(body);
  return request;
}

json::value parsed(const http::response& response) {
  return json::parse(response.body);
}

std::string text(const json::value& body, std::string_view name) {
  return std::string{body.at(name).as_string()};
}

struct caller {
  explicit caller(fake_truto service) : truto{std::move(service)} { truto.accept_token("token"); }

  http::response operator()(method verb, std::string target, std::string body = {}) const {
    return truto(make(verb, std::move(target), std::move(body)));
  }

  /// The response of a call that must succeed.
  json::value good(method verb, std::string target, std::string body = {}) const {
    const auto response = (*this)(verb, std::move(target), std::move(body));
    REQUIRE(response.status / 100 == 2);
    return parsed(response);
  }

  std::string failure(method verb, std::string target, std::string body = {}) const {
    const auto response = (*this)(verb, std::move(target), std::move(body));
    const auto error = parsed(response);
    CHECK(error.at("statusCode").as_int64() == response.status);
    CHECK(error.at("error").is_string());
    return std::to_string(response.status) + ' ' + text(error, "message");
  }

  fake_truto truto;
};

}  // namespace

TEST_CASE("fake_truto: shows a connection with the values of the API reference") {
  manual_runtime time;
  fake_truto truto{time};
  truto.add_connection();
  const caller call{truto};
  const auto response = call(method::get, connection);
  CHECK(response.status == 200);
  CHECK(response.headers.get("Content-Type") == "application/json");
  CHECK(response.headers.contains("X-Request-Id"));
  CHECK(parsed(response) == json::parse(R"({
    "id": "1ba1f401-7183-47c5-9e39-e8e257e3c795", "team_id": "05daecaf-4365-42e8-8370-8127de5dd717",
    "protocol": "oidc", "is_active": true, "enforced": false, "is_default": false,
    "config": {"issuer": "https://accounts.example.com", "client_id": "truto-client",
               "discovery_url": "https://accounts.example.com/.well-known/openid-configuration"},
    "default_role": "member", "default_environment_ids": [],
    "created_at": "2024-01-01T00:00:00.000Z", "updated_at": "2024-01-01T00:00:00.000Z"})"));
  truto.add_connection("AAAAAAAA-7183-47C5-9E39-E8E257E3C795", "saml");
  const auto saml = call.good(method::get, "/sso-connection/aaaaaaaa-7183-47c5-9e39-e8e257e3c795");
  CHECK(saml.at("config").at("idp_sso_url") == json::value("https://idp.example.com/sso"));
  CHECK(saml.at("config").at("allow_idp_initiated") == json::value(false));
}

TEST_CASE("fake_truto: requires a known token") {
  fake_truto truto;
  truto.add_connection();
  const caller call{truto};
  auto request = make(method::get, connection);
  request.headers.erase("Authorization");
  CHECK(truto(request).status == 401);
  request.headers.set("Authorization", "Bearer other");
  CHECK(truto(request).status == 401);
  CHECK(text(parsed(truto(request)), "error") == "Unauthorized");
  CHECK(call(method::get, connection).status == 200);
  truto.revoke_tokens();
  CHECK(call.failure(method::get, connection) == "401 the API token is missing or unknown");
}

TEST_CASE("fake_truto: an update merges the config recursively and hides secrets") {
  manual_runtime time;
  fake_truto truto{time};
  truto.add_connection();
  const caller call{truto};
  time.advance(1h);
  const auto changed =
      call.good(method::patch, connection,
                R"({"is_active": false, "enforced": true, "default_role": "admin", "protocol": "ldap",
      "default_environment_ids": ["e1", "e2"], "client_secret": "rp-secret-value", "unknown": "ignored",
      "config": {"client_id": "other", "idp_entity_id": "https://e", "client_secret": "misplaced"}})");
  CHECK(changed == json::parse(R"({
    "id": "1ba1f401-7183-47c5-9e39-e8e257e3c795", "team_id": "05daecaf-4365-42e8-8370-8127de5dd717",
    "protocol": "ldap", "is_active": false, "enforced": true, "is_default": false,
    "config": {"issuer": "https://accounts.example.com", "client_id": "other", "idp_entity_id": "https://e",
               "discovery_url": "https://accounts.example.com/.well-known/openid-configuration"},
    "default_role": "admin", "default_environment_ids": ["e1", "e2"],
    "created_at": "2024-01-01T00:00:00.000Z", "updated_at": "2024-01-01T01:00:00.000Z"})"));
  CHECK(call.good(method::get, connection) == changed);
  CHECK(truto.has_client_secret(fake_truto::example_id, "rp-secret-value"));
  CHECK_FALSE(truto.has_client_secret(fake_truto::example_id, ""));
  CHECK_FALSE(truto.has_client_secret("nobody", ""));
  const auto later = call.good(method::patch, connection, R"({"config": {}})");
  CHECK(later.at("config") == changed.at("config"));
}

TEST_CASE("fake_truto: reads SAML metadata and does not keep it") {
  fake_truto truto;
  truto.add_connection(fake_truto::example_id, "saml");
  const caller call{truto};
  const std::string body =
      R"({"config": {"idp_metadata_xml": "<EntityDescriptor/>", "sign_authn_requests": true}})";
  const auto first = call.good(method::patch, connection, body);
  CHECK(first.at("config").at("idp_entity_id") == json::value("https://idp.example.com/metadata"));
  CHECK(first.at("config").at("sign_authn_requests") == json::value(true));
  CHECK_FALSE(first.at("config").as_object().contains("idp_metadata_xml"));
  truto.metadata("urn:other", "https://other/sso", "pem");
  const auto second = call.good(method::patch, connection, body);
  CHECK(second.at("config").at("idp_entity_id") == json::value("urn:other"));
  CHECK(second.at("config").at("idp_sso_url") == json::value("https://other/sso"));
  CHECK(second.at("config").at("idp_x509_cert") == json::value("pem"));
}

TEST_CASE("fake_truto: names the fault of a request") {
  fake_truto truto;
  truto.add_connection();
  const caller call{truto};
  const auto update = [&](std::string body) {
    return call.failure(method::patch, connection, std::move(body));
  };
  CHECK(update("[") == "400 the body must be a JSON object");
  CHECK(update(R"({"is_active": "yes"})") == "400 is_active: expected a boolean");
  CHECK(update(R"({"default_environment_ids": [1]})") ==
        "400 default_environment_ids: expected an array of strings");
  CHECK(update(R"({"client_secret": null})") == "400 client_secret: expected a string");
  CHECK(update(R"({"config": null})") == "400 config: expected an object");
  CHECK(update(R"({"config": {"issuer": null}})") == "400 config.issuer: expected an absolute URI");
  CHECK(call.failure(method::get, "/sso-connection/nonsense") == "400 id: expected a UUID");
  CHECK(call.failure(method::get, "/sso-connection/00000000-0000-0000-0000-000000000000") ==
        "404 SSO connection not found");
  CHECK(call.failure(method::get, "/other") == "404 no such resource");
  CHECK(call.failure(method::delete_, connection) == "405 the resource has no such method");
  CHECK(call.failure(method::patch, connection + "/domains", "{}") == "405 the resource has no such method");
  auto request = make(method::patch, connection, "{}");
  request.headers.set("Content-Type", "text/plain");
  CHECK(truto(request).status == 400);
  truto.base_path("/admin");
  CHECK(call.failure(method::get, connection) == "404 no such resource");
  CHECK(call(method::get, "/admin" + connection).status == 200);
}

TEST_CASE("fake_truto: verifies a domain by the TXT record returned by add") {
  manual_runtime time;
  fake_truto truto{time};
  truto.add_connection();
  const caller call{truto};
  const auto response =
      call(method::post, connection + "/domains", R"({"domain": "Example.COM", "verified": true})");
  CHECK(response.status == 201);
  const auto added = parsed(response);
  const auto token = text(added, "verification_token");
  const auto record = text(added, "verification_record");
  CHECK(text(added, "domain") == "example.com");
  CHECK(text(added, "sso_connection_id") == fake_truto::example_id);
  CHECK(added.at("verified") == json::value(false));
  CHECK(record == "truto-domain-verification=" + token);

  const auto verify = [&] { return call.good(method::post, connection + "/domains/example.com/verify"); };
  CHECK(verify() == json::value{{"domain", "example.com"},
                                {"verified", false},
                                {"detail", "no TXT record on example.com has the value " + record}});
  truto.publish_txt("example.com", record + "x").publish_txt("www.example.com", record);
  CHECK(verify().at("verified") == json::value(false));
  truto.publish_txt("EXAMPLE.com", record, 30s);
  time.advance(29s);
  CHECK(verify().at("verified") == json::value(false));
  time.advance(1s);
  CHECK(verify() == json::value{{"domain", "example.com"}, {"verified", true}});
  truto.remove_txt("example.com");
  CHECK(verify().at("verified") == json::value(true));

  auto listed = call.good(method::get, connection + "/domains");
  REQUIRE(listed.at("result").as_array().size() == 1);
  const auto& shown = listed.at("result").at(0);
  CHECK(shown.at("verified") == json::value(true));
  CHECK(shown.at("verification_token") == json::value(token));
  CHECK(text(shown, "updated_at") == "2024-01-01T00:00:30.000Z");
  CHECK_FALSE(shown.as_object().contains("verification_record"));
  CHECK_FALSE(listed.as_object().contains("next_cursor"));
}

TEST_CASE("fake_truto: does not verify a domain with a removed TXT record") {
  fake_truto truto;
  truto.add_connection();
  const caller call{truto};
  const auto added = call.good(method::post, connection + "/domains", R"({"domain": "a.example"})");
  truto.publish_txt("a.example", text(added, "verification_record")).remove_txt("A.example");
  CHECK(call.good(method::post, connection + "/domains/A.EXAMPLE/verify").at("verified") ==
        json::value(false));
}

TEST_CASE("fake_truto: refuses invalid and duplicate and unknown domains") {
  fake_truto truto;
  truto.add_connection();
  const caller call{truto};
  const auto add = [&](const std::string& body) {
    return call.failure(method::post, connection + "/domains", body);
  };
  CHECK(add("{}") == "400 domain: expected a domain name");
  CHECK(add(R"({"domain": 1})") == "400 domain: expected a string");
  for (const auto* name :
       {"", "localhost", "a..b", "-a.example", "a_b.example", "a b.example", "*.example.com"}) {
    CAPTURE(name);
    CHECK(add(R"({"domain": ")" + std::string{name} + "\"}") == "400 domain: expected a domain name");
  }
  call.good(method::post, connection + "/domains", R"({"domain": "a.example"})");
  CHECK(add(R"({"domain": "A.example"})") == "409 the domain is already on this connection");
  CHECK(call.failure(method::post, connection + "/domains/b.example/verify") ==
        "404 the domain is not on this connection");
}

TEST_CASE("fake_truto: lists domains in pages") {
  fake_truto truto;
  truto.add_connection();
  const caller call{truto};
  for (const auto* name : {"a.example", "b.example", "c.example", "d.example", "e.example"}) {
    call.good(method::post, connection + "/domains", R"({"domain": ")" + std::string{name} + "\"}");
  }
  const auto walk = [&](const std::string& limit) {
    std::vector<std::string> pages;
    std::string cursor;
    for (;;) {
      auto target = connection + "/domains?" + limit;
      if (!cursor.empty()) target += "&next_cursor=" + cursor;
      const auto body = call.good(method::get, target);
      std::string page;
      for (const auto& one : body.at("result").as_array()) page += text(one, "domain").front();
      pages.push_back(page);
      const auto* next = body.as_object().if_contains("next_cursor");
      if (!next || next->is_null()) return pages;
      cursor = text(body, "next_cursor");
    }
  };
  using pages = std::vector<std::string>;
  CHECK(walk("") == pages{"abcde"});
  CHECK(walk("limit=3") == pages{"abc", "de"});
  truto.page_size(2);
  CHECK(walk("") == pages{"ab", "cd", "e"});
  CHECK(walk("limit=1") == pages{"a", "b", "c", "d", "e"});
  CHECK(walk("limit=4") == pages{"ab", "cd", "e"});
  CHECK(call.good(method::get, connection + "/domains").at("limit") == json::value(2));
  truto.page_size(5);
  CHECK(walk("") == pages{"abcde"});
  CHECK(call.failure(method::get, connection + "/domains?limit=0") ==
        "400 limit: expected a positive number");
  CHECK(call.failure(method::get, connection + "/domains?limit=1x") ==
        "400 limit: expected a positive number");
  for (const auto* cursor : {"after-6", "after-", "nonsense"}) {
    CHECK(call.failure(method::get, connection + "/domains?next_cursor=" + cursor) ==
          "400 next_cursor: unknown cursor");
  }
}

TEST_CASE("fake_truto: limits the request rate and sends rate-limit headers") {
  manual_runtime time;
  fake_truto truto{time};
  truto.add_connection().rate_limit(2, 10s);
  const caller call{truto};
  const auto seen = [](const http::response& response) {
    const auto header = [&](std::string_view name) {
      return std::string{response.headers.get(name).value_or("-")};
    };
    return std::to_string(response.status) + ' ' + header("ratelimit-limit") + ' ' +
           header("ratelimit-remaining") + ' ' + header("ratelimit-reset") + ' ' + header("Retry-After");
  };
  CHECK(seen(call(method::get, connection)) == "200 2;w=10 1 10 -");
  time.advance(2500ms);
  CHECK(seen(call(method::get, connection)) == "200 2;w=10 0 8 -");
  const auto over = call(method::get, connection);
  CHECK(seen(over) == "429 2;w=10 0 8 -");
  CHECK(text(parsed(over), "message") == "rate limit exceeded");
  time.advance(7500ms);
  CHECK(seen(call(method::get, connection)) == "200 2;w=10 1 10 -");
  truto.rate_limit(1, 60s, true);
  CHECK(seen(call(method::get, connection)) == "200 1;w=60 0 60 -");
  CHECK(seen(call(method::get, connection)) == "429 1;w=60 0 60 60");
  truto.rate_limit(0, 0s);
  CHECK(seen(call(method::get, connection)) == "200 - - - -");
}

TEST_CASE("fake_truto: fail_next fails the next request") {
  fake_truto truto;
  truto.add_connection();
  const caller call{truto};
  truto.fail_next(503, {{"Retry-After", "1"}}).fail_next(400, {}, R"({"truto_is_remote_error": true})");
  const auto first = call(method::get, connection);
  CHECK(first.status == 503);
  CHECK(first.headers.get("Retry-After") == "1");
  CHECK(text(parsed(first), "message") == "scripted failure");
  CHECK(call(method::get, connection).body == R"({"truto_is_remote_error": true})");
  CHECK(call(method::get, connection).status == 200);
}

TEST_CASE("fake_truto: does not show secrets in responses") {
  const std::string canary = "c4n4ry-s3cret";
  fake_truto truto;
  truto.add_connection().accept_token(canary);
  std::string all;
  const auto send = [&](method verb, const std::string& target, const std::string& body) {
    auto request = make(verb, target, body);
    request.headers.set("Authorization", "Bearer " + canary);
    const auto response = truto(request);
    all.append(response.headers.wire()).append(response.body);
  };
  send(method::patch, connection, R"({"client_secret": ")" + canary + "\"}");
  send(method::patch, connection, R"({"client_secret": [")" + canary + "\"]}");
  send(method::patch, connection, R"({"config": {"client_secret": ")" + canary + "\"}}");
  send(method::patch, connection, R"({"config": {"idp_metadata_xml": ")" + canary + "\"}}");
  send(method::get, connection, "");
  send(method::get, "/other", "");
  CHECK(truto.has_client_secret(fake_truto::example_id, canary));
  CHECK_FALSE(all.empty());
  CHECK(all.find(canary) == std::string::npos);
}

TEST_CASE("fake_truto: shares its state with its copies behind a transport") {
  fake_truto truto;
  sso::testing::fake_transport network;
  network.handle(truto);
  truto.add_connection().accept_token("token");
  const auto request = make(method::get, connection);
  const auto shown = sso::testing::run(network.send(request, {}));
  REQUIRE(shown.has_value());
  CHECK(shown->status == 200);
}

TEST_CASE("fake_truto: an outage fails all requests for its duration") {
  manual_runtime time;
  fake_truto truto{time};
  truto.add_connection().outage(0s, 30s, 500);
  const caller call{truto};
  const auto down = call(method::get, connection);
  CHECK(down.status == 500);
  CHECK(text(parsed(down), "message") == "scripted outage");
  time.advance(30s);
  CHECK(call(method::get, connection).status == 200);
}
