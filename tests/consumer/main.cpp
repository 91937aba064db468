// SPDX-License-Identifier: BSL-1.0
// A user's program: one call over the fake transport, and the default transport.
#include <sso/client.hpp>
#include <sso/testing/fake_transport.hpp>
#include <sso/testing/run.hpp>
#include <sso/version.hpp>

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <iostream>
#include <vector>

int main() {
  sso::testing::fake_transport server;
  server.reply(200,
               R"({"id": "conn-1", "client_id": null, "client_secret_set": true, "identifier": "https://idp",
                        "created_at": "2024-01-01T00:00:00Z", "updated_at": "2024-01-01T00:00:00Z"})");
  sso::keycard::basic_client keycard{server, sso::bearer_token{"token"}};
  const auto connection = sso::testing::run(keycard.retrieve("acme"));
  if (!connection || connection->id != "conn-1") {
    std::cerr << "unexpected: " << (connection ? connection->id : connection.error().message()) << '\n';
    return 1;
  }

  boost::asio::io_context io;
  const sso::truto::client truto{sso::beast_transport{io.get_executor()}, sso::bearer_token{"token"}};
  std::cout << "sso " << SSO_VERSION_STRING << ": " << std::max(connection->id, connection->identifier)
            << '\n';
  return 0;
}
