// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/keycard.hpp>
#include <sso/testing/fake_keycard.hpp>
#include <sso/testing/fake_transport.hpp>
#include <sso/testing/manual_runtime.hpp>
#include <sso/testing/run.hpp>
#include <sso/testing/steps.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace asio = boost::asio;
namespace keycard = sso::keycard;
namespace testing = sso::testing;
using names = std::vector<std::string>;
using sso::action;
using namespace std::chrono_literals;

namespace {

struct fixture {
  fixture() {
    service.accept_token("t").add_organization("acme");
    network.handle(service);
  }

  testing::manual_runtime time;
  testing::fake_keycard service{time};
  testing::fake_transport network{time};
  keycard::basic_client<testing::fake_transport, testing::manual_runtime> client{
      network, sso::bearer_token{"t"}, {}, time};

  auto ensure(const keycard::connection_spec& spec, sso::ensure_options how = {},
              sso::call_options options = {}) {
    return testing::run(client.ensure("acme", spec, how, options));
  }
  std::size_t writes() const {
    std::size_t out = 0;
    for (const auto& request : network.requests()) out += request.method != sso::http::method::get;
    return out;
  }
  std::string last_body() const { return network.requests().back().body; }
};

keycard::connection_spec spec() {
  return keycard::connection_spec{"client", "https://idp.example.com"}.client_secret("secret");
}

keycard::connection_spec with_token_endpoint(const char* url) {
  return spec().protocols(keycard::protocols_params{}.oauth2(keycard::oauth2_params{}.token_endpoint(url)));
}

keycard::sso_connection connection() {
  keycard::sso_connection out;
  out.client_id = "client";
  out.client_secret_set = true;
  out.identifier = "https://idp.example.com";
  out.protocols.emplace();
  out.protocols->oauth2.emplace();
  out.protocols->oauth2->token_endpoint = "https://idp.example.com/token";
  out.protocols->oauth2->scopes_supported = {{"openid", "email"}};
  return out;
}

names members_of(const std::vector<sso::member_change>& changes) {
  names out;
  for (const auto& change : changes) out.push_back(change.member);
  return out;
}

}  // namespace

TEST_CASE("a Keycard plan names the members that differ") {
  using oauth2 = keycard::oauth2_params;
  const auto of = [](oauth2 members) {
    return spec().protocols(keycard::protocols_params{}.oauth2(std::move(members)));
  };
  struct row {
    const char* what;
    keycard::connection_spec wanted;
    names changed;
  };
  const auto one = GENERATE_COPY(
      row{"the same", spec(), {}},
      row{"another client", keycard::connection_spec{"other", "https://idp.example.com"}, {"client_id"}},
      row{"another issuer, by a slash",
          keycard::connection_spec{"client", "https://idp.example.com/"},
          {"identifier"}},
      row{"a new secret", spec().rotate_secret(), {"client_secret"}},
      row{"no secret to rotate",
          keycard::connection_spec{"client", "https://idp.example.com"}.rotate_secret(),
          {}},
      row{"the same endpoint", with_token_endpoint("https://idp.example.com/token"), {}},
      row{"another endpoint",
          with_token_endpoint("https://idp.example.com/other"),
          {"protocols.oauth2.token_endpoint"}},
      row{"a new endpoint",
          of(oauth2{}.jwks_uri("https://idp.example.com/keys")),
          {"protocols.oauth2.jwks_uri"}},
      row{"an endpoint removed", of(oauth2{}.token_endpoint(sso::null)), {"protocols.oauth2.token_endpoint"}},
      row{"an endpoint removed that is not there", of(oauth2{}.jwks_uri(sso::null)), {}},
      row{"scopes in another order", of(oauth2{}.scopes_supported("email", "openid")), {}},
      row{"other scopes", of(oauth2{}.scopes_supported("openid")), {"protocols.oauth2.scopes_supported"}},
      row{"a protocol removed",
          spec().protocols(keycard::protocols_params{}.oauth2(sso::null)),
          {"protocols.oauth2"}},
      row{"all protocols removed", spec().protocols(sso::null), {"protocols"}},
      row{"a protocol removed that is not there",
          spec().protocols(keycard::protocols_params{}.openid(sso::null)),
          {}},
      row{"several",
          keycard::connection_spec{"a", "b"}.protocols(sso::null),
          {"client_id", "identifier", "protocols"}});
  const auto plan = keycard::make_plan(connection(), one.wanted);
  INFO(one.what);
  REQUIRE(plan);
  CHECK(members_of(plan->changes) == one.changed);
  CHECK(plan->action == (one.changed.empty() ? action::unchanged : action::updated));
  CHECK(plan->update.has_value() == !one.changed.empty());
  CHECK_FALSE(plan->enable);
}

