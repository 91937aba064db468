// SPDX-License-Identifier: BSL-1.0
#include "made_keys.hpp"
#include "provider_documents.hpp"
#include "reports.hpp"

#include <sso/doctor/keys.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

using sso::doctor::check_keys;
using sso::doctor::expectation;
using sso::doctor::severity;

namespace {

namespace json = boost::json;

expectation stored(std::vector<std::string> algorithms = {"RS256"}) {
  expectation out;
  out.issuer = good_issuer;
  out.algorithms = std::move(algorithms);
  out.now = noon;
  return out;
}

json::object rsa_key(const char* kid = "1", int number = 0) {
  return to_jwk(make_test_key("RSA-2048", number).get(), kid);
}

std::string set_of(json::array keys) {
  return json::serialize(json::object{{"keys", std::move(keys)}});
}

sso::doctor::report report_of(json::array keys, const expectation& expected = stored()) {
  auto report = check_keys(set_of(std::move(keys)), expected);
  check_form(report);
  return report;
}

json::object with(json::object key, const char* member, json::value value) {
  key[member] = std::move(value);
  return key;
}

json::object without(json::object key, const char* member) {
  key.erase(member);
  return key;
}

}  // namespace

TEST_CASE("check_keys finds nothing in a correct key set") {
  const auto report = report_of({rsa_key("1"), rsa_key("2", 1)});
  INFO(report);
  CHECK(all_found(report) == ids{});
  for (const auto* id :
       {"keys.not_json", "keys.none", "keys.none_usable", "keys.weak", "keys.private", "keys.id_missing",
        "keys.id_repeated", "keys.certificate_mismatch", "keys.per_application"}) {
    INFO(id);
    CHECK(passed(report, id));
  }
}

TEST_CASE("check_keys accepts the variations of real providers") {
  json::array keys{rsa_key()};
  SECTION("EC and Ed25519 keys beside RSA keys") {
    for (const auto* name : {"P-256", "P-384", "P-521", "Ed25519", "Ed448"}) {
      keys.push_back(to_jwk(make_test_key(name).get(), name));
    }
  }
  SECTION("a key without use and alg") {
    keys = {without(rsa_key(), "use")};
  }
  SECTION("optional members that are null") {
    auto key = rsa_key();
    for (const auto* name : {"use", "key_ops", "alg", "x5c", "x5t", "d", "oth", "k"}) key[name] = nullptr;
    key["kid"] = nullptr;
    keys = {key};
  }
  SECTION("a key with alg") {
    keys = {with(rsa_key(), "alg", "RS256")};
  }
  SECTION("a key with key_ops") {
    keys = {with(without(rsa_key(), "use"), "key_ops", {"verify"})};
  }
  SECTION("a kid with any characters or a single key without kid") {
    keys = {GENERATE(with(rsa_key(), "kid", "\xc3\xa4 /?=\\\""), without(rsa_key(), "kid"))};
  }
  SECTION("keys of unknown types") {
    keys.push_back({{"kty", "AKP"}, {"kid", "2"}, {"alg", "ML-DSA-44"}, {"pub", "AAAA"}});
    keys.push_back({{"kty", "EC"}, {"kid", "3"}, {"crv", "BP-256"}, {"x", "AA"}, {"y", "AA"}});
    keys.push_back({{"kty", "OKP"}, {"kid", "4"}, {"crv", "X25519"}, {"x", "IA0SO6bF="}});
  }
  SECTION("encryption keys") {
    keys.push_back(with(rsa_key("2"), "use", "enc"));
  }
  SECTION("base64url padding and leading zeros of an RSA modulus") {
    auto key = rsa_key();
    const auto modulus = number_of(make_test_key("RSA-2048").get(), OSSL_PKEY_PARAM_RSA_N);
    key["n"] = json::string{to_base64(std::string(1, '\0') + modulus)};
    keys = {key};
  }
  SECTION("an EC coordinate without its leading zeros") {
    auto key = to_jwk(make_test_key("P-256").get(), "2");
    keys.push_back(key);
  }
  SECTION("members that the provider has added") {
    keys = {with(rsa_key(), "issuer", "https://x/{tenantid}")};
  }
  const auto report = report_of(keys);
  INFO(report);
  CHECK(all_found(report) == ids{});
}

TEST_CASE("check_keys reports a key set without keys as critical") {
  const auto text =
      GENERATE("{}", R"({"keys":[]})", R"({"keys":null})", R"({"keys":{}})", R"({"keys":["x",1]})");
  const auto report = check_keys(text, stored());
  check_form(report);
  CHECK(all_found(report) == ids{"keys.none"});
  CHECK(the(report, "keys.none").severity == severity::critical);
  CHECK(undecided(report, "keys.none_usable") != "");
}

