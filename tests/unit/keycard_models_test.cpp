// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/json/decode.hpp>
#include <sso/json/encode.hpp>
#include <sso/json/validate.hpp>
#include <sso/keycard/json.hpp>
#include <sso/keycard/sso_connection.hpp>

#include <string>
#include <string_view>

namespace {

using sso::keycard::sso_connection;

// The response in the API reference.
constexpr std::string_view example =
    R"({"id":"id","client_id":"client_id","client_secret_set":true,"created_at":"2019-12-27T18:11:19.117Z",)"
    R"("identifier":"x","updated_at":"2019-12-27T18:11:19.117Z","permissions":{"organizations":{"read":true,)"
    R"("update":true},"users":{"read":true,"list":true}},"protocols":{"oauth2":{"authorization_endpoint":)"
    R"("https://example.com","code_challenge_methods_supported":["string"],"jwks_uri":"https://example.com",)"
    R"("registration_endpoint":"https://example.com","scopes_supported":["string"],"token_endpoint":)"
    R"("https://example.com"},"openid":{"userinfo_endpoint":"https://example.com"}}})";

constexpr std::string_view least =
    R"({"id":"id","client_id":null,"client_secret_set":false,"created_at":"2019-12-27T18:11:19.117Z",)"
    R"("identifier":"x","updated_at":"2019-12-27T18:11:19.117Z"})";

sso_connection read(std::string_view text) {
  auto value = sso::json::decode<sso_connection>(text);
  if (!value) FAIL(value.error().message());
  return *value;
}

std::string refuse(std::string_view text) {
  const auto value = sso::json::decode<sso_connection>(text);
  INFO(text);
  REQUIRE(!value);
  CHECK(value.error().code() == sso::errc::decode_failed);
  return value.error().what();
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out{text};
  const auto at = out.find(from);
  REQUIRE(at != std::string::npos);
  return out.replace(at, from.size(), to);
}

TEST_CASE("decoding the Keycard connection of the API reference reads all members", "[keycard]") {
  const auto moment = *sso::parse_timestamp("2019-12-27T18:11:19.117Z");
  const auto value = read(example);
  CHECK(value.id == "id");
  CHECK(value.client_id == "client_id");
  CHECK(value.client_secret_set);
  CHECK(value.created_at == moment);
  CHECK(value.identifier == "x");
  CHECK(value.updated_at == moment);
  CHECK(value.permissions == std::map<std::string, std::map<std::string, bool>>{
                                 {"organizations", {{"read", true}, {"update", true}}},
                                 {"users", {{"list", true}, {"read", true}}}});
  const sso::keycard::oauth2_protocol oauth2{"https://example.com", {{"string"}}, "https://example.com",
                                             "https://example.com", {{"string"}}, "https://example.com"};
  const sso::keycard::openid_protocol openid{"https://example.com"};
  CHECK(value.protocols == sso::keycard::protocols{oauth2, openid});
  CHECK(!sso::json::validate(value));
}

TEST_CASE("decoding a Keycard connection with only the required members succeeds", "[keycard]") {
  const auto value = read(least);
  CHECK(!value.client_id);
  CHECK(!value.client_secret_set);
  CHECK(!value.permissions);
  CHECK(!value.protocols);
  CHECK(read(replaced(least, "}", R"(,"permissions":null,"protocols":null})")) == value);
  const auto nulls = read(replaced(least, "}", R"(,"protocols":{"oauth2":null,"openid":null}})"));
  CHECK(nulls.protocols == sso::keycard::protocols{});
}

TEST_CASE("encoding a Keycard connection keeps its value when decoded again", "[keycard]") {
  for (const auto text : {example, least}) {
    const auto value = read(text);
    CHECK(read(sso::json::encode(value)) == value);
  }
  CHECK(sso::json::encode(read(least)) == least);
}

TEST_CASE("decoding a Keycard connection without a required member fails and names the member", "[keycard]") {
  for (const std::string_view name :
       {"id", "client_id", "client_secret_set", "created_at", "identifier", "updated_at"}) {
    const auto other = "x" + std::string{name};
    const auto text = replaced(example, "\"" + std::string{name} + "\":", "\"" + other + "\":");
    CHECK(refuse(text) == std::string{name} + ": required member is missing");
  }
}

TEST_CASE("decoding a Keycard connection with a member of the wrong type fails and names its path",
          "[keycard]") {
  struct row {
    std::string_view from;
    std::string_view to;
    std::string_view what;
  };
  const row table[] = {
      {R"("id":"id")", R"("id":1)", "id: expected string"},
      {R"("id":"id")", R"("id":null)", "id: expected string"},
      {R"("client_id":"client_id")", R"("client_id":true)", "client_id: expected string"},
      {R"("client_secret_set":true)", R"("client_secret_set":"yes")", "client_secret_set: expected boolean"},
      {R"("client_secret_set":true)", R"("client_secret_set":null)", "client_secret_set: expected boolean"},
      {R"("created_at":"2019-12-27T18:11:19.117Z")", R"("created_at":1577470279)",
       "created_at: expected RFC 3339 date-time"},
      {R"("created_at":"2019-12-27T18:11:19.117Z")", R"("created_at":"2019-13-27T18:11:19.117Z")",
       "created_at: expected RFC 3339 date-time"},
      {R"("users":{"read":true)", R"("users":{"read":1)", "permissions.users.read: expected boolean"},
      {R"("users":{"read":true,"list":true})", R"("users":[])", "permissions.users: expected object"},
      {R"("scopes_supported":["string"])", R"("scopes_supported":["string",7])",
       "protocols.oauth2.scopes_supported[1]: expected string"},
      {R"("scopes_supported":["string"])", R"("scopes_supported":"string")",
       "protocols.oauth2.scopes_supported: expected array"},
      {R"({"userinfo_endpoint":"https://example.com"})", R"("https://example.com")",
       "protocols.openid: expected object"},
      {R"("userinfo_endpoint":"https://example.com")", R"("userinfo_endpoint":{})",
       "protocols.openid.userinfo_endpoint: expected string"},
  };
  for (const auto& [from, to, what] : table) CHECK(refuse(replaced(example, from, to)) == what);
}

TEST_CASE("decoding a truncated Keycard connection fails", "[keycard]") {
  for (std::size_t length = 0; length != example.size(); ++length) {
    CAPTURE(length);
    const std::string cut{
        example.substr(0, length)};  // a copy, so that a sanitizer sees a read beyond its end
    CHECK(!refuse(cut).empty());
  }
}

TEST_CASE("decoding a Keycard connection with any changed byte succeeds or fails without a crash",
          "[keycard]") {
  std::size_t refused = 0;
  for (std::size_t at = 0; at != example.size(); ++at) {
    for (const char byte : {'\0', '"', '{', ']', '\\', '0', '\xff'}) {
      std::string text{example};
      text[at] = byte;
      if (const auto value = sso::json::decode<sso_connection>(text); !value) {
        CHECK(value.error().code() == sso::errc::decode_failed);
        ++refused;
      }
    }
  }
  CHECK(refused > example.size());
}

TEST_CASE("decoding a Keycard connection does not apply the rules for sent values", "[keycard]") {
  const auto value = read(replaced(example, R"("identifier":"x")", R"("identifier":"")"));
  CHECK(value.identifier.empty());
  CHECK(sso::json::validate(value) == sso::json::fault{"identifier", "must not be empty"});
}

}  // namespace
