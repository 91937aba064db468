// SPDX-License-Identifier: BSL-1.0
// One retrieve in a test of a user's: one vendor, no network. Compiled in the compiled mode.
#include <sso/keycard.hpp>
#include <sso/testing/fake_transport.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <iostream>

namespace asio = boost::asio;

asio::awaitable<void> show(sso::keycard::basic_client<sso::testing::fake_transport> client) {
  const auto connection = co_await client.retrieve("acme");
  std::cout << connection.value().identifier << '\n';
}

int main() {
  asio::io_context io;
  sso::testing::fake_transport server;
  server.reply(404);
  const sso::keycard::basic_client client{server, sso::bearer_token{"token"}};
  asio::co_spawn(io, show(client), asio::detached);
  io.run();
}
