// SPDX-License-Identifier: BSL-1.0
#include "ssoctl_fixture.hpp"

#include <boost/json/serialize.hpp>

namespace {

using words = ssoctl_fixture::words;

words with(words arguments, const words& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

}  // namespace

TEST_CASE_METHOD(ssoctl_fixture,
                 "ssoctl keycard ensure creates a connection and updates differences and then writes nothing",
                 "[ssoctl]") {
  environment["IDP_SECRET"] = "theirs and secret";
  const words wanted{"keycard",     "ensure",
                     "acme",        "--client-id",
                     "portal",      "--identifier",
                     "https://i/",  "--client-secret-env",
                     "IDP_SECRET",  "--oauth2-scopes-supported",
                     "openid,email"};

  const auto planned = run(with(wanted, {"--dry-run"}));
  CHECK(planned.status == 0);
  CHECK(planned.out == "would be created\n"
                       "  client_id\n    + \"portal\"\n"
                       "  identifier\n    + \"https://i/\"\n"
                       "  protocols.oauth2.scopes_supported\n    + [\"openid\",\"email\"]\n"
                       "  client_secret\n    + (set)\n");
  CHECK_FALSE(keycard.enabled("acme"));
  const auto plan = json(with(wanted, {"--dry-run"})).as_object();
  CHECK(plan.at("action") == "created");
  CHECK(plan.at("dry_run") == true);
  CHECK(plan.at("connection").is_null());

  const auto made = json(wanted).as_object();
  CHECK(made.at("action") == "created");
  CHECK(made.at("dry_run") == false);
  CHECK(made.at("connection").at("identifier") == "https://i/");
  CHECK(boost::json::serialize(made.at("changes").at(0)) == R"({"member":"client_id","to":"portal"})");
  CHECK(keycard.has_client_secret("acme", "theirs and secret"));

  const auto before = server.requests();
  const auto again = run(wanted);
  CHECK(again.status == 0);
  CHECK(again.out == "unchanged: nothing was written\n");
  CHECK(server.requests() == before + 2);  // a token request and a read
  CHECK(run(with(wanted, {"--dry-run"})).out == "unchanged: nothing would be written\n");

  auto moved = wanted;
  moved[6] = "https://new/";
  moved.resize(9);
  moved = with(moved, {"--clear", "protocols", "--rotate-secret"});
  environment["IDP_SECRET"] = "another secret";
  const std::string differences =
      "  identifier\n    - \"https://i/\"\n    + \"https://new/\"\n"
      "  protocols\n    - {\"oauth2\":{\"scopes_supported\":[\"openid\",\"email\"]}}\n"
      "    + null\n"
      "  client_secret\n    + (set)\n";
  CHECK(run(with(moved, {"--dry-run"})).out == "would be updated\n" + differences);
  CHECK(keycard.has_client_secret("acme", "theirs and secret"));
  CHECK(run(moved).out == "updated\n" + differences);
  CHECK(keycard.has_client_secret("acme", "another secret"));
}

TEST_CASE_METHOD(
    ssoctl_fixture,
    "ssoctl keycard ensure reads the connection after a lost response and reports an unsettled write",
    "[ssoctl]") {
  const words wanted{"keycard", "ensure",        "acme", "--client-id", "c", "--identifier",
                     "i",       "--max-retries", "0"};
  keycard.fail_next(404).fail_next(
      0);  // not enabled; then the server closes the connection without a response
  CHECK(run(wanted).status == 0);
  CHECK(keycard.enabled("acme"));

  SECTION("the read after the write fails") {
    auto other = wanted;
    other[4] = "d";
    keycard.fail_next(200, {}, run({"keycard", "get", "acme", "--json"}).out)
        .fail_next(0)
        .fail_next(0)
        .fail_next(400);
    const auto lost = run(with(other, {"--json"}));
    CHECK(lost.status == 8);
    const auto error = boost::json::parse(lost.err).at("error").as_object();
    CHECK(error.at("outcome") == "maybe_executed");
    CHECK(error.at("unsettled") == true);
  }
  SECTION("the read before the write fails") {
    keycard.fail_next(0).fail_next(
        0);  // twice: the first failure may hit a pooled connection, which is replaced
    const auto lost = run(with(wanted, {"--json"}));
    CHECK(lost.status == 7);
    CHECK(boost::json::parse(lost.err).at("error").at("unsettled") == false);
  }
}

TEST_CASE_METHOD(ssoctl_fixture,
                 "ssoctl truto ensure updates differences and adds domains and then writes nothing",
                 "[ssoctl]") {
  environment["IDP_SECRET"] = "theirs and secret";
  const temporary_file certificate{"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"};
  const words wanted{"truto",
                     "ensure",
                     id,
                     "--default-role",
                     "viewer",
                     "--enforced",
                     "false",
                     "--config-idp-x509-cert",
                     certificate.name(),
                     "--config-issuer",
                     "https://new/",
                     "--domain",
                     "a.example",
                     "--domain",
                     "b.example"};
  const std::string members = "  default_role\n    - \"member\"\n    + \"viewer\"\n"
                              "  config.idp_x509_cert\n    + (59 characters; --json shows them)\n"
                              "  config.issuer\n    - \"https://accounts.example.com\"\n"
                              "    + \"https://new/\"\n";
  const std::string domains = "  domains.a.example\n    + \"a.example\"\n"
                              "  domains.b.example\n    + \"b.example\"\n";
  CHECK(run(with(wanted, {"--dry-run"})).out == "would be updated\n" + members + domains);
  CHECK(json({"truto", "domains", id}).as_array().empty());
  CHECK(run(wanted).out == "updated\n" + domains + members);
  CHECK(json({"truto", "domains", id}).as_array().size() == 2);
  CHECK(text(json({"truto", "get", id}).at("config").at("issuer")) == "https://new/");
  CHECK(run(wanted).out == "unchanged: nothing was written\n");

  const auto rotated =
      json({"truto", "ensure", id, "--client-secret-env", "IDP_SECRET", "--rotate-secret"}).as_object();
  CHECK(boost::json::serialize(rotated.at("changes")) == R"_([{"member":"client_secret","to":"(set)"}])_");
  CHECK(truto.has_client_secret(id, "theirs and secret"));
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl ensure redacts a secret in values of a plan and not in member names",
                 "[ssoctl]") {
  const std::string word = GENERATE("client_id", "identifier", "created", "member", "(set)");
  environment["IDP_SECRET"] = word;
  const words wanted{"keycard",     "ensure",       "acme",       "--client-id",
                     "our " + word, "--identifier", "https://i/", "--client-secret-env",
                     "IDP_SECRET",  "--dry-run"};
  CHECK(run(wanted).out == "would be created\n"
                           "  client_id\n    + \"our [redacted]\"\n"
                           "  identifier\n    + \"https://i/\"\n"
                           "  client_secret\n    + (set)\n");
  const auto plan = json(wanted).as_object();
  CHECK(plan.at("action") == "created");
  CHECK(boost::json::serialize(plan.at("changes").at(2)) == R"_({"member":"client_secret","to":"(set)"})_");
}
