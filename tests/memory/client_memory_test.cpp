// SPDX-License-Identifier: BSL-1.0
// A client after a single failed allocation of a call, and secrets in freed memory.
#include "catch.hpp"
#include "heap.hpp"

#include <sso/auth/token_request.hpp>
#include <sso/keycard.hpp>
#include <sso/testing/fake_keycard.hpp>
#include <sso/testing/fake_transport.hpp>
#include <sso/testing/manual_runtime.hpp>
#include <sso/testing/run.hpp>

#include <memory>
#include <new>
#include <string>

using memory_test::failing_allocation;
using memory_test::freed_text;
using sso::testing::fake_keycard;
using sso::testing::fake_transport;
using sso::testing::manual_runtime;

// Uses a static token: a refresh starts on a strand, and a strand of Boost 1.81 crashes if the second of its two
// allocations fails (it destroys a strand without its service).
TEST_CASE("a client serves the next call after a call with any failed allocation") {
  using client = sso::keycard::basic_client<fake_transport, manual_runtime>;
  long number = 0;
  for (bool failed = true; failed; ++number) {
    CAPTURE(number);
    const manual_runtime time;
    fake_keycard service{time};
    service.add_connection("acme", "sso-client").accept_token("token").fail_next(503);
    fake_transport network{time};
    network.handle(service);
    const client keycard{network, sso::bearer_token{std::string{"token"}}, {}, time};
    {
      const failing_allocation one{number};
      try {
        sso::testing::run(keycard.retrieve("acme"));
      } catch (const std::bad_alloc&) {
      }
      failed = one.has_failed();
    }
    const auto r = sso::testing::run(keycard.retrieve("acme"));
    if (!r) FAIL(r.error().message());
    CHECK(r->client_id == "sso-client");
  }
  CHECK(number > 20);
}

TEST_CASE("Basic credentials leave no copy in freed memory") {
  const std::string password = "a password of more than 15 characters/";
  const auto encoding = GENERATE(sso::basic_encoding::raw, sso::basic_encoding::form_encoded);
  const sso::client_credentials credentials =
      sso::client_credentials{"client", sso::secret{password}}.encoding(encoding);
  const auto expected = sso::auth::basic_authorization(credentials);
  for (const auto text : {std::string_view{"more than 15 characters"},
                          std::string_view{"more+than+15+characters"}, expected.reveal().substr(6)}) {
    CAPTURE(text);
    const freed_text freed{text};
    CHECK(sso::auth::basic_authorization(credentials) == expected);
    CHECK_FALSE(freed.was_found());
    std::make_unique<std::string>(text).reset();
    CHECK(freed.was_found());
  }
}
