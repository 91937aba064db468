// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

// Every public call with temporaries in the co_await expression. g++ 12 copies some temporaries there bitwise.
// AddressSanitizer shows that it does not do so with the types of this library.

#include <sso/keycard.hpp>
#include <sso/testing/fake_keycard.hpp>
#include <sso/testing/fake_transport.hpp>
#include <sso/testing/fake_truto.hpp>
#include <sso/testing/manual_runtime.hpp>
#include <sso/testing/run.hpp>
#include <sso/truto.hpp>

#include <boost/json/value.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using namespace sso;
using sso::testing::fake_keycard;
using sso::testing::fake_transport;
using sso::testing::fake_truto;
using sso::testing::manual_runtime;
using sso::testing::run;
namespace asio = boost::asio;

namespace {

using keycard_client = keycard::basic_client<fake_transport, manual_runtime>;
using truto_client = truto::basic_client<fake_transport, manual_runtime>;

const std::string long_text = "a text that is too long for any small string, to be owned by the heap";

asio::awaitable<int> all_of_keycard(keycard_client c) {
  int good = 0;
  const std::vector<std::string> scopes{"openid",
                                        long_text};  // g++ 12 rejects an initializer_list in co_await
  if (co_await c.enable("acme",
                        keycard::enable_params{"client-id-that-is-longer-than-a-small-string",
                                               "https://idp.example.com/" + long_text}
                            .client_secret(secret{long_text})
                            .protocols(keycard::protocols_params{}
                                           .oauth2(keycard::oauth2_params{}
                                                       .authorization_endpoint("https://idp.example.com/auth")
                                                       .code_challenge_methods_supported("S256", "plain")
                                                       .scopes_supported(scopes)
                                                       .jwks_uri(null))
                                           .openid(null)))) {
    ++good;
  }
  if (co_await c.retrieve("acme")) ++good;
  if (co_await c.retrieve("acme", {})) ++good;
  if (co_await c.retrieve("acme", {}, {})) ++good;
  if (co_await c.retrieve(
          std::string{"acme"},
          keycard::retrieve_params{}.expand(keycard::expansion::permissions, "something-new-" + long_text),
          call_options{}
              .timeout(5s)
              .attempt_timeout(2s)
              .max_retries(1)
              .header("X-Text", long_text)
              .query("text", long_text)
              .client_request_id("1ba1f401-7183-47c5-9e39-e8e257e3c795"))) {
    ++good;
  }
  if (co_await c.update("acme",
                        keycard::update_params{}.client_id("other-client-" + long_text).client_secret(null)))
    ++good;
  if (co_await c.update(
          "acme",
          keycard::update_params{}.client_id(null).client_secret(long_text).identifier(long_text).protocols(
              keycard::protocols_params{}.openid(
                  keycard::openid_params{}.userinfo_endpoint("https://idp.example.com/userinfo"))),
          call_options{}.extra_body("new_member", boost::json::value(long_text)))) {
    ++good;
  }
  if (co_await c.update("acme", keycard::update_params{}.protocols(null))) ++good;
  if (co_await c.request(http::method::get,
                         "/organizations/acme/sso-connection?" + std::string{"expand=permissions"}))
    ++good;
  if (co_await c.request(http::method::patch, "/organizations/acme/sso-connection", R"({"identifier":"x"})"))
    ++good;
  if (co_await c.disable("acme", call_options{}.header("X-Text", long_text))) ++good;
  if (!co_await c.disable("acme")) ++good;
  if ((co_await c.retrieve("")).error().code() == errc::invalid_argument) ++good;
  co_return good;
}

asio::awaitable<int> all_of_truto(truto_client c, std::string id) {
  int good = 0;
  if (co_await c.retrieve(id)) ++good;
  if (co_await c.retrieve(id, call_options{}.timeout(5s))) ++good;
  if (co_await c.update(
          id, truto::update_params{}
                  .protocol(truto::protocol::oidc)
                  .is_active(true)
                  .enforced(false)
                  .default_role("member-" + long_text)
                  .default_environment_ids("one-" + long_text, "two")
                  .client_secret(secret{long_text})
                  .config(truto::config_params{}
                              .issuer("https://idp.example.com/" + std::string(40, 'x'))
                              .client_id(long_text)
                              .discovery_url("https://idp.example.com/.well-known/openid-configuration")))) {
    ++good;
  }
  if (co_await c.update(id, truto::update_params{}.protocol("something-new"))) ++good;
  if (co_await c.add_domain(id, "example.com")) ++good;
  if (co_await c.list_domains(id)) ++good;
  if (co_await c.list_domains(id, truto::list_params{}.limit(1), call_options{}.query("q", long_text)))
    ++good;
  if (co_await c.verify_domain(id, "example.com")) ++good;
  if (!co_await c.wait_until_verified(id, "example.com",
                                      truto::poll{}.interval(1s).max_interval(4s).timeout(10s)))
    ++good;
  if (co_await c.request(http::method::get, "/sso-connection/" + id)) ++good;
  co_return good;
}

}  // namespace

TEST_CASE("each Keycard operation accepts temporaries in co_await", "[keycard]") {
  manual_runtime time;
  fake_keycard service{time};
  service.add_organization("acme").add_client("id", "pw");
  fake_transport network{time};
  network.handle(service);
  CHECK(run(all_of_keycard(keycard_client{network, client_credentials{"id", secret{"pw"}}, {}, time})) == 13);
}

TEST_CASE("each Truto operation accepts temporaries in co_await", "[truto]") {
  manual_runtime time;
  fake_truto service{time};
  service.add_connection().accept_token("token");
  fake_transport network{time};
  network.handle(service);
  CHECK(run(all_of_truto(truto_client{network, bearer_token{"token"}, {}, time},
                         std::string{fake_truto::example_id})) == 10);
}
