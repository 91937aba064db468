// SPDX-License-Identifier: BSL-1.0
// One retrieve over the default transport. Compiled header-only and in the compiled mode.
#include <sso/client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <iostream>

namespace asio = boost::asio;

asio::awaitable<void> show(sso::keycard::client client) {
  const auto connection = co_await client.retrieve("acme");
  std::cout << connection.value().identifier << '\n';
}

int main() {
  asio::io_context io;
  const sso::keycard::client client{sso::beast_transport{io.get_executor()},
                                    sso::client_credentials{"id", sso::secret{"secret"}}};
  asio::co_spawn(io, show(client), asio::detached);
  io.run();
}
