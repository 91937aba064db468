// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/testing/fake_keycard.hpp>
#include <sso/testing/fake_transport.hpp>
#include <sso/testing/run.hpp>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

using namespace std::chrono_literals;
namespace http = sso::http;
namespace json = boost::json;
using http::method;
using sso::testing::fake_keycard;
using sso::testing::manual_runtime;

static_assert(sso::testing::request_handler<fake_keycard>);

namespace {

const std::string acme = "/organizations/acme/sso-connection";
// client:client-secret
const std::string basic = "Basic Y2xpZW50OmNsaWVudC1zZWNyZXQ=";

http::request make(method verb, std::string target, std::string body = {}) {
  http::request request;
  request.method = verb;
  request.origin.host = "api.example.com";
  request.target = std::move(target);
  request.body = std::move(body);
  return request;
}

http::request token_request(std::string authorization = basic,
                            std::string body = "grant_type=client_credentials") {
  auto request = make(method::post, "/service-account-token", std::move(body));
  request.headers.set("Authorization", authorization);
  request.headers.set("Content-Type", "application/x-www-form-urlencoded");
  return request;
}

std::string text(const json::value& body, std::string_view name) {
  return std::string{body.at(name).as_string()};
}

json::value parsed(const http::response& response) {
  return json::parse(response.body);
}

std::string fetch_token(const fake_keycard& keycard) {
  const auto response = keycard(token_request());
  REQUIRE(response.status == 200);
  return text(parsed(response), "access_token");
}

/// Calls the API with its own token.
struct caller {
  explicit caller(fake_keycard service) : keycard{std::move(service)} { keycard.accept_token("bearer"); }

  http::response operator()(method verb, std::string target, std::string body = {}) const {
    auto request = make(verb, std::move(target), std::move(body));
    request.headers.set("Authorization", "Bearer bearer");
    request.headers.set("Content-Type", "application/json; charset=utf-8");
    return keycard(request);
  }

  /// The status, and the message of the error unless the body is empty.
  std::string failure(method verb, std::string target, std::string body = {}) const {
    const auto response = (*this)(verb, std::move(target), std::move(body));
    const auto error = parsed(response);
    CHECK(error.at("status").as_int64() == response.status);
    CHECK(error.at("code").is_string());
    return std::to_string(response.status) + ' ' + text(error, "message");
  }

  fake_keycard keycard;
};

json::value without_times(json::value connection) {
  connection.as_object().erase("created_at");
  connection.as_object().erase("updated_at");
  return connection;
}

}  // namespace

TEST_CASE("fake_keycard: issues tokens for client credentials") {
  fake_keycard keycard;
  keycard.add_client().token_lifetime(90s);
  const auto response = keycard(token_request());
  CHECK(response.status == 200);
  CHECK(response.headers.get("Cache-Control") == "no-store");
  const auto token = parsed(response);
  CHECK(text(token, "token_type") == "Bearer");
  CHECK(token.at("expires_in").as_int64() == 90);
  CHECK(text(token, "access_token") != fetch_token(keycard));
  CHECK(keycard.tokens_issued() == 2);

  fake_keycard other;
  other.add_client();
  CHECK(fetch_token(other) != text(token, "access_token"));

  auto below_organization = token_request();
  below_organization.target = "/organizations/acme/service-account-token";
  CHECK(keycard(below_organization).status == 200);
}

TEST_CASE("fake_keycard: accepts Basic credentials both plain and form-encoded") {
  fake_keycard keycard;
  keycard.add_client("a b", "p%20+:ss");
  // a b:p%20+:ss
  CHECK(keycard(token_request("Basic YSBiOnAlMjArOnNz")).status == 200);
  // a+b:p%2520%2B%3Ass
  CHECK(keycard(token_request("basic YStiOnAlMjUyMCUyQiUzQXNz")).status == 200);
  // a b:p
  CHECK(keycard(token_request("Basic YSBiOnA=")).status == 401);
}

