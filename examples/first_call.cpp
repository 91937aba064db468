// SPDX-License-Identifier: BSL-1.0
// Reads one organization's SSO connection from Keycard.
//
//     KEYCARD_API_CLIENT_ID=... KEYCARD_API_CLIENT_SECRET=... first_call ORGANIZATION
//
// KEYCARD_API_BASE_URL points it elsewhere, KEYCARD_API_LOG=debug shows what it does.
#include <sso/client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>
#include <string>

namespace asio = boost::asio;

namespace {

asio::awaitable<int> show(sso::keycard::client keycard, std::string organization) {
  auto connection = co_await keycard.retrieve(
      organization, sso::keycard::retrieve_params{}.expand(sso::keycard::expansion::permissions));
  if (!connection) {
    std::cerr << connection.error() << '\n';
    // A 404 is an answer: there is no such organization, or it has no SSO.
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
  if (argc != 2) {
    std::cerr << "usage: first_call ORGANIZATION\n";
    return 2;
  }
  try {
    asio::io_context io;
    const auto keycard = sso::keycard::client::from_environment(io.get_executor());
    int status = 3;
    asio::co_spawn(io, show(keycard, argv[1]), [&](std::exception_ptr thrown, int returned) {
      if (thrown) std::rethrow_exception(thrown);
      status = returned;
    });
    io.run();
    return status;
  } catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 2;
  }
}
