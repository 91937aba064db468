// SPDX-License-Identifier: BSL-1.0
// One retrieve by the client written by hand.
#include "../handwritten.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <iostream>

namespace asio = boost::asio;

asio::awaitable<void> show(handwritten::client client) {
  const auto connection = co_await client.retrieve("acme");
  std::cout << connection.identifier << '\n';
}

int main() {
  asio::io_context io;
  asio::ssl::context context{asio::ssl::context::tls_client};
  context.set_default_verify_paths();
  context.set_verify_mode(asio::ssl::verify_peer);
  asio::co_spawn(io, show(handwritten::client{context, "api.keycard.ai", "443", "token"}), asio::detached);
  io.run();
}