TEST_CASE("fake_keycard: refuses an invalid token request with an OAuth error") {
  fake_keycard keycard;
  keycard.add_client();
  const auto error = [&](const http::request& request) {
    const auto response = keycard(request);
    const auto body = parsed(response);
    CHECK(body.at("error_description").is_string());
    return std::to_string(response.status) + ' ' + text(body, "error");
  };
  // client:wrong, other:client-secret, no colon, not base64
  CHECK(error(token_request("Basic Y2xpZW50Ondyb25n")) == "401 invalid_client");
  CHECK(error(token_request("Basic b3RoZXI6Y2xpZW50LXNlY3JldA==")) == "401 invalid_client");
  CHECK(error(token_request("Basic Y2xpZW50")) == "401 invalid_client");
  CHECK(error(token_request("Basic ???")) == "401 invalid_client");
  CHECK(error(token_request("Bearer x")) == "401 invalid_client");
  CHECK(keycard(token_request("Bearer x")).headers.contains("WWW-Authenticate"));
  CHECK(error(token_request(basic, "grant_type=password")) == "400 unsupported_grant_type");
  CHECK(error(token_request(basic, "")) == "400 invalid_request");
  CHECK(error(token_request(basic, "grant_type=%zz")) == "400 invalid_request");
  auto request = token_request();
  request.headers.set("Content-Type", "application/json");
  CHECK(error(request) == "400 invalid_request");
  request.method = method::get;
  CHECK(keycard(request).status == 405);
  CHECK(keycard.tokens_issued() == 0);
}

TEST_CASE("fake_keycard: requires a known token that has not expired") {
  manual_runtime time;
  fake_keycard keycard{time};
  keycard.add_organization().add_connection("acme").add_client().token_lifetime(60s);
  const auto status_with = [&](const std::string& authorization) {
    auto request = make(method::get, acme);
    if (!authorization.empty()) request.headers.set("Authorization", authorization);
    return keycard(request).status;
  };
  CHECK(status_with("") == 401);
  CHECK(status_with("Bearer unknown") == 401);
  CHECK(status_with(basic) == 401);

  const auto first = "Bearer " + fetch_token(keycard);
  CHECK(status_with(first) == 200);
  CHECK(status_with("bearer " + first.substr(7)) == 200);
  time.advance(59s);
  CHECK(status_with(first) == 200);
  time.advance(1s);
  CHECK(status_with(first) == 401);

  const auto second = "Bearer " + fetch_token(keycard);
  keycard.accept_token("given");
  CHECK(status_with(second) == 200);
  keycard.expire_tokens();
  CHECK(status_with(second) == 401);
  CHECK(status_with("Bearer given") == 200);
  keycard.revoke_tokens();
  CHECK(status_with("Bearer given") == 401);
}

