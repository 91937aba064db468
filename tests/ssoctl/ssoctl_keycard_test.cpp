// SPDX-License-Identifier: BSL-1.0
#include "ssoctl_fixture.hpp"

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl keycard get prints the connection as a table or JSON or nothing",
                 "[ssoctl]") {
  keycard.add_connection("acme", "portal", "https://idp.example.com");

  const auto table = run({"keycard", "get", "acme"});
  CHECK(table.status == 0);
  CHECK(table.err.empty());
  CHECK(has(table.out, "identifier         https://idp.example.com\n"));
  CHECK(has(table.out, "client_secret_set  false\n"));
  CHECK_FALSE(has(table.out, "permissions"));

  const auto found = json({"keycard", "get", "acme", "--expand", "permissions,something_new"}).as_object();
  CHECK(found.at("client_id") == "portal");
  CHECK(found.at("permissions").is_object());

  const auto quiet = run({"keycard", "get", "acme", "--quiet"});
  CHECK(quiet.status == 0);
  CHECK(quiet.out + quiet.err == "");
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl keycard enable sends every field", "[ssoctl]") {
  const auto made = json({"keycard",
                          "enable",
                          "acme",
                          "--client-id",
                          "portal",
                          "--identifier",
                          "https://i/",
                          "--client-secret-stdin",
                          "--oauth2-authorization-endpoint",
                          "https://i/a",
                          "--oauth2-code-challenge-methods-supported",
                          "S256,plain",
                          "--oauth2-jwks-uri",
                          "https://i/j",
                          "--oauth2-registration-endpoint",
                          "https://i/r",
                          "--oauth2-scopes-supported",
                          "openid",
                          "--oauth2-token-endpoint",
                          "https://i/t",
                          "--openid-userinfo-endpoint",
                          "https://i/u"},
                         "theirs and secret\nanother line\n")
                        .as_object();
  CHECK(made.at("identifier") == "https://i/");
  CHECK(made.at("client_id") == "portal");
  const auto protocols = boost::json::parse(R"({
    "oauth2": {"authorization_endpoint": "https://i/a", "code_challenge_methods_supported": ["S256", "plain"],
               "jwks_uri": "https://i/j", "registration_endpoint": "https://i/r", "scopes_supported": ["openid"],
               "token_endpoint": "https://i/t"},
    "openid": {"userinfo_endpoint": "https://i/u"}})");
  CHECK(made.at("protocols") == protocols);
  CHECK(keycard.has_client_secret("acme", "theirs and secret"));

  const auto again =
      run({"keycard", "enable", "acme", "--client-id", "portal", "--identifier", "https://i/"});
  CHECK(again.status == 5);
  CHECK(again.out.empty());
  CHECK(has(again.err, "ssoctl: POST /organizations/acme/sso-connection: 409 conflict"));
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl keycard update replaces or clears or keeps each field", "[ssoctl]") {
  json({"keycard", "enable", "acme", "--client-id", "portal", "--identifier", "https://i/",
        "--client-secret-stdin", "--oauth2-jwks-uri", "https://i/j", "--oauth2-scopes-supported", "a,b",
        "--openid-userinfo-endpoint", "https://i/u"},
       "first secret");

  environment["IDP_SECRET"] = "second secret";
  auto changed =
      json({"keycard", "update", "acme", "--client-secret-env", "IDP_SECRET", "--identifier", "https://new/",
            "--oauth2-scopes-supported", "c", "--clear", "protocols.oauth2.jwks_uri,protocols.openid"})
          .as_object();
  CHECK(changed.at("identifier") == "https://new/");
  CHECK(changed.at("client_id") == "portal");
  CHECK(keycard.has_client_secret("acme", "second secret"));
  const auto protocols = boost::json::parse(R"({"oauth2": {"scopes_supported": ["c"]}})");
  CHECK(changed.at("protocols") == protocols);

  changed = json({"keycard", "update", "acme", "--clear", "client_secret,client_id", "--clear", "protocols"})
                .as_object();
  CHECK(changed.at("client_id").is_null());
  CHECK(changed.at("client_secret_set") == false);
  CHECK(changed.at("protocols").is_null());
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl keycard disable disables a connection and fails for a missing one",
                 "[ssoctl]") {
  keycard.add_connection("acme");
  CHECK(json({"keycard", "disable", "acme"}).at("disabled") == true);
  CHECK_FALSE(keycard.enabled("acme"));
  CHECK(run({"keycard", "disable", "acme"}).status == 4);
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl reads Keycard settings from options and environment and stdin",
                 "[ssoctl]") {
  keycard.add_connection("acme");
  auto start = this->start({"keycard", "get", "acme", "--quiet"}, "another-token\n");

  SECTION("a token from stdin needs no credentials") {
    keycard.accept_token("another-token");
    start.environment = {};
    start.arguments.push_back("--token-stdin");
    CHECK(run_program(start).status == 0);
    CHECK(keycard.tokens_issued() == 0);
  }
  SECTION("the base URL from the environment") {
    start.arguments = {"keycard", "get", "acme", "--quiet", "--ca-file", authority.name()};
    start.environment["KEYCARD_API_BASE_URL"] = server.base_url();
    CHECK(run_program(start).status == 0);
  }
  SECTION("another token endpoint") {
    start.arguments.insert(start.arguments.end(), {"--token-url", "/nowhere"});
    CHECK(run_program(start).status == 3);
    start.arguments.back() = server.base_url() + "/service-account-token";
    CHECK(run_program(start).status == 0);
  }
}
