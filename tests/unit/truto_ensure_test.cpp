// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/testing/fake_transport.hpp>
#include <sso/testing/fake_truto.hpp>
#include <sso/testing/manual_runtime.hpp>
#include <sso/testing/run.hpp>
#include <sso/testing/steps.hpp>
#include <sso/truto.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <sstream>
#include <string>
#include <vector>

namespace asio = boost::asio;
namespace truto = sso::truto;
namespace testing = sso::testing;
using names = std::vector<std::string>;
using sso::action;
using namespace std::chrono_literals;

namespace {

const std::string id{testing::fake_truto::example_id};

struct fixture {
  fixture() {
    service.accept_token("t").add_connection();
    network.handle(service);
  }

  testing::manual_runtime time;
  testing::fake_truto service{time};
  testing::fake_transport network{time};
  truto::basic_client<testing::fake_transport, testing::manual_runtime> client{
      network, sso::bearer_token{"t"}, {}, time};

  auto ensure(const truto::connection_spec& spec, sso::ensure_options how = {},
              sso::call_options options = {}) {
    return testing::run(client.ensure(id, spec, how, options));
  }
  std::size_t writes() const {
    std::size_t out = 0;
    for (const auto& request : network.requests()) out += request.method != sso::http::method::get;
    return out;
  }
};

truto::connection_spec issuer_spec(const char* issuer = "https://idp.example.com") {
  return truto::connection_spec{}.config(truto::config_params{}.issuer(issuer));
}

names members_of(const std::vector<sso::member_change>& changes) {
  names out;
  for (const auto& change : changes) out.push_back(change.member);
  return out;
}

}  // namespace

TEST_CASE("a Truto plan names the members that differ") {
  truto::sso_connection there;
  there.protocol = truto::protocol::saml;
  there.is_active = true;
  there.default_environment_ids = {{"a", "b"}};
  there.config.emplace();
  there.config->idp_entity_id = "urn:idp";
  there.config->idp_x509_cert = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  truto::domain acme;
  acme.domain = "Acme.example";
  using spec = truto::connection_spec;
  using config = truto::config_params;
  struct row {
    const char* what;
    spec wanted;
    names changed;
  };
  const auto one = GENERATE_COPY(
      row{"nothing", spec{}, {}}, row{"the same", spec{}.protocol(truto::protocol::saml).is_active(true), {}},
      row{"another protocol", spec{}.protocol("ldap"), {"protocol"}},
      row{"another state", spec{}.is_active(false), {"is_active"}},
      row{"a member that is not there", spec{}.enforced(false), {"enforced"}},
      row{"environments in another order", spec{}.default_environment_ids("b", "a"), {}},
      row{"other environments", spec{}.default_environment_ids("a"), {"default_environment_ids"}},
      row{"the same config", spec{}.config(config{}.idp_entity_id("urn:idp")), {}},
      row{"another config",
          spec{}.config(config{}.idp_entity_id("urn:other").issuer("https://x")),
          {"config.idp_entity_id", "config.issuer"}},
      row{"a certificate in other lines",
          spec{}.config(
              config{}.idp_x509_cert("-----BEGIN CERTIFICATE-----\r\nAAAA\r\n-----END CERTIFICATE-----")),
          {}},
      row{"another certificate",
          spec{}.config(
              config{}.idp_x509_cert("-----BEGIN CERTIFICATE-----\nAAAB\n-----END CERTIFICATE-----\n")),
          {"config.idp_x509_cert"}},
      row{"a secret", spec{}.client_secret("s"), {}},
      row{"a secret to rotate", spec{}.client_secret("s").rotate_secret(), {"client_secret"}},
      row{"a domain that is there", spec{}.domain("acme.EXAMPLE"), {}},
      row{"new domains",
          spec{}.domain("b.example").domain("acme.example").domain("B.example"),
          {"domains.b.example"}},
      row{"several",
          spec{}.is_default(true).default_role("admin").domain("b.example"),
          {"is_default", "default_role", "domains.b.example"}});
  const auto plan = truto::make_plan(there, {acme}, one.wanted);
  INFO(one.what);
  REQUIRE(plan);
  CHECK(members_of(plan->changes) == one.changed);
  CHECK(plan->action == (one.changed.empty() ? action::unchanged : action::updated));
}

TEST_CASE("an invalid Truto specification is refused and nothing is sent") {
  fixture w;
  truto::connection_spec wanted;
  SECTION("an invalid domain") {
    wanted.domain("a.example").domain("not a domain");
  }
  SECTION("an empty domain") {
    wanted.domain("");
  }
  SECTION("metadata that cannot be compared") {
    wanted.config(truto::config_params{}.idp_metadata_xml("<xml/>"));
  }
  SECTION("an invalid URL") {
    wanted.config(truto::config_params{}.discovery_url("nowhere"));
  }
  const auto done = w.ensure(wanted);
  REQUIRE(done.has_error());
  CHECK(done.error().code() == sso::errc::invalid_argument);
  CHECK(w.network.request_count() == 0);
}