TEST_CASE("a Keycard plan shows old and new values and no secret") {
  auto there = connection();
  there.client_secret_set = false;
  auto wanted = with_token_endpoint("https://idp.example.com/other").client_secret("canary");
  const auto plan = keycard::make_plan(there, wanted);
  REQUIRE(plan);
  CHECK(plan->changes == std::vector<sso::member_change>{{"protocols.oauth2.token_endpoint",
                                                          "\"https://idp.example.com/token\"",
                                                          "\"https://idp.example.com/other\""},
                                                         {"client_secret", "", "(set)"}});
}

TEST_CASE("a Keycard plan for a missing connection creates it") {
  const auto plan = keycard::make_plan(std::nullopt, with_token_endpoint("https://idp.example.com/token"));
  REQUIRE(plan);
  CHECK(plan->action == action::created);
  CHECK(plan->changes.front() == sso::member_change{"client_id", "", "\"client\""});
  CHECK(plan->changes.at(1) == sso::member_change{"identifier", "", "\"https://idp.example.com\""});
  CHECK(plan->enable);
  CHECK_FALSE(plan->update);
  CHECK(members_of(plan->changes) ==
        names{"client_id", "identifier", "protocols.oauth2.token_endpoint", "client_secret"});
}

TEST_CASE("an invalid Keycard specification is refused and nothing is sent") {
  fixture w;
  const auto* identifier = GENERATE("", "x");
  auto wanted = keycard::connection_spec{"client", identifier};
  if (*identifier != '\0') wanted = with_token_endpoint("/token");
  const auto done = w.ensure(wanted);
  REQUIRE(done.has_error());
  CHECK(done.error().code() == sso::errc::invalid_argument);
  CHECK(w.network.request_count() == 0);
}

