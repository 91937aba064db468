// SPDX-License-Identifier: BSL-1.0
#include "provider_documents.hpp"
#include "reports.hpp"

#include <sso/doctor/discovery.hpp>

#include <optional>

using sso::doctor::check_discovery;
using sso::doctor::expectation;
using sso::doctor::severity;

namespace {

struct broken {
  const char* id;
  severity level;
  const char* member;
  boost::json::value value;  // null: remove the member
};

std::string text_of(const broken& one) {
  return one.value.is_null() ? document_without(one.member) : document_with(one.member, one.value);
}

expectation stored(std::string issuer = good_issuer) {
  expectation out;
  out.issuer = std::move(issuer);
  return out;
}

std::string good_text() {
  return boost::json::serialize(good_document());
}

}  // namespace

TEST_CASE("check_discovery finds nothing in a correct document") {
  const auto report = check_discovery(good_text(), stored());
  INFO(report);
  check_form(report);
  CHECK(all_found(report) == ids{});
  CHECK(report.ok());
  for (const auto* id :
       {"discovery.not_json", "issuer.malformed", "issuer.is_discovery_url", "issuer.template",
        "discovery.issuer_mismatch", "discovery.member_missing", "discovery.endpoint_malformed",
        "discovery.endpoint_elsewhere", "discovery.no_code_flow", "discovery.no_pkce", "discovery.algorithms",
        "discovery.scopes", "discovery.auth_methods", "discovery.requires_par"}) {
    INFO(id);
    CHECK(passed(report, id));
  }
}

TEST_CASE("check_discovery reports exactly one finding for a document with one fault") {
  using json = boost::json::array;
  const auto one = GENERATE(
      broken{"discovery.issuer_mismatch", severity::critical, "issuer", "https://idp.example.com/other"},
      broken{"discovery.member_missing", severity::error, "issuer", nullptr},
      broken{"discovery.member_missing", severity::error, "issuer", 5},
      broken{"discovery.member_missing", severity::error, "authorization_endpoint", nullptr},
      broken{"discovery.member_missing", severity::error, "token_endpoint", nullptr},
      broken{"discovery.member_missing", severity::error, "jwks_uri", nullptr},
      broken{"discovery.member_missing", severity::error, "response_types_supported", nullptr},
      broken{"discovery.member_missing", severity::error, "subject_types_supported", nullptr},
      broken{"discovery.member_missing", severity::error, "id_token_signing_alg_values_supported", nullptr},
      broken{"discovery.endpoint_malformed", severity::error, "token_endpoint",
             "http://idp.example.com/token"},
      broken{"discovery.endpoint_malformed", severity::error, "token_endpoint", "/token"},
      broken{"discovery.endpoint_malformed", severity::error, "token_endpoint", "idp.example.com/token"},
      broken{"discovery.endpoint_malformed", severity::error, "token_endpoint", ""},
      broken{"discovery.endpoint_malformed", severity::error, "token_endpoint", "https:///token"},
      broken{"discovery.endpoint_malformed", severity::error, "token_endpoint",
             "https://idp.example.com:x1/token"},
      broken{"discovery.endpoint_malformed", severity::error, "token_endpoint",
             "https://idp.example.com:99999/"},
      broken{"discovery.endpoint_malformed", severity::error, "token_endpoint",
             "https://idp.example.com/a b"},
      broken{"discovery.endpoint_malformed", severity::error, "token_endpoint",
             "ftp://idp.example.com/token"},
      broken{"discovery.endpoint_malformed", severity::error, "jwks_uri", "https://idp.example.com/keys#1"},
      broken{"discovery.endpoint_malformed", severity::error, "userinfo_endpoint",
             "https://u@idp.example.com/"},
      broken{"discovery.endpoint_elsewhere", severity::info, "token_endpoint",
             "https://api.example.com/token"},
      broken{"discovery.no_code_flow", severity::error, "response_types_supported", json{"id_token"}},
      broken{"discovery.no_code_flow", severity::error, "response_types_supported", json{"code id_token"}},
      broken{"discovery.no_code_flow", severity::error, "response_types_supported", json{}},
      broken{"discovery.no_code_flow", severity::error, "grant_types_supported", json{"implicit"}},
      broken{"discovery.no_pkce", severity::warning, "code_challenge_methods_supported", json{"plain"}},
      broken{"discovery.no_pkce", severity::info, "code_challenge_methods_supported", nullptr},
      broken{"discovery.algorithms", severity::error, "id_token_signing_alg_values_supported", json{"ES256"}},
      broken{"discovery.algorithms", severity::error, "id_token_signing_alg_values_supported",
             json{"HS256", "none"}},
      broken{"discovery.scopes", severity::error, "scopes_supported", json{"email", "profile"}},
      broken{"discovery.scopes", severity::info, "scopes_supported", json{"openid", "profile"}},
      broken{"discovery.scopes", severity::info, "scopes_supported", json{"openid", "email"}},
      broken{"discovery.auth_methods", severity::warning, "token_endpoint_auth_methods_supported",
             json{"private_key_jwt"}},
      broken{"discovery.auth_methods", severity::info, "token_endpoint_auth_methods_supported",
             json{"client_secret_post"}},
      broken{"discovery.auth_methods", severity::info, "token_endpoint_auth_methods_supported",
             json{"client_secret_basic", "private_key_jwt"}},
      broken{"discovery.requires_par", severity::warning, "require_pushed_authorization_requests", true},
      broken{"issuer.template", severity::critical, "issuer", "https://idp.example.com/{tenantid}"},
      broken{"issuer.template", severity::critical, "token_endpoint",
             "https://idp.example.com/{tenant}/token"});
  const auto report = check_discovery(text_of(one), stored());
  INFO(text_of(one) << "\n" << report);
  check_form(report);
  CHECK(all_found(report) == ids{one.id});
  CHECK(the(report, one.id).severity == one.level);
  CHECK_FALSE(passed(report, one.id));
}

