// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/client.hpp>
#include <sso/doctor.hpp>
#include <sso/testing/fake_idp.hpp>
#include <sso/testing/loopback_server.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asio = boost::asio;

namespace {

template <class MakeTransport>
sso::doctor::report examined(const std::string& issuer, MakeTransport make, sso::doctor::options how = {}) {
  asio::io_context io;
  std::optional<sso::doctor::report> got;
  asio::co_spawn(io, sso::doctor::examine_issuer(issuer, make(io.get_executor()), how),
                 [&](std::exception_ptr thrown, sso::doctor::report r) {
                   if (thrown) std::rethrow_exception(thrown);
                   got = std::move(r);
                 });
  io.run();
  REQUIRE(got);
  return *got;
}

std::vector<std::string> ids_of(const sso::doctor::report& r) {
  std::vector<std::string> out;
  for (const auto& f : r.findings) out.push_back(f.id);
  return out;
}

}  // namespace

TEST_CASE("the transport of the doctor sends nothing to a private address") {
  sso::testing::fake_idp idp;
  sso::testing::loopback_server server{idp};
  idp.issuer(server.base_url());
  const auto port = std::to_string(server.origin().port);
  for (const std::string host :
       {"localhost", "127.0.0.1", "127.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]"}) {
    const auto report = examined("https://" + host + ":" + port, sso::doctor_transport);
    INFO(host << "\n" << report);
    CHECK(ids_of(report) == std::vector<std::string>{"discovery.address_refused"});
    CHECK_FALSE(report.ok());
  }
  for (const std::string host :
       {"127.0.0.1", "127.1", "2130706433", "0x7f000001", "localhost", "localhost."}) {
    const auto plain = examined("http://" + host + ":" + port, sso::doctor_transport);
    INFO(host << "\n" << plain);
    CHECK(ids_of(plain) == std::vector<std::string>{"discovery.address_refused"});
    CHECK(to_json(plain).find("credentials") == std::string::npos);
  }
  CHECK(server.connections() == 0);
}

TEST_CASE("the doctor examines a private provider over a transport that allows private addresses") {
  sso::testing::fake_idp idp;
  sso::testing::loopback_server server{idp};
  idp.issuer(server.base_url() + "/tenant");
  const auto trusting = [&](asio::any_io_executor executor) {
    sso::beast_options network;
    network.tls.ca_pem = server.ca_pem();
    return sso::beast_transport{std::move(executor), network};
  };
  auto report = examined(idp.issuer(), trusting, sso::doctor::options{}.allow_private());
  INFO(report);
  CHECK(ids_of(report).empty());
  CHECK(server.requests() == 2);

  // The certificate of this provider is not trusted.
  const auto strict = [](asio::any_io_executor executor) {
    return sso::beast_transport{std::move(executor)};
  };
  report = examined(idp.issuer(), strict, sso::doctor::options{}.allow_private());
  CHECK(ids_of(report) == std::vector<std::string>{"discovery.unreachable"});
}