TEST_CASE("Truto ensure updates a connection and a second call changes nothing") {
  fixture w;
  auto wanted = issuer_spec().enforced(true).domain("acme.example").domain("b.example");
  auto plan = w.ensure(wanted, sso::ensure_options{}.plan_only());
  REQUIRE(plan);
  CHECK(plan->action == action::updated);
  const names expected{"enforced", "config.issuer", "domains.acme.example", "domains.b.example"};
  auto planned = plan->changed;
  CHECK(planned == expected);
  CHECK(w.writes() == 0);

  auto done = w.ensure(wanted);
  REQUIRE(done);
  CHECK(done->action == action::updated);
  auto changed = done->changed;
  std::sort(changed.begin(), changed.end());
  auto sorted = expected;
  std::sort(sorted.begin(), sorted.end());
  CHECK(changed == sorted);
  CHECK(done->connection.enforced == true);
  CHECK(done->connection.config->issuer == "https://idp.example.com");
  CHECK(w.writes() == 3);
  CHECK(w.network.requests().back().method == sso::http::method::patch);  // after the domains
  CHECK(w.network.requests().back().body ==
        R"({"enforced":true,"config":{"issuer":"https://idp.example.com"}})");

  done = w.ensure(wanted);
  REQUIRE(done);
  CHECK(done->action == action::unchanged);
  CHECK(w.writes() == 3);
}

TEST_CASE("Truto ensure lists all domains only if the specification has a domain") {
  fixture w;
  w.service.page_size(1);
  REQUIRE(w.ensure(issuer_spec().domain("a.example").domain("b.example").domain("c.example")));
  const auto before = w.network.request_count();
  CHECK(w.ensure(issuer_spec().domain("c.example"))->action == action::unchanged);
  CHECK(w.network.request_count() - before == 4);  // the connection and three pages
  CHECK(w.ensure(issuer_spec())->action == action::unchanged);
  CHECK(w.network.request_count() - before == 5);
}

TEST_CASE("Truto ensure fails for an endless list of domains") {
  fixture w;
  w.network.step(w.service);
  for (int i = 0; i != 3; ++i) w.network.reply(200, R"({"result":[],"next_cursor":"again"})");
  const auto done = w.ensure(issuer_spec().domain("a.example"));
  REQUIRE(done.has_error());
  CHECK(done.error().code() == sso::errc::protocol_error);
  CHECK(w.writes() == 0);
}

TEST_CASE("Truto ensure sends the client secret if rotate_secret is set") {
  fixture w;
  CHECK(w.ensure(truto::connection_spec{}.client_secret("s"))->action == action::unchanged);
  const auto done = w.ensure(truto::connection_spec{}.client_secret("s").rotate_secret());
  REQUIRE(done);
  CHECK(done->changed == names{"client_secret"});
  CHECK(w.service.has_client_secret(id, "s"));
}

TEST_CASE("two concurrent Truto ensure calls end in one state") {
  fixture w;
  asio::io_context io;
  int ended = 0;
  for (int i = 0; i != 2; ++i) {
    asio::co_spawn(io, w.client.ensure(id, issuer_spec().domain("acme.example")),
                   [&](std::exception_ptr thrown, auto got) {
                     CHECK_FALSE(thrown);
                     INFO((got ? std::string{} : got.error().message()));
                     CHECK(got);
                     ++ended;
                   });
  }
  io.run();
  CHECK(ended == 2);
  CHECK(w.ensure(issuer_spec().domain("acme.example"))->action == action::unchanged);
  CHECK(testing::run(w.client.list_domains(id))->items.size() == 1);
}

TEST_CASE("Truto ensure lists the domains after a lost response to an added domain") {
  fixture w;
  w.network.step(w.service).step(w.service).lose_response();
  const auto done = w.ensure(truto::connection_spec{}.domain("acme.example"));
  REQUIRE(done);
  CHECK(done->action == action::updated);
  CHECK(done->changed == names{"domains.acme.example"});
  CHECK(w.writes() == 1);
}

TEST_CASE("Truto ensure names the domains added before a failure") {
  fixture w;
  w.network.step(w.service).step(w.service).step(w.service).reply(403);
  const auto done = w.ensure(truto::connection_spec{}.domain("a.example").domain("b.example"));
  REQUIRE(!done);
  CHECK(done.error().code() == sso::errc::forbidden);
  CHECK(done.error().message().find("already sent: domains.a.example (") != std::string::npos);
}

TEST_CASE("Truto ensure fails for a missing connection") {
  fixture w;
  const auto done = testing::run(w.client.ensure("00000000-0000-0000-0000-000000000000", issuer_spec()));
  REQUIRE(done.has_error());
  CHECK(done.error().code() == sso::errc::not_found);
}

TEST_CASE("Truto ensure handles failure and cancellation at every step", "[steps]") {
  const auto wanted = issuer_spec().domain("acme.example");
  const auto report = testing::run_every_step([wanted](const testing::step_probe& probe) {
    testing::manual_runtime time;
    testing::fake_truto service{time};
    service.accept_token("t").add_connection();
    testing::fake_transport network{time};
    network.handle(service);
    truto::basic_client<testing::step_layer<testing::fake_transport>, testing::manual_runtime> client{
        probe.over(network), sso::bearer_token{"t"}, {}, time};
    probe.afterwards([client, wanted] {
      const auto again = testing::run(client.ensure(id, wanted));
      if (!again) return again.error().message();
      const auto third = testing::run(client.ensure(id, wanted));
      return third && third->action == action::unchanged ? std::string{}
                                                         : std::string{"the third is not unchanged"};
    });
    return client.ensure(id, wanted);
  });
  std::ostringstream shown;
  shown << report;
  INFO(shown.str());
  CHECK(report);
  CHECK(report.exchanges == 4);
}
