// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/http/request.hpp>
#include <sso/testing/loopback_server.hpp>
#include <sso/testing/run.hpp>
#include <sso/transports/beast.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <string>
#include <utility>

namespace asio = boost::asio;
namespace http = sso::http;

// The name is in no DNS, and the system may have no hosts file.
TEST_CASE("a name under .localhost is connected to the loopback address without DNS") {
  sso::testing::loopback_options how;
  how.certificate.dns_names = {"keycard.localhost"};
  const sso::testing::loopback_server server{[](const http::request&) {
                                               return http::response{204, {}, {}};
                                             },
                                             how};

  asio::io_context io;
  sso::beast_options network;
  network.tls.ca_pem = server.ca_pem();
  const sso::beast_transport transport{io.get_executor(), network};
  http::request request;
  request.origin = server.origin();
  request.origin.host = "keycard.localhost";

  std::optional<sso::result<http::response>> response;
  asio::co_spawn(io, transport.send(request, {}),
                 [&](std::exception_ptr, sso::result<http::response> got) { response = std::move(got); });
  io.run();
  REQUIRE(response);
  REQUIRE(*response);
  CHECK((*response)->status == 204);
}
