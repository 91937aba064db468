// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/json/decode.hpp>
#include <sso/json/encode.hpp>
#include <sso/json/validate.hpp>
#include <sso/page.hpp>
#include <sso/truto/domain.hpp>
#include <sso/truto/json.hpp>
#include <sso/truto/sso_connection.hpp>

#include <string>
#include <string_view>

namespace {

namespace truto = sso::truto;

constexpr std::string_view saml =
    R"({"id":"1ba1f401-7183-47c5-9e39-e8e257e3c795","team_id":"05daecaf-4365-42e8-8370-8127de5dd717",)"
    R"("protocol":"saml","is_active":true,"enforced":false,"is_default":true,"config":{)"
    R"("idp_entity_id":"https://idp.example.com/metadata","idp_sso_url":"https://idp.example.com/sso",)"
    R"("idp_x509_cert":"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",)"
    R"("sign_authn_requests":false,"allow_idp_initiated":true},"default_role":"member",)"
    R"("default_environment_ids":["a","b"],"created_at":"2021-08-10T10:00:00.000Z",)"
    R"("updated_at":"2021-08-10T10:30:00.000Z"})";

constexpr std::string_view oidc =
    R"({"id":"1ba1f401-7183-47c5-9e39-e8e257e3c795","protocol":"oidc","config":{)"
    R"("issuer":"https://accounts.example.com","client_id":"truto-client",)"
    R"("discovery_url":"https://accounts.example.com/.well-known/openid-configuration"}})";

template <class T>
T read(std::string_view text) {
  auto value = sso::json::decode<T>(text);
  if (!value) FAIL(value.error().message());
  return *value;
}

template <class T>
std::string refuse(std::string_view text) {
  const auto value = sso::json::decode<T>(text);
  REQUIRE(!value);
  return value.error().what();
}

TEST_CASE("decoding Truto connections of both protocols reads all members", "[truto]") {
  const auto first = read<truto::sso_connection>(saml);
  CHECK(first.id == "1ba1f401-7183-47c5-9e39-e8e257e3c795");
  CHECK(first.team_id == "05daecaf-4365-42e8-8370-8127de5dd717");
  CHECK(first.protocol == truto::protocol::saml);
  CHECK(first.is_active == true);
  CHECK(first.enforced == false);
  CHECK(first.is_default == true);
  REQUIRE(first.config.has_value());
  CHECK(first.config->idp_entity_id == "https://idp.example.com/metadata");
  CHECK(first.config->idp_sso_url == "https://idp.example.com/sso");
  CHECK(first.config->idp_x509_cert == "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
  CHECK(first.config->sign_authn_requests == false);
  CHECK(first.config->allow_idp_initiated == true);
  CHECK(!first.config->issuer);
  CHECK(first.default_role == "member");
  CHECK(first.default_environment_ids == std::vector<std::string>{"a", "b"});
  CHECK(first.created_at == sso::parse_timestamp("2021-08-10T10:00:00Z"));
  CHECK(first.updated_at == sso::parse_timestamp("2021-08-10T10:30:00Z"));

  const auto second = read<truto::sso_connection>(oidc);
  CHECK(second.protocol == truto::protocol::oidc);
  REQUIRE(second.config.has_value());
  CHECK(second.config->issuer == "https://accounts.example.com");
  CHECK(second.config->client_id == "truto-client");
  CHECK(second.config->discovery_url == "https://accounts.example.com/.well-known/openid-configuration");
  CHECK(!second.is_active);
  CHECK(!second.created_at);
  CHECK(!sso::json::validate(first));
  CHECK(!sso::json::validate(second));
}

TEST_CASE("encoding a Truto connection gives the decoded text", "[truto]") {
  for (const auto text : {saml, oidc}) {
    const auto value = read<truto::sso_connection>(text);
    CHECK(sso::json::encode(value) == text);
    CHECK(read<truto::sso_connection>(sso::json::encode(value)) == value);
  }
}

TEST_CASE("decoding a Truto connection requires only the id", "[truto]") {
  CHECK(read<truto::sso_connection>(R"({"id":"x"})").id == "x");
  CHECK(refuse<truto::sso_connection>("{}") == "id: required member is missing");
  CHECK(refuse<truto::sso_connection>(R"({"id":"x","config":{"issuer":1}})") ==
        "config.issuer: expected string");
  CHECK(refuse<truto::sso_connection>(R"({"id":"x","is_active":"true"})") == "is_active: expected boolean");
  CHECK(refuse<truto::sso_connection>(R"({"id":"x","default_environment_ids":["a",{}]})") ==
        "default_environment_ids[1]: expected string");
}

TEST_CASE("decoding and encoding a Truto connection keeps an unknown protocol", "[truto]") {
  const auto value = read<truto::sso_connection>(R"({"id":"x","protocol":"ws-fed"})");
  CHECK(!value.protocol->known());
  CHECK(sso::json::encode(value) == R"({"id":"x","protocol":"ws-fed"})");
}

TEST_CASE("decoding a Truto time accepts both formats", "[truto]") {
  const auto value = read<truto::sso_connection>(
      R"({"id":"x","created_at":"2024-09-01 10:00:00","updated_at":"2024-09-01T10:00:00.000Z"})");
  CHECK(value.created_at == value.updated_at);
}

TEST_CASE("decoding a Truto domain and its verification reads all members", "[truto]") {
  const std::string_view text =
      R"({"domain":"example.com","sso_connection_id":"1ba1f401-7183-47c5-9e39-e8e257e3c795",)"
      R"("team_id":"05daecaf-4365-42e8-8370-8127de5dd717","verified":false,)"
      R"("verification_token":"3b1f9c2a-7e44-4d0b-9a1e-2c5f8d6b0a11",)"
      R"("verification_record":"truto-domain-verification=3b1f9c2a-7e44-4d0b-9a1e-2c5f8d6b0a11",)"
      R"("created_at":"2021-08-10T10:00:00.000Z","updated_at":"2021-08-10T10:30:00.000Z"})";
  const auto value = read<truto::domain>(text);
  CHECK(value.domain == "example.com");
  CHECK(value.verified == false);
  CHECK(value.verification_token == "3b1f9c2a-7e44-4d0b-9a1e-2c5f8d6b0a11");
  CHECK(value.verification_record == truto::verification_record(*value.verification_token));
  CHECK(sso::json::encode(value) == text);
  CHECK(refuse<truto::domain>(R"({"verified":true})") == "domain: required member is missing");

  const auto passed = read<truto::domain_verification>(R"({"domain":"example.com","verified":true})");
  CHECK(passed.verified);
  CHECK(!passed.detail);
  const auto failed = read<truto::domain_verification>(R"({"verified":false,"detail":"no TXT record"})");
  CHECK(!failed.verified);
  CHECK(failed.detail == "no TXT record");
  CHECK(refuse<truto::domain_verification>("{}") == "verified: required member is missing");
}

TEST_CASE("decoding a Truto list gives a page", "[truto]") {
  using page = sso::page<truto::domain>;
  const auto more = read<page>(
      R"({"result":[{"domain":"a"},{"domain":"b"}],"next_cursor":"c","prev_cursor":null,"limit":2})");
  REQUIRE(more.items.size() == 2);
  CHECK(more.items[1].domain == "b");
  CHECK(more.next_cursor == "c");
  CHECK(!read<page>(R"({"result":[]})").next_cursor);
  CHECK(!read<page>(R"({"result":[],"next_cursor":null})").next_cursor);
  CHECK(read<page>(sso::json::encode(more)) == more);
  CHECK(refuse<page>("{}") == "result: required member is missing");
  CHECK(refuse<page>("[]") == "expected object");
  CHECK(refuse<page>(R"({"result":[{"domain":"a"},{}]})") == "result[1].domain: required member is missing");
  CHECK(refuse<page>(R"({"result":[],"next_cursor":5})") == "next_cursor: expected string");
}

}  // namespace