TEST_CASE("check_discovery accepts the variations of real providers") {
  using json = boost::json::array;
  auto document = good_document();
  std::string issuer = good_issuer;
  SECTION("an issuer with a trailing slash") {
    issuer += '/';
  }
  SECTION("an issuer without a path") {
    issuer = "https://idp.example.com";
  }
  SECTION("unknown members") {
    document["tenant_region_scope"] = nullptr;
    document["mtls_endpoint_aliases"] = {{"token_endpoint", "https://mtls.example.com/token"}};
    document["a"] = {{"deep", {1, 2.5, true, json{json{}}}}};
  }
  SECTION("HS256 beside RS256") {
    document["id_token_signing_alg_values_supported"] = {"HS256", "none", "RS256", "EdDSA"};
  }
  SECTION("a jwks_uri with a query") {
    document["jwks_uri"] = "https://idp.example.com/keys?p=1&q=a%20b&r=%7B%7D";
  }
  SECTION("an empty list of authentication methods") {
    document["token_endpoint_auth_methods_supported"] = json{};
  }
  SECTION("no list of authentication methods") {
    document.erase("token_endpoint_auth_methods_supported");
  }
  SECTION("no list of grant types or an empty one") {
    document["grant_types_supported"] = json{};
  }
  SECTION("no list of scopes") {
    document.erase("scopes_supported");
  }
  SECTION("an empty list of scopes") {
    document["scopes_supported"] = json{};
  }
  SECTION("PAR offered but not required") {
    document["require_pushed_authorization_requests"] = false;
    document["pushed_authorization_request_endpoint"] = "https://idp.example.com/par";
  }
  SECTION("optional members that are null") {
    for (const auto* name :
         {"registration_endpoint", "grant_types_supported", "scopes_supported",
          "token_endpoint_auth_methods_supported", "require_pushed_authorization_requests"}) {
      document[name] = nullptr;
    }
  }
  document["issuer"] = issuer;
  const auto report = check_discovery(boost::json::serialize(document), stored(issuer));
  INFO(report);
  CHECK(all_found(report) == ids{});
}