TEST_CASE("fake_keycard: enables and updates and disables a connection") {
  manual_runtime time;
  fake_keycard keycard{time};
  keycard.add_organization("acme", "acme-label");
  const caller call{keycard};

  CHECK(call.failure(method::get, acme) == "404 SSO is not enabled for this organization");
  CHECK(call.failure(method::patch, acme, "{}") == "404 SSO is not enabled for this organization");
  CHECK(call.failure(method::delete_, acme) == "404 SSO is not enabled for this organization");
  CHECK_FALSE(keycard.enabled("acme"));

  const auto made =
      call(method::post, acme,
           R"({"client_id": "c", "identifier": "https://i", "client_secret": "s3cret", "new": 1})");
  CHECK(made.status == 201);
  CHECK(made.headers.get("Content-Type") == "application/json");
  CHECK(made.body.find("s3cret") == std::string::npos);
  CHECK(parsed(made) ==
        json::parse(R"({"id": "sso-1", "client_id": "c", "client_secret_set": true, "identifier": "https://i",
          "created_at": "2024-01-01T00:00:00.000Z", "updated_at": "2024-01-01T00:00:00.000Z",
          "protocols": null})"));
  CHECK(keycard.enabled("acme-label"));
  CHECK(keycard.has_client_secret("acme", "s3cret"));
  CHECK_FALSE(keycard.has_client_secret("acme", ""));
  CHECK(call.failure(method::post, acme, R"({"client_id": "c", "identifier": "i"})") ==
        "409 SSO is already enabled for this organization");

  time.advance(90s);
  const auto changed = call(method::patch, acme, R"({"identifier": "https://j"})");
  CHECK(changed.status == 200);
  CHECK(text(parsed(changed), "identifier") == "https://j");
  CHECK(text(parsed(changed), "client_id") == "c");
  CHECK(text(parsed(changed), "created_at") == "2024-01-01T00:00:00.000Z");
  CHECK(text(parsed(changed), "updated_at") == "2024-01-01T00:01:30.000Z");
  CHECK(call(method::get, "/organizations/acme-label/sso-connection").body == changed.body);

  const auto gone = call(method::delete_, acme);
  CHECK(gone.status == 204);
  CHECK(gone.body.empty());
  CHECK_FALSE(keycard.enabled("acme"));
  const auto again = call(method::post, acme, R"({"client_id": "c", "identifier": "i"})");
  CHECK(text(parsed(again), "id") == "sso-2");
  CHECK(keycard.has_client_secret("acme", ""));
}

TEST_CASE("fake_keycard: an update keeps or clears or merges members") {
  fake_keycard keycard;
  keycard.add_organization();
  const caller call{keycard};
  call(method::post, acme, R"({"client_id": "c", "identifier": "i", "client_secret": "s",
    "protocols": {"oauth2": {"jwks_uri": "https://j", "scopes_supported": ["a", "b"], "token_endpoint": null},
                  "openid": {"userinfo_endpoint": "https://u"}, "saml": {}}})");
  const auto protocols_after = [&](std::string_view patch) {
    const auto response = call(method::patch, acme, std::string{patch});
    REQUIRE(response.status == 200);
    return json::serialize(parsed(response).at("protocols"));
  };
  CHECK(protocols_after("{}") == R"({"oauth2":{"jwks_uri":"https://j","scopes_supported":["a","b"]},)"
                                 R"("openid":{"userinfo_endpoint":"https://u"}})");
  CHECK(protocols_after(R"({"protocols": {"oauth2": {"jwks_uri": null, "scopes_supported": ["c"]}}})") ==
        R"({"oauth2":{"scopes_supported":["c"]},"openid":{"userinfo_endpoint":"https://u"}})");
  CHECK(protocols_after(R"({"protocols": {"openid": null}})") == R"({"oauth2":{"scopes_supported":["c"]}})");
  CHECK(protocols_after(R"({"protocols": null})") == "null");
  CHECK(protocols_after(R"({"protocols": {"openid": {"userinfo_endpoint": null}}})") == R"({"openid":{}})");

  CHECK(keycard.has_client_secret("acme", "s"));
  const auto cleared = parsed(call(method::patch, acme, R"({"client_id": null, "client_secret": null})"));
  CHECK(cleared.at("client_id").is_null());
  CHECK(cleared.at("client_secret_set") == json::value(false));
  CHECK(keycard.has_client_secret("acme", ""));
}

TEST_CASE("fake_keycard: names the fault of a request body") {
  fake_keycard keycard;
  keycard.add_organization().add_connection("taken");
  const caller call{keycard};
  const auto enable = [&](std::string body) { return call.failure(method::post, acme, std::move(body)); };
  CHECK(enable("{") == "400 the body must be a JSON object");
  CHECK(enable("[]") == "400 the body must be a JSON object");
  CHECK(enable("{}") == "422 client_id: required");
  CHECK(enable(R"({"client_id": "c"})") == "422 identifier: required");
  CHECK(enable(R"({"client_id": null, "identifier": "i"})") == "422 client_id: expected a string");
  CHECK(enable(R"({"client_id": "c", "identifier": ""})") ==
        "422 identifier: expected a string of 1 to 2048 characters");
  CHECK(enable(R"({"client_id": "c", "identifier": ")" + std::string(2049, 'x') + "\"}") ==
        "422 identifier: expected a string of 1 to 2048 characters");
  CHECK(enable(R"({"client_id": "c", "identifier": "i", "client_secret": 1})") ==
        "422 client_secret: expected a string");
  CHECK(enable(R"({"client_id": "c", "identifier": "i", "protocols": "x"})") ==
        "422 protocols: expected an object or null");
  CHECK(enable(R"({"client_id": "c", "identifier": "i", "protocols": {"openid": []}})") ==
        "422 protocols.openid: expected an object or null");
  CHECK(enable(R"({"client_id": "c", "identifier": "i", "protocols": {"oauth2": {"jwks_uri": "no uri"}}})") ==
        "422 protocols.oauth2.jwks_uri: expected an absolute URI or null");
  CHECK(enable(
            R"({"client_id": "c", "identifier": "i", "protocols": {"oauth2": {"scopes_supported": [1]}}})") ==
        "422 protocols.oauth2.scopes_supported: expected an array of strings or null");
  CHECK(call.failure(method::patch, "/organizations/taken/sso-connection",
                     R"({"protocols": {"openid": {"userinfo_endpoint": 1}}})") ==
        "422 protocols.openid.userinfo_endpoint: expected an absolute URI or null");
  CHECK(call.failure(method::patch, "/organizations/taken/sso-connection", R"({"identifier": null})") ==
        "422 identifier: expected a string of 1 to 2048 characters");
  // 2048 characters of two bytes each
  std::string long_but_legal;
  for (int i = 0; i != 2048; ++i) long_but_legal += "\xc3\xa9";
  CHECK(call(method::post, acme, R"({"client_id": "c", "identifier": ")" + long_but_legal + "\"}").status ==
        201);
}

TEST_CASE("fake_keycard: expands permissions for both query formats") {
  fake_keycard keycard;
  keycard.add_connection("acme");
  const caller call{keycard};
  CHECK_FALSE(parsed(call(method::get, acme)).as_object().contains("permissions"));
  CHECK_FALSE(
      parsed(call(method::get, acme + "?expand=total_count&expand=new")).as_object().contains("permissions"));
  for (const auto* query : {"?expand=permissions", "?expand=total_count&expand=permissions",
                            "?expand%5B%5D=permissions", "?expand[]=total_count&expand[]=permissions"}) {
    CAPTURE(query);
    CHECK(json::serialize(parsed(call(method::get, acme + query)).at("permissions")) ==
          R"({"organizations":{"read":true,"update":true},"users":{"read":true,"list":true}})");
  }
}

TEST_CASE("fake_keycard: checks path and method and headers") {
  fake_keycard keycard;
  keycard.add_organization("a/b c").add_connection("a/b c");
  const caller call{keycard};
  CHECK(call(method::get, "/organizations/a%2Fb%20c/sso-connection").status == 200);
  CHECK(call.failure(method::get, "/organizations/a/b%20c/sso-connection") == "404 no such resource");
  CHECK(call.failure(method::get, "/organizations/nobody/sso-connection") == "404 organization not found");
  CHECK(call.failure(method::get, "/organizations//sso-connection") == "404 organization not found");
  CHECK(call.failure(method::get, "/organizations/%zz/sso-connection") == "404 no such resource");
  CHECK(call.failure(method::get, "/") == "404 no such resource");
  CHECK(call.failure(method::put, "/organizations/a%2Fb%20c/sso-connection").substr(0, 3) == "405");
  CHECK(call(method::put, "/organizations/a%2Fb%20c/sso-connection").headers.contains("Allow"));

  auto request = make(method::patch, "/organizations/a%2Fb%20c/sso-connection", "{}");
  request.headers.set("Authorization", "Bearer bearer");
  CHECK(keycard(request).status == 400);
  request.headers.set("Content-Type", "application/json");
  CHECK(keycard(request).status == 200);
  request.headers.set("X-Client-Request-ID", "not a uuid");
  CHECK(keycard(request).status == 400);
  request.headers.set("X-Client-Request-ID", "1ba1f401-7183-47c5-9e39-e8e257e3c795");
  const auto good = keycard(request);
  CHECK(good.status == 200);
  CHECK(good.headers.get("X-Request-Id") != keycard(request).headers.get("X-Request-Id"));

  for (const auto* path : {"/prefix/v1", "prefix/v1/"}) {
    keycard.base_path(path);
    CHECK(call(method::get, "/prefix/v1/organizations/a%2Fb%20c/sso-connection").status == 200);
    CHECK(call.failure(method::get, "/organizations/a%2Fb%20c/sso-connection") == "404 no such resource");
    CHECK(call.failure(method::get, "/prefix/v1organizations/a%2Fb%20c/sso-connection") ==
          "404 no such resource");
  }
}

TEST_CASE("fake_keycard: fail_next fails API requests and fail_next_token fails token requests") {
  fake_keycard keycard;
  keycard.add_connection("acme").add_client();
  const caller call{keycard};
  keycard.fail_next(503, {{"Retry-After", "2"}}).fail_next(502, {}, "<html>").fail_next_token(401);
  const auto first = call(method::get, acme);
  CHECK(first.status == 503);
  CHECK(first.headers.get("Retry-After") == "2");
  CHECK(text(parsed(first), "message") == "scripted failure");
  CHECK(first.headers.contains("X-Request-Id"));
  const auto token = keycard(token_request());
  CHECK(token.status == 401);
  CHECK(text(parsed(token), "error") == "invalid_client");
  const auto second = call(method::get, acme);
  CHECK(second.status == 502);
  CHECK(second.body == "<html>");
  CHECK(call(method::get, acme).status == 200);
  keycard.fail_next_token(200, {{"X-Request-Id", "theirs"}}, "{}");
  const auto odd = keycard(token_request());
  CHECK(odd.body == "{}");
  CHECK(odd.headers.get("X-Request-Id") == "theirs");
  CHECK(keycard(token_request()).status == 200);
}

TEST_CASE("fake_keycard: does not show secrets in responses") {
  const std::string canary = "c4n4ry-s3cret";
  fake_keycard keycard;
  keycard.add_organization().add_client("client", canary).accept_token(canary);
  std::string all;
  const auto send = [&](method verb, std::string target, std::string body) {
    for (const auto* type : {"application/json", "application/x-www-form-urlencoded"}) {
      auto request = make(verb, target, body);
      request.headers.set("Content-Type", type);
      request.headers.set("Authorization", "Bearer " + canary);
      const auto response = keycard(request);
      all.append(response.headers.wire()).append(response.body);
    }
  };
  send(method::post, acme, R"({"client_id": "c", "client_secret": ")" + canary + "\"}");
  send(method::post, acme, R"({"client_id": "c", "identifier": "i", "client_secret": ")" + canary + "\"}");
  send(method::post, acme, R"({"client_secret": ")" + canary + "\"");
  send(method::patch, acme, R"({"client_secret": [")" + canary + "\"]}");
  send(method::patch, acme,
       R"({"client_secret": ")" + canary + R"(", "protocols": {"openid": {"client_secret": ")" + canary +
           "\"}}}");
  send(method::get, acme, "");
  send(method::post, "/service-account-token", "grant_type=" + canary);
  CHECK(keycard.has_client_secret("acme", canary));
  CHECK(all.find("client_secret_set\":true") != std::string::npos);
  CHECK(all.find(canary) == std::string::npos);
}