TEST_CASE("check_keys reports a key set that is not JSON as critical") {
  const auto text = GENERATE("", "[]", "<html>", "{\"keys\":[}");
  const auto report = check_keys(text, stored());
  check_form(report);
  CHECK(all_found(report) == ids{"keys.not_json"});
  CHECK(the(report, "keys.not_json").severity == severity::critical);
  CHECK(undecided(report, "keys.none") != "");
  CHECK(all_found(check_keys("\xef\xbb\xbf" + set_of({rsa_key()}), stored())) == ids{"keys.not_json"});
}

TEST_CASE("check_keys reports a key set without a usable ID token key as an error") {
  const auto key =
      GENERATE(with(rsa_key(), "use", "enc"), with(without(rsa_key(), "use"), "key_ops", {"encrypt"}),
               with(rsa_key(), "alg", "RSA-OAEP"), with(rsa_key(), "alg", "PS256"),
               with(rsa_key(), "kty", "XYZ"), without(rsa_key(), "kty"), without(rsa_key(), "n"),
               without(rsa_key(), "e"), with(rsa_key(), "n", "not base64url!"), with(rsa_key(), "n", ""),
               to_jwk(make_test_key("P-256").get(), "1"), to_jwk(make_test_key("Ed25519").get(), "1"),
               json::object{{"kty", "EC"}, {"kid", "1"}, {"crv", "BP-256"}});
  const auto report = report_of({key});
  INFO(json::serialize(key) << "\n" << report);
  CHECK(all_found(report) == ids{"keys.none_usable"});
  CHECK(the(report, "keys.none_usable").severity == severity::error);
  CHECK(all_found(report_of({key, rsa_key("good")})) == ids{});
}

TEST_CASE("check_keys compares key types with the supported algorithms") {
  struct row {
    const char* key;
    const char* algorithm;
    bool usable;
  };
  const auto one =
      GENERATE(row{"RSA-2048", "RS512", true}, row{"RSA-2048", "PS256", true},
               row{"RSA-2048", "ES256", false}, row{"P-256", "ES256", true}, row{"P-256", "ES384", false},
               row{"P-384", "ES384", true}, row{"P-521", "ES512", true}, row{"Ed25519", "EdDSA", true},
               row{"Ed25519", "Ed25519", true}, row{"Ed448", "EdDSA", true}, row{"P-256", "RS256", false},
               // Without asymmetric algorithms, `discovery.algorithms` reports the fault.
               row{"RSA-2048", "HS256", true}, row{"P-256", "none", true});
  const auto report = report_of({to_jwk(make_test_key(one.key).get(), "1")}, stored({one.algorithm}));
  INFO(one.key << " " << one.algorithm << "\n" << report);
  CHECK(all_found(report) == (one.usable ? ids{} : ids{"keys.none_usable"}));
  CHECK(all_found(report_of({to_jwk(make_test_key(one.key).get(), "1")}, stored({}))) == ids{});
}

TEST_CASE("check_keys reports weak keys as a warning beside strong keys and as an error otherwise") {
  auto off_curve = to_jwk(make_test_key("P-256").get(), "weak");
  off_curve["y"] = off_curve["x"];
  const auto one = GENERATE_COPY(
      to_jwk(make_test_key("RSA-1024").get(), "weak"), with(rsa_key("weak"), "e", "AQ"),
      with(rsa_key("weak"), "e", "AQAA"), off_curve,
      with(to_jwk(make_test_key("P-256").get(), "weak"), "x", json::string{std::string(60, 'A')}));
  auto report = report_of({one}, stored({}));
  INFO(json::serialize(one) << "\n" << report);
  CHECK(all_found(report) == ids{"keys.weak"});
  CHECK(the(report, "keys.weak").severity == severity::error);
  report = report_of({one, rsa_key("strong")}, stored({}));
  CHECK(all_found(report) == ids{"keys.weak"});
  CHECK(the(report, "keys.weak").severity == severity::warning);
  CHECK(the(report, "keys.weak").actual.starts_with("kid weak: "));
}

TEST_CASE("check_keys reports a weak encryption key as a warning") {
  const auto report =
      report_of({with(to_jwk(make_test_key("RSA-1024").get(), "2"), "use", "enc"), rsa_key()});
  CHECK(all_found(report) == ids{"keys.weak"});
  CHECK(the(report, "keys.weak").severity == severity::warning);
}