TEST_CASE("check_discovery takes a required member that is null as missing") {
  const auto* name = GENERATE("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri",
                              "response_types_supported", "subject_types_supported",
                              "id_token_signing_alg_values_supported", "code_challenge_methods_supported");
  const auto with_null = check_discovery(document_with(name, nullptr), stored());
  INFO(name << "\n" << with_null);
  CHECK(with_null == check_discovery(document_without(name), stored()));
  CHECK(all_found(with_null).size() == 1);
}

TEST_CASE("check_discovery reports endpoints on several hosts as information") {
  auto document = good_document();
  document["token_endpoint"] = "https://api.example.com/token";
  document["jwks_uri"] = "https://keys.example.com/";
  const auto report = check_discovery(boost::json::serialize(document), stored());
  CHECK(found(report) == ids{});
  CHECK(the(report, "discovery.endpoint_elsewhere").actual ==
        "token_endpoint: api.example.com, jwks_uri: keys.example.com");
}

TEST_CASE("check_discovery reports a provider that requires PAR and has a PAR endpoint as information") {
  auto document = good_document();
  document["require_pushed_authorization_requests"] = true;
  document["pushed_authorization_request_endpoint"] = "https://idp.example.com/par";
  const auto report = check_discovery(boost::json::serialize(document), stored());
  CHECK(all_found(report) == ids{"discovery.requires_par"});
  CHECK(the(report, "discovery.requires_par").severity == severity::info);
}

TEST_CASE("check_discovery classifies how two issuers differ") {
  struct row {
    const char* stored;
    const char* theirs;
    const char* difference;
  };
  const auto one =
      GENERATE(row{"https://a.example/t", "https://a.example/t/", "trailing slash"},
               row{"https://a.example/t/", "https://a.example/t", "trailing slash"},
               row{"https://a.example/t", "https://a.example/T", "case"},
               row{"https://A.example/t", "https://a.example/t", "case"},
               row{"https://a.example/t", "http://a.example/t", "scheme"},
               row{"http://a.example/t", "https://a.example/t", "scheme"},
               row{"https://a.example/t", "https://a.example:8443/t", "port"},
               row{"https://a.example/t", "https://a.example:443/t", "port"},
               row{"https://a.example/t", "https://a.example/u", "path"},
               row{"https://a.example", "https://a.example/u", "path"},
               row{"https://a.example/t", "https://b.example/t", "other"},
               row{"https://a.example/t", "not a URL", "other"}, row{"https://a.example/t", "", "other"});
  const auto report = check_discovery(document_with("issuer", one.theirs), stored(one.stored));
  INFO(one.stored << " " << one.theirs << "\n" << report);
  CHECK(found(report) == ids{"discovery.issuer_mismatch"});
  CHECK(the(report, "discovery.issuer_mismatch").message.ends_with(std::string{": "} + one.difference + "."));
  CHECK(the(report, "discovery.issuer_mismatch").expected == one.stored);
  CHECK(the(report, "discovery.issuer_mismatch").actual == one.theirs);
}

TEST_CASE("check_discovery reports a malformed stored issuer as the only finding") {
  struct row {
    const char* stored;
    const char* id;
    severity level;
  };
  const auto one = GENERATE(
      row{"https://idp.example.com/tenant?x=1", "issuer.malformed", severity::error},
      row{"https://idp.example.com/tenant#x", "issuer.malformed", severity::error},
      row{"https://user:word@idp.example.com/tenant", "issuer.malformed", severity::error},
      row{" https://idp.example.com/tenant", "issuer.malformed", severity::error},
      row{"https://idp.example.com/tenant\n", "issuer.malformed", severity::error},
      row{"idp.example.com/tenant", "issuer.malformed", severity::error},
      row{"x", "issuer.malformed", severity::error}, row{"urn:idp", "issuer.malformed", severity::error},
      row{"ftp://idp.example.com", "issuer.malformed", severity::error},
      row{"https://idp.example.com/tenant/.well-known/openid-configuration", "issuer.is_discovery_url",
          severity::critical},
      row{"https://idp.example.com/.well-known/oauth-authorization-server/tenant", "issuer.is_discovery_url",
          severity::critical},
      row{"https://idp.example.com/{tenant}", "issuer.template", severity::critical},
      row{"https://idp.example.com/%7Btenantid%7D/v2.0", "issuer.template", severity::critical},
      row{"https://idp.example.com/%7btenantid%7d/v2.0", "issuer.template", severity::critical},
      row{"https://idp.example.com/{tenant}/.well-known/openid-configuration", "issuer.template",
          severity::critical});
  const auto report = check_discovery(good_text(), stored(one.stored));
  INFO(one.stored << "\n" << report);
  check_form(report);
  CHECK(found(report) == ids{one.id});
  CHECK(the(report, one.id).severity == one.level);
  CHECK(undecided(report, "discovery.issuer_mismatch") == std::string{"explained by "} + one.id);
  CHECK(the(report, one.id).subject.find("word") == std::string::npos);
  CHECK(the(report, one.id).actual.find("word") == std::string::npos);
}