TEST_CASE("Keycard ensure creates a missing connection and updates only differences") {
  fixture w;
  auto done = w.ensure(spec());
  REQUIRE(done);
  CHECK(done->action == action::created);
  CHECK(done->changed == names{"client_id", "identifier", "client_secret"});
  CHECK(done->connection.identifier == "https://idp.example.com");
  CHECK(w.service.has_client_secret("acme", "secret"));
  CHECK(w.writes() == 1);

  done = w.ensure(spec());
  REQUIRE(done);
  CHECK(done->action == action::unchanged);
  CHECK(done->changed.empty());
  CHECK(done->connection.client_id == "client");
  CHECK(w.writes() == 1);

  done = w.ensure(with_token_endpoint("https://idp.example.com/token"));
  REQUIRE(done);
  CHECK(done->action == action::updated);
  CHECK(done->changed == names{"protocols.oauth2.token_endpoint"});
  CHECK(done->connection.protocols->oauth2->token_endpoint == "https://idp.example.com/token");
  CHECK(w.last_body() == R"({"protocols":{"oauth2":{"token_endpoint":"https://idp.example.com/token"}}})");
  CHECK(w.writes() == 2);

  done = w.ensure(spec().client_secret("new").rotate_secret());
  REQUIRE(done);
  CHECK(done->changed == names{"client_secret"});
  CHECK(w.service.has_client_secret("acme", "new"));
  CHECK(w.last_body() == R"({"client_secret":"new"})");
}

TEST_CASE("Keycard ensure with plan_only sends no write") {
  fixture w;
  auto plan = w.ensure(spec(), sso::ensure_options{}.plan_only());
  REQUIRE(plan);
  CHECK(plan->action == action::created);
  CHECK(plan->changed == names{"client_id", "identifier", "client_secret"});
  CHECK(plan->connection.identifier.empty());
  CHECK_FALSE(w.service.enabled("acme"));
  w.service.add_connection("acme", "other", "https://idp.example.com");
  plan = w.ensure(spec(), sso::ensure_options{}.plan_only());
  REQUIRE(plan);
  CHECK(plan->action == action::updated);
  CHECK(plan->changed == names{"client_id", "client_secret"});
  CHECK(plan->changes.front().from == "\"other\"");
  CHECK(plan->connection.client_id == "other");
  CHECK(w.writes() == 0);
  CHECK(w.network.request_count() == 2);
}

TEST_CASE("two concurrent Keycard ensure calls end in one state and the second writes nothing") {
  fixture w;
  asio::io_context io;
  std::vector<sso::ensured<keycard::sso_connection>> done;
  for (int i = 0; i != 2; ++i) {
    asio::co_spawn(io, w.client.ensure("acme", spec()), [&](std::exception_ptr thrown, auto got) {
      CHECK_FALSE(thrown);
      REQUIRE(got);
      done.push_back(*got);
    });
  }
  io.run();
  REQUIRE(done.size() == 2);
  CHECK((done[0].action == action::created) != (done[1].action == action::created));
  CHECK((done[0].action == action::unchanged) != (done[1].action == action::unchanged));
  CHECK(done[0].connection == done[1].connection);
  CHECK(w.writes() == 2);  // both wrote, one got 409
  const auto third = w.ensure(spec());
  CHECK(third->action == action::unchanged);
  CHECK(w.writes() == 2);
}

TEST_CASE("Keycard ensure updates the connection after a 409 response") {
  fixture w;
  w.network.reply(404);
  w.network.step([&](const sso::http::request& request) {
    w.service.add_connection("acme", "other", "https://idp.example.com");
    return w.service(request);
  });
  const auto done = w.ensure(spec());
  REQUIRE(done);
  CHECK(done->action == action::updated);
  CHECK(done->changed == names{"client_id", "client_secret"});
  CHECK(w.writes() == 2);
}

TEST_CASE("Keycard ensure reads the connection only once after a 409 response") {
  fixture w;
  w.network.reply(404).reply(409).reply(404).reply(409);
  const auto done = w.ensure(spec());
  REQUIRE(done.has_error());
  CHECK(done.error().code() == sso::errc::conflict);
  CHECK(w.network.faults() == "");
}

TEST_CASE("Keycard ensure reads the connection after a lost response to its creation") {
  fixture w;
  SECTION("the creation was executed") {
    w.network.step(w.service).lose_response();
    const auto done = w.ensure(spec());
    REQUIRE(done);
    CHECK(done->action == action::created);
    CHECK(done->changed == names{"client_id", "identifier", "client_secret"});
    CHECK(w.writes() == 1);
  }
  SECTION("the creation was not executed") {
    w.network.step(w.service).fail(sso::errc::transport_failed, sso::outcome::maybe_executed);
    const auto done = w.ensure(spec());
    REQUIRE(done);
    CHECK(done->action == action::created);
    CHECK(w.writes() == 2);
  }
  SECTION("the second response is lost too") {
    w.network.step(w.service).fail(sso::errc::transport_failed, sso::outcome::maybe_executed);
    w.network.step(w.service).fail(sso::errc::transport_failed, sso::outcome::maybe_executed);
    const auto done = w.ensure(spec());
    REQUIRE(done.has_error());
    CHECK(done.error().outcome() == sso::outcome::maybe_executed);
    CHECK(w.writes() == 2);
  }
  SECTION("another caller created the connection with another secret") {
    w.network.handle([&w](const sso::http::request& request) {
      auto theirs = request;
      if (request.method == sso::http::method::post) {
        theirs.body =
            R"({"client_id":"other","identifier":"https://idp.example.com","client_secret":"theirs"})";
      }
      return w.service(theirs);
    });
    w.network.step(w.service).lose_response();
    const auto done = w.ensure(spec());
    REQUIRE(done);
    CHECK(w.service.has_client_secret("acme", "secret"));
    CHECK(w.writes() == 2);
  }
  SECTION("the connection cannot be read") {
    w.network.step(w.service).lose_response().reply(403);
    const auto done = w.ensure(spec());
    REQUIRE(done.has_error());
    CHECK(done.error().code() == sso::errc::forbidden);
    CHECK(done.error().outcome() == sso::outcome::maybe_executed);
    CHECK(done.error().message().find("POST") != std::string::npos);
  }
  CHECK(w.network.faults() == "");
}

TEST_CASE("Keycard ensure reports updated if the server changes a value") {
  fixture w;
  w.network.handle([&w](const sso::http::request& request) {
    auto changed = request;
    const auto at = changed.body.find("https://IDP");
    if (at != std::string::npos) changed.body.replace(at, 11, "https://idp");
    return w.service(changed);
  });
  const keycard::connection_spec shouting{"client", "https://IDP.example.com"};
  REQUIRE(w.ensure(shouting)->action == action::created);
  for (int i = 0; i != 2; ++i) {
    const auto done = w.ensure(shouting);
    REQUIRE(done);
    CHECK(done->action == action::updated);
    CHECK(done->changed == names{"identifier"});
    CHECK(done->connection.identifier == "https://idp.example.com");
  }
  CHECK(w.writes() == 3);
}

TEST_CASE("the timeout of Keycard ensure covers all its requests") {
  fixture w;
  const auto begin = w.time.now();
  w.network.step(w.service).after(4s);
  w.network.stall();
  const auto done = w.ensure(spec(), {}, sso::call_options{}.timeout(6s).max_retries(0));
  REQUIRE(done.has_error());
  CHECK(done.error().code() == sso::errc::timeout);
  CHECK(done.error().outcome() == sso::outcome::maybe_executed);
  CHECK(w.time.now() - begin == 6s);
  CHECK(w.network.request_count() == 2);
}

TEST_CASE("Keycard ensure returns the error of its read") {
  fixture w;
  const auto status = GENERATE(401u, 403u, 400u);
  w.network.reply(status).reply(status);
  const auto done = w.ensure(spec());
  REQUIRE(done.has_error());
  CHECK(done.error().status() == status);
  CHECK(w.writes() == 0);
}

TEST_CASE("Keycard ensure handles failure and cancellation at every step", "[steps]") {
  const bool there = GENERATE(false, true);
  const auto report = testing::run_every_step([there](const testing::step_probe& probe) {
    testing::manual_runtime time;
    testing::fake_keycard service{time};
    service.accept_token("t").add_organization("acme");
    if (there) service.add_connection("acme", "other", "https://idp.example.com");
    testing::fake_transport network{time};
    network.handle(service);
    keycard::basic_client<testing::step_layer<testing::fake_transport>, testing::manual_runtime> client{
        probe.over(network), sso::bearer_token{"t"}, {}, time};
    // After any failure, another call succeeds and reaches the desired state.
    probe.afterwards([client, service] {
      const auto again = testing::run(client.ensure("acme", spec()));
      if (!again) return again.error().message();
      const auto third = testing::run(client.ensure("acme", spec()));
      return third && third->action == action::unchanged ? std::string{}
                                                         : std::string{"the third is not unchanged"};
    });
    return client.ensure("acme", spec());
  });
  std::ostringstream shown;
  shown << report;
  INFO(shown.str());
  CHECK(report);
  CHECK(report.exchanges == 2);
}

TEST_CASE("Keycard ensure creates nothing after a 404 that is an HTML page") {
  fixture w;
  w.network.reply(404, "<html>nginx</html>", {{"Content-Type", "text/html"}});
  const auto done = w.ensure(spec());
  REQUIRE(!done);
  CHECK(done.error().code() == sso::errc::not_found);
  CHECK(w.writes() == 0);
}
