// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/json/encode.hpp>
#include <sso/json/validate.hpp>
#include <sso/keycard/json.hpp>
#include <sso/keycard/params.hpp>

#include <concepts>
#include <string>
#include <vector>

namespace {

using namespace sso::keycard;
using sso::json::encode;
using sso::json::fault;
using sso::json::validate;

std::string oauth2(const oauth2_params& params) {
  return encode(update_params{}.protocols(protocols_params{}.oauth2(params)));
}

std::string in_oauth2(const std::string& members) {
  return R"({"protocols":{"oauth2":{)" + members + "}}}";
}

TEST_CASE("each member of update_params is absent or null or a value", "[keycard]") {
  CHECK(encode(update_params{}) == "{}");

  CHECK(encode(update_params{}.client_id("c")) == R"({"client_id":"c"})");
  CHECK(encode(update_params{}.client_id(sso::null)) == R"({"client_id":null})");

  CHECK(encode(update_params{}.client_secret("s")) == R"({"client_secret":"s"})");
  CHECK(encode(update_params{}.client_secret(sso::secret{"s"})) == R"({"client_secret":"s"})");
  CHECK(encode(update_params{}.client_secret(sso::null)) == R"({"client_secret":null})");

  CHECK(encode(update_params{}.identifier("i")) == R"({"identifier":"i"})");

  CHECK(encode(update_params{}.protocols(protocols_params{})) == R"({"protocols":{}})");
  CHECK(encode(update_params{}.protocols(sso::null)) == R"({"protocols":null})");

  CHECK(encode(update_params{}.protocols(protocols_params{}.oauth2(oauth2_params{}))) ==
        R"({"protocols":{"oauth2":{}}})");
  CHECK(encode(update_params{}.protocols(protocols_params{}.oauth2(sso::null))) ==
        R"({"protocols":{"oauth2":null}})");
  CHECK(encode(update_params{}.protocols(protocols_params{}.openid(openid_params{}))) ==
        R"({"protocols":{"openid":{}}})");
  CHECK(encode(update_params{}.protocols(protocols_params{}.openid(sso::null))) ==
        R"({"protocols":{"openid":null}})");

  CHECK(encode(openid_params{}) == "{}");
  CHECK(encode(openid_params{}.userinfo_endpoint("https://u")) == R"({"userinfo_endpoint":"https://u"})");
  CHECK(encode(openid_params{}.userinfo_endpoint(sso::null)) == R"({"userinfo_endpoint":null})");
}

TEST_CASE("each member of oauth2_params is absent or null or a value", "[keycard]") {
  CHECK(oauth2(oauth2_params{}) == in_oauth2(""));

  CHECK(oauth2(oauth2_params{}.authorization_endpoint("https://a")) ==
        in_oauth2(R"("authorization_endpoint":"https://a")"));
  CHECK(oauth2(oauth2_params{}.authorization_endpoint(sso::null)) ==
        in_oauth2(R"("authorization_endpoint":null)"));

  CHECK(oauth2(oauth2_params{}.code_challenge_methods_supported("S256", "plain")) ==
        in_oauth2(R"("code_challenge_methods_supported":["S256","plain"])"));
  CHECK(oauth2(oauth2_params{}.code_challenge_methods_supported("S256")) ==
        in_oauth2(R"("code_challenge_methods_supported":["S256"])"));
  CHECK(oauth2(oauth2_params{}.code_challenge_methods_supported(std::vector<std::string>{})) ==
        in_oauth2(R"("code_challenge_methods_supported":[])"));
  CHECK(oauth2(oauth2_params{}.code_challenge_methods_supported(sso::null)) ==
        in_oauth2(R"("code_challenge_methods_supported":null)"));

  CHECK(oauth2(oauth2_params{}.jwks_uri("https://j")) == in_oauth2(R"("jwks_uri":"https://j")"));
  CHECK(oauth2(oauth2_params{}.jwks_uri(sso::null)) == in_oauth2(R"("jwks_uri":null)"));

  CHECK(oauth2(oauth2_params{}.registration_endpoint("https://r")) ==
        in_oauth2(R"("registration_endpoint":"https://r")"));
  CHECK(oauth2(oauth2_params{}.registration_endpoint(sso::null)) ==
        in_oauth2(R"("registration_endpoint":null)"));

  const std::vector<std::string> scopes{"openid", "email"};
  CHECK(oauth2(oauth2_params{}.scopes_supported(scopes)) ==
        in_oauth2(R"("scopes_supported":["openid","email"])"));
  CHECK(oauth2(oauth2_params{}.scopes_supported("openid", std::string{"email"})) ==
        in_oauth2(R"("scopes_supported":["openid","email"])"));
  CHECK(oauth2(oauth2_params{}.scopes_supported(sso::null)) == in_oauth2(R"("scopes_supported":null)"));

  CHECK(oauth2(oauth2_params{}.token_endpoint("https://t")) == in_oauth2(R"("token_endpoint":"https://t")"));
  CHECK(oauth2(oauth2_params{}.token_endpoint(sso::null)) == in_oauth2(R"("token_endpoint":null)"));
}

TEST_CASE("a setter called twice keeps the last value", "[keycard]") {
  CHECK(encode(update_params{}.client_id("a").client_id(sso::null)) == R"({"client_id":null})");
  CHECK(encode(update_params{}.client_id(sso::null).client_id("b")) == R"({"client_id":"b"})");
  CHECK(encode(update_params{}.client_id("a").client_id(sso::field<std::string>{})) == "{}");
  CHECK(oauth2(oauth2_params{}.scopes_supported(sso::null).scopes_supported("a").scopes_supported("b")) ==
        in_oauth2(R"("scopes_supported":["b"])"));
}

TEST_CASE("setters work on a named object and on a temporary", "[keycard]") {
  update_params params;
  params.client_id("c");
  update_params& same = params.identifier("https://issuer.example.com/");
  CHECK(&same == &params);
  const std::string name = "named";
  params.client_id(name);
  CHECK(encode(params) == R"({"client_id":"named","identifier":"https://issuer.example.com/"})");
  const update_params copy = update_params{}.client_id(name);
  CHECK(encode(copy) == R"({"client_id":"named"})");
}

TEST_CASE("enable_params encodes its required and optional members", "[keycard]") {
  CHECK(encode(enable_params{"c", "i"}) == R"({"client_id":"c","identifier":"i"})");
  CHECK(encode(enable_params{"c", "i"}.protocols(sso::null)) ==
        R"({"client_id":"c","identifier":"i","protocols":null})");
  CHECK(encode(enable_params{"c", "https://issuer/"}.client_secret("s").protocols(
            protocols_params{}
                .oauth2(oauth2_params{}.jwks_uri("https://j").scopes_supported("a"))
                .openid(openid_params{}.userinfo_endpoint("https://u")))) ==
        R"({"client_id":"c","identifier":"https://issuer/","client_secret":"s","protocols":{"oauth2":)"
        R"({"jwks_uri":"https://j","scopes_supported":["a"]},"openid":{"userinfo_endpoint":"https://u"}}})");
  CHECK(encode(enable_params{"\"\n", "é"}.client_secret(sso::secret{"\\"})) ==
        R"({"client_id":"\"\n","identifier":"é","client_secret":"\\"})");
}

TEST_CASE("validation finds parameters that Keycard would reject", "[keycard]") {
  const std::string most(2048, 'x');
  CHECK(!validate(enable_params{"c", "i"}));
  CHECK(!validate(enable_params{"c", most}));
  CHECK(!validate(update_params{}));
  CHECK(!validate(update_params{}.identifier(most)));
  const fault too_long{"identifier", "must have 1 to 2048 characters, but has 2049"};
  CHECK(validate(enable_params{"c", most + "x"}) == too_long);
  CHECK(validate(update_params{}.identifier(most + "x")) == too_long);
  CHECK(validate(enable_params{"c", ""}) == fault{"identifier", "must not be empty"});

  std::string wide;
  for (int i = 0; i != 2048; ++i) wide += "€";
  CHECK(!validate(enable_params{"c", wide}));
  CHECK(validate(enable_params{"c", wide + "€"}) == too_long);

  const fault no_uri{"", "must be an absolute URI (RFC 3986)"};
  const auto in_protocols = [&](const oauth2_params& params) {
    const auto found = validate(enable_params{"c", "i"}.protocols(protocols_params{}.oauth2(params)));
    REQUIRE(found);
    CHECK(found->rule == no_uri.rule);
    return found->path;
  };
  CHECK(in_protocols(oauth2_params{}.authorization_endpoint("x")) ==
        "protocols.oauth2.authorization_endpoint");
  CHECK(in_protocols(oauth2_params{}.jwks_uri("x")) == "protocols.oauth2.jwks_uri");
  CHECK(in_protocols(oauth2_params{}.registration_endpoint("x")) == "protocols.oauth2.registration_endpoint");
  CHECK(in_protocols(oauth2_params{}.token_endpoint("x")) == "protocols.oauth2.token_endpoint");
  CHECK(validate(update_params{}.protocols(protocols_params{}.openid(openid_params{}.userinfo_endpoint(
            "/userinfo")))) == fault{"protocols.openid.userinfo_endpoint", no_uri.rule});
  CHECK(validate(update_params{}.client_secret("\xff")) == fault{"client_secret", "must be valid UTF-8"});
  CHECK(!validate(update_params{}.client_id(sso::null).client_secret(sso::null).protocols(sso::null)));
}

TEST_CASE("expand appends values and accepts unknown ones", "[keycard]") {
  CHECK(retrieve_params{}.expand().empty());
  const auto params = retrieve_params{}
                          .expand(expansion::permissions, "total_count", std::string{"future"})
                          .expand(expansion::total_count)
                          .expand(std::vector<std::string>{"permissions", "x"});
  const std::vector<sso::open_enum<expansion>> expected{
      expansion::permissions, expansion::total_count, "future",
      expansion::total_count, expansion::permissions, "x"};
  CHECK(params.expand() == expected);
  CHECK(!validate(params));
  CHECK(validate(retrieve_params{}.expand(expansion::permissions, "")) ==
        fault{"expand[1]", "must not be empty"});
}

template <class P>
concept identifier_takes_null = requires(P p) {
  p.identifier(sso::null);
};
template <class P>
concept client_id_takes_null = requires(P p) {
  p.client_id(sso::null);
};
template <class P>
concept client_secret_takes_null = requires(P p) {
  p.client_secret(sso::null);
};
template <class P>
concept client_id_takes_nullptr = requires(P p) {
  p.client_id(nullptr);
};
template <class P>
concept client_id_takes_number = requires(P p) {
  p.client_id(0);
};

static_assert(!identifier_takes_null<update_params>);
static_assert(client_id_takes_null<update_params>);
static_assert(client_secret_takes_null<update_params>);
static_assert(!client_secret_takes_null<enable_params>);
static_assert(!client_id_takes_nullptr<update_params>);
static_assert(!client_id_takes_number<update_params>);
static_assert(!std::default_initializable<enable_params>);
static_assert(!std::is_aggregate_v<update_params> && !std::is_aggregate_v<retrieve_params>);

}  // namespace