TEST_CASE("check_discovery reports an http issuer once even if the endpoints use http too") {
  auto document = good_document();
  for (const auto* member :
       {"issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"}) {
    std::string url{document[member].as_string()};
    document[member] = url.replace(0, 5, "http");
  }
  const auto report =
      check_discovery(boost::json::serialize(document), stored("http://idp.example.com/tenant"));
  INFO(report);
  CHECK(all_found(report) == ids{"issuer.malformed"});
}

TEST_CASE("check_discovery accepts plain http for a loopback provider") {
  const auto* host = GENERATE("localhost", "idp.localhost", "127.0.0.1", "[::1]", "127.1", "localhost.");
  auto document = good_document();
  const auto issuer = std::string{"http://"} + host + ":8080/tenant";
  document["issuer"] = issuer;
  for (const auto* member : {"authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"}) {
    document[member] = issuer + "/x";
  }
  const auto report = check_discovery(boost::json::serialize(document), stored(issuer));
  INFO(report);
  CHECK(all_found(report) == ids{});
}

TEST_CASE("check_discovery advises which issuer to store instead of a discovery URL") {
  const auto report =
      check_discovery(good_text(), stored("https://idp.example.com/tenant/.well-known/openid-configuration"));
  CHECK(the(report, "issuer.is_discovery_url").advice.find("https://idp.example.com/tenant ") !=
        std::string::npos);
}

TEST_CASE("check_discovery leaves issuer checks undecided if the issuer is empty") {
  const auto report = check_discovery(good_text(), stored(""));
  check_form(report);
  CHECK(all_found(report) == ids{});
  for (const auto* id : {"issuer.malformed", "issuer.is_discovery_url", "issuer.template",
                         "discovery.issuer_mismatch", "discovery.endpoint_elsewhere"}) {
    CHECK(undecided(report, id) != "");
  }
}

TEST_CASE("check_discovery compares the stored discovery URL with the issuer") {
  auto expected = stored();
  const auto report_of = [&](const char* url, const std::string& document) {
    expected.discovery_url = url;
    auto report = check_discovery(document, expected);
    check_form(report);
    return report;
  };
  SECTION("the discovery URL of the issuer with or without a query") {
    const auto* url = GENERATE("https://idp.example.com/tenant/.well-known/openid-configuration",
                               "https://idp.example.com/tenant/.well-known/openid-configuration?appid=x");
    const auto report = report_of(url, good_text());
    CHECK(all_found(report) == ids{});
    CHECK(passed(report, "discovery.url_of_other_issuer"));
  }
  SECTION("another discovery URL that serves the document of the issuer") {
    const auto report =
        report_of("https://login.example.com/t/.well-known/openid-configuration", good_text());
    CHECK(all_found(report) == ids{"discovery.url_of_other_issuer"});
    CHECK(the(report, "discovery.url_of_other_issuer").severity == severity::info);
  }
  SECTION("another discovery URL that serves the document of another issuer") {
    auto other = good_document();
    other["issuer"] = "https://idp.example.com/other";
    const auto report = report_of("https://idp.example.com/other/.well-known/openid-configuration",
                                  boost::json::serialize(other));
    INFO(report);
    CHECK(all_found(report) == ids{"discovery.url_of_other_issuer"});
    CHECK(the(report, "discovery.url_of_other_issuer").severity == severity::error);
  }
  SECTION("a malformed discovery URL") {
    const auto report = report_of("nowhere", good_text());
    CHECK(undecided(report, "discovery.url_of_other_issuer") != "");
  }
  SECTION("no stored discovery URL: the check does not apply") {
    const auto report = check_discovery(good_text(), stored());
    CHECK_FALSE(passed(report, "discovery.url_of_other_issuer"));
    CHECK(undecided(report, "discovery.url_of_other_issuer") == "");
  }
}

