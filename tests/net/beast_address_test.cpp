// SPDX-License-Identifier: BSL-1.0
// The addresses that the transport connects to.
#include "beast_fixture.hpp"
#include "test_names.hpp"

#include <sso/http/public_address.hpp>

#include <string>
#include <vector>

using namespace net_test;
using sso::errc;
using sso::outcome;
using sso::testing::fault_options;
using sso::testing::fault_server;

namespace {

void check_refused(const exchange_result& r, const std::string& address) {
  REQUIRE_FALSE(r);
  INFO(r.error());
  CHECK(r.error().code() == errc::connect_failed);
  CHECK(r.error().outcome() == outcome::not_sent);
  CHECK(r.error().cause() == boost::system::errc::permission_denied);
  CHECK(contains(r.error().message(), "allow_address refuses " + address));
}

}  // namespace

TEST_CASE("allow_address is called for addresses in URLs and resolved addresses and loopback names") {
  define_name("inside.test", {"127.0.0.1"});
  fault_server server{always(ok("reached")), named("inside.test")};
  sso::beast_options options;
  options.allow_address = sso::is_public_address;
  client c{server.ca_pem(), options};
  const auto port = server.origin().port;
  check_refused(c.send(get({"https", "127.0.0.1", port})), "127.0.0.1, the address of https://127.0.0.1:");
  check_refused(c.send(get({"https", "::ffff:127.0.0.1", port})), "");
  check_refused(c.send(get({"https", "169.254.169.254", 443})), "169.254.169.254");
  check_refused(c.send(get({"https", "localhost", port})), "127.0.0.1, ::1");
  check_refused(c.send(get({"https", "inside.test", port})), "127.0.0.1");
  CHECK(server.connections() == 0);
  CHECK(c.transport.stats().open == 0);
}

TEST_CASE("a transport connects only to the allowed ones of several addresses") {
  define_name("mixed.test", {"127.0.0.3", "127.0.0.1"});
  fault_server server{always(ok("reached")), named("mixed.test")};
  std::vector<std::string> asked;
  sso::beast_options options;
  options.allow_address = [&](const asio::ip::address& address) {
    asked.push_back(address.to_string());
    return address.to_string() == "127.0.0.1";
  };
  client c{server.ca_pem(), options};
  const auto r = c.send(get(server.origin()));
  REQUIRE(r);
  CHECK(r->body == "reached");
  CHECK(asked == std::vector<std::string>{"127.0.0.3", "127.0.0.1"});
}

TEST_CASE("allow_address is called for the address of the proxy if a proxy is used") {
  fault_options plain;
  plain.tls = false;
  fault_server proxy{always(ok("")), plain};
  sso::beast_options options;
  options.proxy.url = proxy.base_url();
  options.allow_address = sso::is_public_address;
  client c{"", options};
  check_refused(c.send(get({"https", "api.example.com", 443})),
                "127.0.0.1, the address of http://127.0.0.1:");
  CHECK(proxy.connections() == 0);
}

TEST_CASE("a call fails before anything is sent if allow_address throws") {
  fault_server server{always(ok(""))};
  sso::beast_options options;
  options.allow_address = [](const asio::ip::address&) -> bool { throw 1; };
  client c{server.ca_pem(), options};
  const auto r = c.send(get(server.origin()));
  REQUIRE_FALSE(r);
  CHECK(r.error().code() == errc::connect_failed);
  CHECK(r.error().outcome() == outcome::not_sent);
}
