// SPDX-License-Identifier: BSL-1.0
#include "ssoctl_fixture.hpp"

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl truto get prints the connection", "[ssoctl]") {
  const auto table = run({"truto", "get", id});
  CHECK(table.status == 0);
  CHECK(has(table.out, "config.issuer "));
  CHECK(text(json({"truto", "get", id}).at("id")) == id);
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl truto update sends every field", "[ssoctl]") {
  const temporary_file certificate{"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"};
  truto.metadata("from metadata", "https://from.metadata/", "PEM");
  auto changed = json({"truto",
                       "update",
                       id,
                       "--protocol",
                       "saml",
                       "--is-active",
                       "false",
                       "--enforced",
                       "true",
                       "--is-default",
                       "true",
                       "--default-role",
                       "viewer",
                       "--default-environment-ids",
                       "e1,e2",
                       "--config-idp-entity-id",
                       "entity",
                       "--config-idp-sso-url",
                       "https://i/sso",
                       "--config-idp-x509-cert",
                       certificate.name(),
                       "--config-sign-authn-requests",
                       "true",
                       "--config-allow-idp-initiated",
                       "false",
                       "--config-issuer",
                       "https://i",
                       "--config-client-id",
                       "c",
                       "--config-discovery-url",
                       "https://i/d",
                       "--client-secret-stdin"},
                      "theirs and secret\n")
                     .as_object();
  CHECK(changed.at("protocol") == "saml");
  CHECK(changed.at("is_active") == false);
  CHECK(changed.at("enforced") == true);
  CHECK(changed.at("is_default") == true);
  CHECK(changed.at("default_role") == "viewer");
  CHECK(changed.at("default_environment_ids") == boost::json::array{"e1", "e2"});
  const auto& config = changed.at("config").as_object();
  CHECK(config.at("idp_entity_id") == "entity");
  CHECK(config.at("idp_sso_url") == "https://i/sso");
  CHECK(config.at("idp_x509_cert") == "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
  CHECK(config.at("sign_authn_requests") == true);
  CHECK(config.at("allow_idp_initiated") == false);
  CHECK(config.at("issuer") == "https://i");
  CHECK(config.at("client_id") == "c");
  CHECK(config.at("discovery_url") == "https://i/d");
  CHECK(truto.has_client_secret(id, "theirs and secret"));

  changed = json({"truto", "update", id, "--default-environment-ids", "", "--config-idp-metadata-xml", "-"},
                 "<xml/>")
                .as_object();
  CHECK(changed.at("default_environment_ids").as_array().empty());
  CHECK(changed.at("config").at("idp_entity_id") == "from metadata");
  CHECK(has(run({"truto", "get", id}).out, "default_environment_ids     -\n"));
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl verifies a domain with and without waiting", "[ssoctl]") {
  const auto added = json({"truto", "add-domain", id, "acme.example"}).as_object();
  const std::string record{added.at("verification_record").as_string()};
  CHECK(record.starts_with("truto-domain-verification="));

  const auto early = run({"truto", "verify-domain", id, "acme.example"});
  CHECK(early.status == 9);
  CHECK(has(early.out, "verified  false\n"));
  CHECK(has(early.out, "detail "));

  // There is time for one check only.
  const auto in_vain =
      run({"truto", "verify-domain", id, "acme.example", "--wait", "--interval", "1h", "--timeout", "5s"});
  CHECK(in_vain.status == 9);
  CHECK(has(in_vain.err, "was not verified in time"));

  truto.publish_txt("acme.example", record, std::chrono::milliseconds{50});
  const auto waited =
      json({"truto", "verify-domain", id, "acme.example", "--wait", "--interval", "10ms"}).as_object();
  CHECK(waited.at("verified") == true);
  CHECK(run({"truto", "verify-domain", id, "acme.example"}).status == 0);
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl lists the domains of all pages", "[ssoctl]") {
  CHECK(json({"truto", "domains", id}).as_array().empty());
  for (const std::string name : {"a.example", "b.example", "c.example"}) {
    truto.page_size(2);
    json({"truto", "add-domain", id, name});
  }
  const auto all = json({"truto", "domains", id}).as_array();
  REQUIRE(all.size() == 3);
  CHECK(all[2].at("domain") == "c.example");
  CHECK(all[2].at("verification_record").as_string().starts_with("truto-domain-verification="));

  const auto before = server.requests();
  const auto table = run({"truto", "domains", id, "--page-size", "1"});
  CHECK(table.out.starts_with(
      "DOMAIN     VERIFIED  TXT RECORD\na.example  no        truto-domain-verification="));
  CHECK(server.requests() == before + 3);
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl prints unknown members of domains as the server sent them",
                 "[ssoctl]") {
  const auto item = [](const std::string& name) {
    return R"({"domain":")" + name +
           R"(","verified":false,"much":1e400,"theirs":123456789012345678901234567890})";
  };
  truto.fail_next(200, {}, R"({"result":[)" + item("a.example") + R"(],"next_cursor":"2"})");
  truto.fail_next(503);
  truto.fail_next(200, {}, R"({"result":[)" + item("b.example") + R"(],"next_cursor":null})");
  const auto shown = run({"truto", "domains", id, "--json"});
  CHECK(shown.status == 0);
  CHECK(shown.out == "[" + item("a.example") + "," + item("b.example") + "]\n");
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl lists the last of repeated members and completes a null record",
                 "[ssoctl]") {
  const std::string item = R"({"domain":"a.example","verification_token":"t","verification_record":null})";
  truto.fail_next(200, {}, R"({"result":[],"result":[)" + item + R"(],"next_cursor":null})");
  const auto listed = json({"truto", "domains", id}).as_array();
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].at("verification_record") == "truto-domain-verification=t");
  truto.fail_next(200, {}, R"({"result":[)" + item + "," + item + R"(],"result":[],"next_cursor":null})");
  CHECK(json({"truto", "domains", id}).as_array().empty());
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl reports an error that is not UTF-8 as JSON", "[ssoctl]") {
  const std::string body = "caf\xe9 " + std::string(3000, 'x');
  for (int i = 0; i != 2; ++i) truto.fail_next(400, {{"Content-Type", "text/plain"}}, body);
  const auto told = run({"truto", "get", id, "--json"});
  CHECK(told.status == run({"truto", "get", id}).status);
  const auto error = boost::json::parse(told.err).at("error");
  CHECK(error.at("status") == 400);
  CHECK(error.at("body").as_string().starts_with("caf\xef\xbf\xbd xxx"));
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl refuses an endless list of domains", "[ssoctl]") {
  const auto page = [](const std::string& cursor) {
    return R"({"result":[],"next_cursor":")" + cursor + "\"}";
  };
  SECTION("with a repeated cursor") {
    for (const std::string cursor : {"a", "b", "a"}) truto.fail_next(200, {}, page(cursor));
  }
  SECTION("with an endless sequence of new cursors") {
    for (int i = 0; i != 1000; ++i) truto.fail_next(200, {}, page(std::to_string(i)));
  }
  const auto told = run({"truto", "domains", id, "--json"});
  CHECK(told.status == 1);
  CHECK(told.out.empty());
  CHECK(boost::json::parse(told.err).at("error").at("code") == "protocol_error");
}