TEST_CASE("check_discovery reports a missing client secret as an error if the provider requires one") {
  auto expected = stored();
  const auto* method =
      GENERATE("none", "private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth", "");
  boost::json::array methods{"client_secret_basic", "client_secret_post"};
  const std::string without = method;
  if (!without.empty()) methods.emplace_back(without);
  const auto document = document_with("token_endpoint_auth_methods_supported", methods);
  expected.client_secret_set = false;
  CHECK(all_found(check_discovery(document, expected)) ==
        (without.empty() ? ids{"settings.secret_missing"} : ids{}));
  expected.client_secret_set = true;
  CHECK(all_found(check_discovery(document, expected)) == ids{});
  expected.client_secret_set.reset();
  CHECK(all_found(check_discovery(document, expected)) == ids{});
  expected.client_secret_set = false;
  CHECK(all_found(check_discovery(document_without("token_endpoint_auth_methods_supported"), expected)) ==
        ids{});
  CHECK(
      all_found(check_discovery(document_with("token_endpoint_auth_methods_supported", boost::json::array{}),
                                expected)) == ids{});
}

TEST_CASE("check_discovery compares stored protocol settings with the document") {
  auto expected = stored();
  sso::keycard::oauth2_protocol oauth2;
  oauth2.authorization_endpoint = "https://idp.example.com/tenant/authorize";
  oauth2.token_endpoint = "https://idp.example.com/tenant/token";
  oauth2.jwks_uri = "https://idp.example.com/tenant/keys";
  oauth2.scopes_supported = {{"profile", "openid", "email"}};
  oauth2.code_challenge_methods_supported = {{"S256"}};
  sso::keycard::openid_protocol openid;
  openid.userinfo_endpoint = "https://idp.example.com/tenant/userinfo";
  sso::keycard::protocols copy;
  SECTION("no stored settings") {
    expected.protocols = copy;
    CHECK(undecided(check_discovery(good_text(), expected), "discovery.stale_copy") != "");
  }
  copy.oauth2 = oauth2;
  copy.openid = openid;
  SECTION("equal settings in another order") {
    expected.protocols = copy;
    const auto report = check_discovery(good_text(), expected);
    CHECK(all_found(report) == ids{});
    CHECK(passed(report, "discovery.stale_copy"));
  }
  SECTION("one different member") {
    const int which = GENERATE(0, 1, 2, 3, 4, 5, 6);
    auto& changed = *copy.oauth2;
    if (which == 0) changed.authorization_endpoint = "https://idp.example.com/old";
    if (which == 1) changed.token_endpoint = "https://idp.example.com/old";
    if (which == 2) changed.jwks_uri = "https://idp.example.com/old";
    if (which == 3) changed.scopes_supported = {{"openid"}};
    if (which == 4) changed.code_challenge_methods_supported = {{"S256", "plain"}};
    if (which == 5) changed.registration_endpoint = "https://idp.example.com/gone";
    if (which == 6) copy.openid->userinfo_endpoint = "https://idp.example.com/old";
    expected.protocols = copy;
    const auto report = check_discovery(good_text(), expected);
    INFO(report);
    CHECK(all_found(report) == ids{"discovery.stale_copy"});
    CHECK(the(report, "discovery.stale_copy").severity == severity::warning);
  }
  SECTION("a member with another finding is not compared") {
    expected.protocols = copy;
    CHECK(all_found(check_discovery(document_without("token_endpoint"), expected)) ==
          ids{"discovery.member_missing"});
    CHECK(all_found(check_discovery(document_with("jwks_uri", "nowhere"), expected)) ==
          ids{"discovery.endpoint_malformed"});
  }
}

