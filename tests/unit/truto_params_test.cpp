// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/json/encode.hpp>
#include <sso/json/validate.hpp>
#include <sso/truto/json.hpp>
#include <sso/truto/params.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace {

using namespace sso::truto;
using sso::json::encode;
using sso::json::fault;
using sso::json::validate;

TEST_CASE("each member of a Truto update is encoded if set", "[truto]") {
  CHECK(encode(update_params{}) == "{}");
  CHECK(encode(update_params{}.protocol(protocol::saml)) == R"({"protocol":"saml"})");
  CHECK(encode(update_params{}.protocol("ws-fed")) == R"({"protocol":"ws-fed"})");
  CHECK(encode(update_params{}.is_active(false)) == R"({"is_active":false})");
  CHECK(encode(update_params{}.enforced(true)) == R"({"enforced":true})");
  CHECK(encode(update_params{}.is_default(true)) == R"({"is_default":true})");
  CHECK(encode(update_params{}.default_role("member")) == R"({"default_role":"member"})");
  CHECK(encode(update_params{}.default_environment_ids("a", std::string{"b"})) ==
        R"({"default_environment_ids":["a","b"]})");
  CHECK(encode(update_params{}.default_environment_ids(std::vector<std::string>{})) ==
        R"({"default_environment_ids":[]})");
  CHECK(encode(update_params{}.client_secret("rp-secret-value")) == R"({"client_secret":"rp-secret-value"})");
  CHECK(encode(update_params{}.client_secret(sso::secret{"s"})) == R"({"client_secret":"s"})");
  CHECK(encode(update_params{}.config(config_params{})) == R"({"config":{}})");
}

TEST_CASE("each member of a Truto configuration is encoded if set", "[truto]") {
  CHECK(encode(config_params{}) == "{}");
  CHECK(encode(config_params{}.idp_entity_id("urn:idp")) == R"({"idp_entity_id":"urn:idp"})");
  CHECK(encode(config_params{}.idp_sso_url("https://idp/sso")) == R"({"idp_sso_url":"https://idp/sso"})");
  CHECK(encode(config_params{}.idp_x509_cert("-----\n")) == R"({"idp_x509_cert":"-----\n"})");
  CHECK(encode(config_params{}.idp_metadata_xml(R"(<x a="b"/>)")) ==
        R"({"idp_metadata_xml":"<x a=\"b\"/>"})");
  CHECK(encode(config_params{}.sign_authn_requests(true)) == R"({"sign_authn_requests":true})");
  CHECK(encode(config_params{}.allow_idp_initiated(false)) == R"({"allow_idp_initiated":false})");
  CHECK(encode(config_params{}.issuer("https://i/")) == R"({"issuer":"https://i/"})");
  CHECK(encode(config_params{}.client_id("c")) == R"({"client_id":"c"})");
  CHECK(encode(config_params{}.discovery_url("https://i/d")) == R"({"discovery_url":"https://i/d"})");
}

TEST_CASE("a complete Truto update is encoded in the order of the API reference", "[truto]") {
  CHECK(
      encode(update_params{}
                 .config(config_params{}.client_id("c").issuer("https://i"))
                 .client_secret("s")
                 .is_active(true)
                 .protocol(protocol::oidc)) ==
      R"({"protocol":"oidc","is_active":true,"client_secret":"s","config":{"issuer":"https://i","client_id":"c"}})");
}

TEST_CASE("validation finds parameters that Truto would reject", "[truto]") {
  CHECK(!validate(update_params{}));
  CHECK(!validate(update_params{}.config(config_params{}.issuer("anything").idp_entity_id("anything"))));
  CHECK(validate(update_params{}.protocol("")) == fault{"protocol", "must not be empty"});
  CHECK(validate(update_params{}.config(config_params{}.idp_sso_url("idp/sso"))) ==
        fault{"config.idp_sso_url", "must be an absolute URI (RFC 3986)"});
  CHECK(validate(update_params{}.config(config_params{}.discovery_url(""))) ==
        fault{"config.discovery_url", "must be an absolute URI (RFC 3986)"});
  CHECK(validate(update_params{}.default_environment_ids("a", "\xc3")) ==
        fault{"default_environment_ids[1]", "must be valid UTF-8"});
}

TEST_CASE("list_params keeps limit and cursor and refuses invalid values", "[truto]") {
  CHECK(!list_params{}.limit());
  CHECK(!list_params{}.next_cursor());
  const auto params = list_params{}.limit(50).next_cursor("abc");
  CHECK(params.limit() == 50);
  CHECK(params.next_cursor() == "abc");
  CHECK(!validate(params));
  CHECK(!validate(list_params{}));
  CHECK(validate(list_params{}.limit(0)) == fault{"limit", "must be at least 1, but is 0"});
  CHECK(validate(list_params{}.next_cursor("")) == fault{"next_cursor", "must not be empty"});
}

// Truto cannot clear members: setters reject null and null pointers. A string is not accepted as a boolean.
template <class P, class T>
concept takes_anywhere = requires(P p, T v) {
  p.protocol(v);
}
|| requires(P p, T v) {
  p.is_active(v);
}
|| requires(P p, T v) {
  p.enforced(v);
}
|| requires(P p, T v) {
  p.is_default(v);
}
|| requires(P p, T v) {
  p.default_role(v);
}
|| requires(P p, T v) {
  p.default_environment_ids(v);
}
|| requires(P p, T v) {
  p.client_secret(v);
}
|| requires(P p, T v) {
  p.config(v);
}
|| requires(P p, T v) {
  p.idp_entity_id(v);
}
|| requires(P p, T v) {
  p.idp_sso_url(v);
}
|| requires(P p, T v) {
  p.idp_x509_cert(v);
}
|| requires(P p, T v) {
  p.idp_metadata_xml(v);
}
|| requires(P p, T v) {
  p.sign_authn_requests(v);
}
|| requires(P p, T v) {
  p.allow_idp_initiated(v);
}
|| requires(P p, T v) {
  p.issuer(v);
}
|| requires(P p, T v) {
  p.client_id(v);
}
|| requires(P p, T v) {
  p.discovery_url(v);
};
template <class P>
concept flag_takes_text = requires(P p) {
  p.is_active("false");
};

static_assert(!takes_anywhere<update_params, sso::null_t>);
static_assert(!takes_anywhere<config_params, sso::null_t>);
static_assert(!takes_anywhere<update_params, std::nullptr_t>);
static_assert(!takes_anywhere<config_params, std::nullptr_t>);
static_assert(takes_anywhere<update_params, bool> && takes_anywhere<config_params, std::string>);
static_assert(!flag_takes_text<update_params>);

}  // namespace
