// SPDX-License-Identifier: BSL-1.0
// 5. Testing a service: tests of the functions in 5_provisioning.hpp, without a network and without waiting.
//
// It needs no test framework, and works with any. Built header-only, without Beast and OpenSSL: it includes only
// `sso/keycard.hpp` and the testing kit.
#include "5_provisioning.hpp"

#include <sso/testing/fake_keycard.hpp>
#include <sso/testing/fake_transport.hpp>
#include <sso/testing/manual_runtime.hpp>
#include <sso/testing/run.hpp>
#include <sso/testing/steps.hpp>

#include <chrono>
#include <iostream>
#include <string>

using namespace std::chrono_literals;
using sso::http::method;
using sso::testing::run;

namespace {

int failures = 0;

void expect(bool holds, const char* what) {
  if (holds) return;
  ++failures;
  std::cerr << "not as expected: " << what << '\n';
}

const std::string path = "/organizations/acme/sso-connection";
const std::string issuer = "https://idp.example.com";

/// Keycard in memory, and a client in virtual time.
struct fixture {
  sso::testing::manual_runtime time;
  sso::testing::fake_keycard backend{time};
  sso::testing::fake_transport network{time};
  sso::keycard::basic_client<sso::testing::fake_transport, sso::testing::manual_runtime> keycard{
      network, sso::client_credentials{"id", sso::secret{"secret"}}, {}, time};

  fixture() {
    backend.add_client("id", "secret").add_organization("acme");
    network.handle(backend);
  }
};

// The fake has state: a read returns what was written.
void gives_and_takes() {
  fixture w;
  const auto first = run(provisioning::provide(w.keycard, "acme", issuer));
  const auto moved = run(provisioning::provide(w.keycard, "acme", "https://login.example.com"));
  expect(first && moved && *first == *moved, "one connection, enabled and then moved");
  expect(run(w.keycard.retrieve("acme"))->identifier == "https://login.example.com", "the second issuer");

  expect(run(provisioning::withdraw(w.keycard, "acme")).has_value(), "withdrawn");
  expect(run(provisioning::withdraw(w.keycard, "acme")).has_value(), "withdrawn twice");
  expect(!w.backend.enabled("acme"), "no SSO");
}

// Hours pass in virtual time: tokens expire, servers have outages.
void survives_a_bad_day() {
  fixture w;
  expect(run(provisioning::provide(w.keycard, "acme", issuer)).has_value(), "provided");
  w.time.advance(2h);
  w.backend.outage(0s, 3s, 503, {{"Retry-After", "3"}});
  expect(run(provisioning::withdraw(w.keycard, "acme")).has_value(), "withdrawn after an outage");
  expect(w.backend.tokens_issued() == 2, "a new token");
  // The server's Retry-After, in virtual time.
  expect(w.time.slept().size() == 1 && w.time.slept()[0] == 3s, "one wait of 3 s");
}

// A script checks each request and simulates rare failures.
void looks_when_the_answer_is_lost() {
  sso::testing::manual_runtime time;
  sso::testing::fake_transport network{time};
  const sso::keycard::basic_client keycard{network, sso::bearer_token{"token"}, {}, time};

  network.expect(method::post, path).fail(sso::errc::incomplete_response, sso::outcome::maybe_executed);
  network.expect(method::get, path).reply(200, R"({
    "id": "sso-1", "identifier": "https://idp.example.com", "client_id": "portal", "client_secret_set": false,
    "created_at": "2024-01-01T00:00:00Z", "updated_at": "2024-01-01T00:00:00Z"})");
  const auto id = run(provisioning::provide(keycard, "acme", issuer));
  expect(id && *id == "sso-1", "found what was enabled");

  network.expect(method::post, path).fail(sso::errc::incomplete_response, sso::outcome::maybe_executed);
  network.expect(method::get, path).reply(404);
  const auto lost = run(provisioning::provide(keycard, "acme", issuer));
  expect(!lost && lost.error().code() == sso::errc::incomplete_response,
         "the failure, because nothing was enabled");

  expect(network.faults().empty(), network.faults().c_str());
}

// Each exchange fails once, and the call is cancelled once after each step.
void every_step() {
  const auto report = sso::testing::run_every_step([](const sso::testing::step_probe& probe) {
    sso::testing::manual_runtime time;
    sso::testing::fake_keycard backend{time};
    backend.accept_token("token").add_connection("acme");
    sso::testing::fake_transport network{time};
    network.handle(backend);
    const sso::keycard::basic_client keycard{probe.over(network), sso::bearer_token{"token"}, {}, time};
    return provisioning::provide(keycard, "acme", issuer);
  });
  expect(static_cast<bool>(report), "no faults in");
  std::cout << report;
}

}  // namespace

int main() {
  gives_and_takes();
  survives_a_bad_day();
  looks_when_the_answer_is_lost();
  every_step();
  return failures == 0 ? 0 : 1;
}
