// SPDX-License-Identifier: BSL-1.0
// What a client is like after any single allocation of a call has failed.
#include "catch.hpp"
#include "failing_allocation.hpp"

#include <sso/keycard.hpp>
#include <sso/testing/fake_transport.hpp>
#include <sso/testing/manual_runtime.hpp>
#include <sso/testing/run.hpp>

#include <new>
#include <string>

using memory_test::failing_allocation;
using sso::testing::fake_transport;
using sso::testing::manual_runtime;

namespace {

const std::string connection =
    R"({"id":"id","client_id":"client_id","client_secret_set":true,"created_at":"2019-12-27T18:11:19.117Z",)"
    R"("identifier":"x","updated_at":"2019-12-27T18:11:19.117Z","permissions":{"users":{"read":true}}})";

/// Every second API call is asked to come again.
struct service {
  service() {
    network.handle([this](const sso::http::request& request) {
      sso::http::response answer;
      answer.status = 200;
      if (request.method == sso::http::method::post) {
        answer.body = R"({"access_token":"token","token_type":"Bearer","expires_in":3600})";
      } else if (++calls % 2 == 0) {
        answer.body = connection;
      } else {
        answer.status = 503;
      }
      return answer;
    });
  }

  manual_runtime time;
  fake_transport network{time};
  int calls = 0;
};

}  // namespace

TEST_CASE("whichever allocation of a call fails, the client serves the next one") {
  using client = sso::keycard::basic_client<fake_transport, manual_runtime>;
  long number = 0;
  for (bool failed = true; failed; ++number) {
    CAPTURE(number);
    service s;
    const client keycard{s.network, sso::client_credentials{"id", sso::secret{"secret"}}, {}, s.time};
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
    CHECK(r->id == "id");
  }
  CHECK(number > 50);
}
