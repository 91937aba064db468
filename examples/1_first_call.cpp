// SPDX-License-Identifier: BSL-1.0
// 1. The first call: reads one organization's SSO connection from Keycard.
//
//     1_first_call                  from a fake on loopback, over TLS
//     1_first_call ORGANIZATION     from the real service; needs KEYCARD_API_CLIENT_ID and KEYCARD_API_CLIENT_SECRET
//
// KEYCARD_API_BASE_URL names another server for the latter; KEYCARD_API_LOG=debug logs each step.
#include "stand_in.hpp"

#include <sso/client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>
#include <optional>
#include <string>

namespace asio = boost::asio;

namespace {

// A coroutine of a service. It takes its arguments by value: a reference could dangle after it suspends. Copying the
// client is cheap, since it is a handle.
asio::awaitable<int> show(sso::keycard::client keycard, std::string organization) {
  const auto connection = co_await keycard.retrieve(
      organization, sso::keycard::retrieve_params{}.expand(sso::keycard::expansion::permissions));
  if (!connection) {
    // One line with all that is known: call, status, the server's message, request ids.
    std::cerr << connection.error() << '\n';
    // A 404 is an expected result: there is no such organization, or it has no SSO.
    co_return connection.error().code() == sso::errc::not_found ? 1 : 3;
  }
  std::cout << "id          " << connection->id << '\n'
            << "identifier  " << connection->identifier << '\n'
            << "client id   " << connection->client_id.value_or("(none)") << '\n'
            << "secret      " << (connection->client_secret_set ? "set" : "not set") << '\n'
            << "request id  " << connection->http.request_id << '\n';
  co_return 0;
}

}  // namespace

int main(int argc, char* argv[]) {
  if (argc > 2) {
    std::cerr << "usage: 1_first_call [ORGANIZATION]\n";
    return 2;
  }
  try {
    std::optional<stand_in::keycard> fake;
    asio::io_context io;
    if (argc == 1) {
      fake.emplace();
      fake->backend().add_connection("acme");
    }
    const auto keycard =
        fake ? fake->client(io.get_executor()) : sso::keycard::client::from_environment(io.get_executor());

    int status = 3;
    asio::co_spawn(io, show(keycard, argc == 1 ? "acme" : argv[1]),
                   [&](std::exception_ptr thrown, int returned) {
                     if (thrown) std::rethrow_exception(thrown);
                     status = returned;
                   });
    io.run();
    return status;
  } catch (const std::exception& e) {  // such as wrong options or credentials, when the client is built
    std::cerr << e.what() << '\n';
    return 2;
  }
}