TEST_CASE("fake_keycard: shares its state with its copies behind a transport") {
  fake_keycard keycard;
  keycard.add_client();
  sso::testing::fake_transport network;
  network.handle(keycard);
  keycard.add_organization().add_connection("acme");
  const auto token = sso::testing::run(network.send(token_request(), {}));
  REQUIRE(token.has_value());
  auto request = make(method::get, acme);
  request.headers.set("Authorization", "Bearer " + text(parsed(*token), "access_token"));
  const auto connection = sso::testing::run(network.send(request, {}));
  REQUIRE(connection.has_value());
  CHECK(connection->status == 200);
  CHECK(without_times(parsed(*connection)).at("identifier") == json::value("https://idp.example.com"));
  CHECK(keycard.tokens_issued() == 1);
}

TEST_CASE("fake_keycard: an outage fails all requests for its duration") {
  manual_runtime time;
  fake_keycard keycard{time};
  keycard.add_client().add_connection("acme").fail_next(418).outage(1min, 30s, 503, {{"Retry-After", "7"}});
  const caller call{keycard};
  CHECK(call(method::get, acme).status == 418);
  CHECK(call(method::get, acme).status == 200);
  time.advance(1min);
  const auto down = call(method::get, acme);
  CHECK(down.status == 503);
  CHECK(down.headers.get("Retry-After") == "7");
  CHECK(text(parsed(down), "message") == "scripted outage");
  CHECK(keycard(token_request()).status == 503);
  time.advance(30s);
  CHECK(call(method::get, acme).status == 200);
  CHECK(keycard(token_request()).status == 200);
}