TEST_CASE("check_discovery reports text that is not a JSON object as critical") {
  const auto text = GENERATE(std::string{}, std::string{"null"}, std::string{"[]"}, std::string{"\"text\""},
                             std::string{"<!DOCTYPE html><html></html>"}, good_text() + "x",
                             good_text() + good_text(), std::string{"{\"issuer\": \"\xff\"}"},
                             good_text().substr(0, 100), std::string(33, '[') + std::string(33, ']'),
                             "{\"a\": " + std::string(40, '[') + std::string(40, ']') + "}",
                             std::string(1024 * 1024, ' ') + "{}", std::string(100, '\0'),
                             std::string{"\xff\xfe{\0}\0", 6});
  const auto report = check_discovery(text, stored());
  check_form(report);
  CHECK(all_found(report) == ids{"discovery.not_json"});
  CHECK(the(report, "discovery.not_json").severity == severity::critical);
  CHECK(undecided(report, "discovery.issuer_mismatch") != "");
  CHECK(undecided(report, "discovery.member_missing") != "");
  if (text.starts_with('<'))
    CHECK(the(report, "discovery.not_json").actual.find("HTML") != std::string::npos);
}

TEST_CASE("check_discovery warns of a byte order mark") {
  const auto report = check_discovery("\xef\xbb\xbf" + good_text(), stored());
  CHECK(all_found(report) == ids{"discovery.not_json"});
  CHECK(the(report, "discovery.not_json").severity == severity::warning);
}

TEST_CASE("check_discovery finds a duplicate member") {
  const auto twice = [](const char* more) {
    auto text = good_text();
    return text.insert(1, more);
  };
  const auto same = check_discovery(twice("\"subject_types_supported\": [ \"public\" ], "), stored());
  CHECK(all_found(same) == ids{"discovery.not_json"});
  CHECK(the(same, "discovery.not_json").severity == severity::warning);
  CHECK(the(same, "discovery.not_json").actual == "repeated members: subject_types_supported");

  // This is the only finding for either value.
  const auto first = check_discovery(twice("\"issuer\": \"https://other.example.com\", "), stored());
  INFO(first);
  CHECK(all_found(first) == ids{"discovery.not_json"});
  CHECK(the(first, "discovery.not_json").severity == severity::error);
  CHECK(the(first, "discovery.not_json").actual == "issuer");
  auto text = good_text();
  text.insert(text.size() - 1, ", \"issuer\": \"https://other.example.com\"");
  const auto last = check_discovery(text, stored());
  INFO(last);
  CHECK(all_found(last) == ids{"discovery.not_json"});
  CHECK(undecided(last, "discovery.issuer_mismatch") == "explained by discovery.not_json");

  const auto inside = check_discovery(twice("\"x\": [0, {\"y\": 1, \"y\": 2}], "), stored());
  CHECK(the(inside, "discovery.not_json").actual == "x[1].y");
}

TEST_CASE("check_discovery escapes and truncates text from the document") {
  const std::string theirs = "https://\x1b[31m\xe2\x80\xae" + std::string(100'000, 'a');
  const auto report = check_discovery(document_with("issuer", boost::json::string{theirs}), stored());
  check_form(report);
  const auto& actual = the(report, "discovery.issuer_mismatch").actual;
  CHECK(actual.starts_with("https://\\x1b[31m\\xe2\\x80\\xaeaaa"));
  CHECK(actual.size() < 400);

  auto document = good_document();
  for (int i = 0; i != 10'000; ++i) document["x" + std::to_string(i) + "_endpoint"] = "no";
  check_form(check_discovery(boost::json::serialize(document), stored()));
}

TEST_CASE("check_discovery escapes control characters in the name of an endpoint") {
  const auto location =
      GENERATE("not a URL", "https://{tenant}.example.com/", "https://elsewhere.example.org/");
  constexpr auto name = "a\xe2\x80\xae\x1b[2J\n_endpoint";
  const auto report = check_discovery(document_with(name, location), stored());
  INFO(report);
  check_form(report);
  CHECK(all_found(report).size() == 1);
}
