// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/auth/token_request.hpp>
#include <sso/auth/token_window.hpp>

#include <chrono>
#include <optional>
#include <string>

using namespace std::chrono_literals;
using namespace sso;
using auth::freshness;

namespace {

constexpr std::chrono::steady_clock::time_point t0{1000s};

freshness at(std::chrono::seconds life, std::chrono::steady_clock::duration age) {
  return auth::assess(auth::window_of(t0, life), t0 + age);
}

result<access_token> read(unsigned status, const std::string& body, http::headers headers = {}) {
  http::response response;
  response.status = status;
  response.headers = std::move(headers);
  response.body = body;
  return auth::read_token_response(response, {});
}

}  // namespace

TEST_CASE("a token is first fresh and then aging and stale before it expires", "[token]") {
  CHECK(at(3600s, 0s) == freshness::fresh);
  CHECK(at(3600s, 3529s) == freshness::fresh);
  CHECK(at(3600s, 3530s) == freshness::aging);
  CHECK(at(3600s, 3589s) == freshness::aging);
  CHECK(at(3600s, 3590s) == freshness::stale);
  CHECK(at(60s, 43s) == freshness::fresh);
  CHECK(at(60s, 44s) == freshness::aging);
  CHECK(at(60s, 50s) == freshness::stale);
}

TEST_CASE("a token with a short lifetime is fresh at first and one without expiry stays fresh", "[token]") {
  CHECK(at(4s, 0s) == freshness::fresh);
  CHECK(at(4s, 3s) == freshness::stale);
  CHECK(at(0s, 0s) == freshness::stale);
  CHECK(at(-5s, 0s) == freshness::stale);
  CHECK(at(std::chrono::seconds::max(), 24h * 364) == freshness::fresh);
  CHECK(auth::assess(auth::window_of(t0, std::nullopt), t0 + 24h * 36500) == freshness::fresh);
}

TEST_CASE("Basic authorization encodes plain and form-encoded credentials", "[token]") {
  // RFC 7617 2 and RFC 4648 10
  CHECK(auth::basic_authorization({"Aladdin", secret{"open sesame"}}).reveal() ==
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  CHECK(auth::basic_authorization({"f", secret{"oobar"}}).reveal() == "Basic Zjpvb2Jhcg==");
  CHECK(auth::basic_authorization({"fo", secret{"obar"}}).reveal() == "Basic Zm86b2Jhcg==");
  CHECK(auth::basic_authorization({"f", secret{"obar"}}).reveal() == "Basic ZjpvYmFy");
  CHECK(auth::basic_authorization({"i", secret{"\xc3\xa4\xff\xfe"}}).reveal() == "Basic aTrDpP/+");
  auto encoded = client_credentials{"a:b", secret{"p w+%"}}.encoding(basic_encoding::form_encoded);
  CHECK(auth::basic_authorization(encoded).reveal() == "Basic YSUzQWI6cCt3JTJCJTI1");  // a%3Ab:p+w%2B%25
}

TEST_CASE("a token request has the OAuth client credentials format", "[token]") {
  const http::url endpoint{{"https", "api.example.com", 443}, "/v1/service-account-token"};
  const auto request = auth::make_token_request(endpoint, {"id", secret{"pw"}}, "agent/1");
  CHECK(request.operation == "token");
  CHECK(request.method == http::method::post);
  CHECK(request.origin == endpoint.origin);
  CHECK(request.target == "/v1/service-account-token");
  CHECK(request.body == "grant_type=client_credentials");
  CHECK(request.headers.get("Content-Type") == "application/x-www-form-urlencoded");
  CHECK(request.headers.get("Authorization") == "Basic aWQ6cHc=");
  CHECK(request.headers.get("User-Agent") == "agent/1");
}

TEST_CASE("a valid token response is accepted", "[token]") {
  struct row {
    std::string body;
    std::optional<std::chrono::seconds> life;
  };
  const row rows[] = {
      {R"({"access_token":"t","token_type":"Bearer","expires_in":3600})", 3600s},
      {R"({"access_token":"t","token_type":"bearer","expires_in":"120"})", 120s},
      {R"({"access_token":"t","expires_in":59.9})", 59s},
      {R"({"access_token":"t","expires_in":" 7 "})", 7s},
      {R"({"access_token":"t"})", 3600s},
      {R"({"access_token":"t","expires_in":null})", 3600s},
      {R"({"access_token":"t","expires_in":"soon"})", 3600s},
      {R"({"access_token":"t","expires_in":{}})", 3600s},
      {R"({"access_token":"t","expires_in":0})", 0s},
      {R"({"access_token":"t","expires_in":-10})", -1s},
      {R"({"access_token":"t","expires_in":1e300})", 365 * 24h},
      {R"({"access_token":"t","expires_in":18446744073709551615,"scope":"x"})", 365 * 24h},
  };
  for (const auto& r : rows) {
    CAPTURE(r.body);
    const auto token = read(200, r.body);
    REQUIRE(token);
    CHECK(token->value.reveal() == "t");
    CHECK(token->expires_in == r.life);
  }
}

TEST_CASE("an invalid token response is an error with the text of the server", "[token]") {
  struct row {
    unsigned status;
    std::string body;
    errc code;
  };
  const row rows[] = {
      {200, "", errc::credentials_rejected},
      {200, "<html>login</html>", errc::credentials_rejected},
      {200, "[]", errc::credentials_rejected},
      {200, "{}", errc::credentials_rejected},
      {200, R"({"access_token":""})", errc::credentials_rejected},
      {200, R"({"access_token":5})", errc::credentials_rejected},
      {200, R"({"access_token":"a b"})", errc::credentials_rejected},
      {200, R"({"access_token":"a\r\nX: y"})", errc::credentials_rejected},
      {200, R"({"access_token":"t","token_type":"mac"})", errc::credentials_rejected},
      {302, "", errc::unexpected_status},
      {400, R"({"error":"invalid_request"})", errc::credentials_rejected},
      {401, "", errc::credentials_rejected},
      {403, "<html>", errc::credentials_rejected},
      {404, "", errc::credentials_rejected},
      {408, "", errc::server_error},
      {429, "", errc::rate_limited},
      {500, "oops", errc::server_error},
      {503, "", errc::server_error},
  };
  for (const auto& r : rows) {
    CAPTURE(r.status, r.body);
    const auto token = read(r.status, r.body);
    REQUIRE(!token);
    const auto e = token.error();
    CHECK(e.code() == r.code);
    CHECK(e.outcome() == outcome::not_sent);
    CHECK(e.status() == r.status);
    CHECK(e.body() == (r.status == 200 ? std::string{} : r.body));  // a 200 may hold a token
  }
}

TEST_CASE("an OAuth error response keeps code and description and Retry-After", "[token]") {
  const auto refused = read(401, R"({"error":"invalid_client","error_description":"unknown client"})");
  REQUIRE(!refused);
  CHECK(refused.error().server_code() == "invalid_client");
  CHECK(refused.error().server_message() == "unknown client");
  CHECK(read(503, "", {{"Retry-After", "7"}}).error().retry_after() == 7s);
}
