// SPDX-License-Identifier: BSL-1.0
#include "stand_in.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <utility>

namespace stand_in {
namespace {

sso::beast_transport transport_to(const sso::testing::loopback_server& server,
                                  asio::any_io_executor executor) {
  sso::beast_options network;
  network.tls.ca_pem = server.ca_pem();
  return sso::beast_transport{std::move(executor), network};
}

}  // namespace

keycard::keycard() : server_{backend_} {
  backend_.add_organization("acme").add_client("example", "example-secret");
}

sso::keycard::client keycard::client(asio::any_io_executor executor, sso::client_options options) const {
  options.base_url = server_.base_url();
  return {transport_to(server_, std::move(executor)),
          sso::client_credentials{"example", sso::secret{"example-secret"}}, std::move(options)};
}

truto::truto() : server_{backend_} {
  backend_.add_connection().accept_token("example-token");
}

sso::truto::client truto::client(asio::any_io_executor executor, sso::client_options options) const {
  options.base_url = server_.base_url();
  return {transport_to(server_, std::move(executor)), sso::bearer_token{sso::secret{"example-token"}},
          std::move(options)};
}

void run(asio::io_context& io, asio::awaitable<void> coroutine) {
  asio::co_spawn(io, std::move(coroutine), [](std::exception_ptr thrown) {
    if (thrown) std::rethrow_exception(thrown);
  });
  io.restart();
  io.run();
}

}  // namespace stand_in