TEST_CASE("check_keys reports private and secret keys as critical and does not print them") {
  const auto* member = GENERATE("d", "p", "q", "dp", "dq", "qi", "oth", "k");
  const auto report = report_of({rsa_key("0"), with(rsa_key("1", 1), member, "canary")});
  CHECK(all_found(report) == ids{"keys.private"});
  CHECK(the(report, "keys.private").severity == severity::critical);
  CHECK(the(report, "keys.private").actual == std::string{"kid 1 has "} + member);
  CHECK(to_json(report).find("canary") == std::string::npos);
  CHECK(all_found(report_of({rsa_key("0"), with(rsa_key("1", 1), member, nullptr)})).empty());
  const auto symmetric =
      report_of({rsa_key("0"), json::object{{"kty", "oct"}, {"kid", "1"}, {"k", "canary"}}});
  CHECK(all_found(symmetric) == ids{"keys.private"});
}

TEST_CASE("check_keys requires a unique kid for each of several keys") {
  CHECK(all_found(report_of({rsa_key("1"), without(rsa_key("2", 1), "kid")})) == ids{"keys.id_missing"});
  CHECK(all_found(report_of({rsa_key("1"), with(rsa_key("2", 1), "kid", "")})) == ids{"keys.id_missing"});
  CHECK(the(report_of({json::object{}, rsa_key("1"), without(rsa_key("2", 1), "kid")}), "keys.id_missing")
            .actual == "keys[0], keys[2]");
  const auto report = report_of({rsa_key("same"), rsa_key("same", 1), rsa_key("same")});
  CHECK(all_found(report) == ids{"keys.id_repeated"});
  CHECK(the(report, "keys.id_repeated").actual == "same");
}

TEST_CASE("check_keys compares the certificate of a key with the key") {
  const auto certificate = [](const certificate_recipe& recipe) {
    return json::array{json::string{make_test_certificate(recipe).base64()}};
  };
  certificate_recipe recipe;
  CHECK(all_found(report_of({with(rsa_key(), "x5c", certificate(recipe))})) == ids{});
  recipe.key_number = 1;
  auto report = report_of({with(rsa_key(), "x5c", certificate(recipe))});
  CHECK(all_found(report) == ids{"keys.certificate_mismatch"});
  CHECK(the(report, "keys.certificate_mismatch").severity == severity::warning);
  report = report_of({with(rsa_key(), "x5c", {"AAAA"})});
  CHECK(the(report, "keys.certificate_mismatch").severity == severity::warning);
  recipe.key_number = 0;
  recipe.until = noon - std::chrono::days{1};
  report = report_of({with(rsa_key(), "x5c", certificate(recipe))});
  CHECK(all_found(report) == ids{"keys.certificate_mismatch"});
  CHECK(the(report, "keys.certificate_mismatch").severity == severity::info);
  auto timeless = stored();
  timeless.now.reset();
  CHECK(all_found(report_of({with(rsa_key(), "x5c", certificate(recipe))}, timeless)) == ids{});
  CHECK(all_found(report_of({with(rsa_key(), "x5c", json::array{})})) == ids{});
}

TEST_CASE("check_keys reports that Entra ID may have keys per application") {
  auto expected = stored();
  expected.client_id = "client";
  const auto* issuer = GENERATE("https://login.microsoftonline.com/t/v2.0", "https://sts.windows.net/t/",
                                "https://tenant.ciamlogin.com/t/v2.0");
  expected.issuer = issuer;
  expected.jwks_uri = "https://login.microsoftonline.com/t/discovery/v2.0/keys";
  auto report = report_of({rsa_key()}, expected);
  CHECK(all_found(report) == ids{"keys.per_application"});
  CHECK(the(report, "keys.per_application").advice.find("?appid=client") != std::string::npos);
  expected.jwks_uri += "?appid=client";
  CHECK(all_found(report_of({rsa_key()}, expected)) == ids{});
  expected.issuer = "https://login.microsoftonline.com.example.com/t";
  expected.jwks_uri.clear();
  CHECK(all_found(report_of({rsa_key()}, expected)) == ids{});
}

TEST_CASE("check_keys finds a duplicate member") {
  const auto key = json::serialize(rsa_key());
  const auto text = R"({"keys":[{"kid":"0",)" + key.substr(1) + "]}";
  const auto report = check_keys(text, stored());
  INFO(report);
  CHECK(all_found(report) == ids{"keys.not_json"});
  CHECK(the(report, "keys.not_json").severity == severity::error);
  CHECK(the(report, "keys.not_json").actual == "keys[0].kid");
}

TEST_CASE("check_keys checks a limited number of keys and leaves the result undecided") {
  std::string text = R"({"keys":[)";
  for (int i = 0; i != 1500; ++i) text += R"({"kty":"oct"},)";
  text += "{}]}";
  const auto report = check_keys(text, stored());
  check_form(report);
  CHECK(undecided(report, "keys.private").find("first 1000 of 1501") != std::string::npos);
  CHECK(undecided(report, "keys.weak") != "");
}
