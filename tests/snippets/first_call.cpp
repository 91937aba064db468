// SPDX-License-Identifier: BSL-1.0
// The snippet's main() would call the real service, so it is only compiled.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wreturn-type"
#define main readme_main
#include "first_call.hpp"
#undef main
#pragma GCC diagnostic pop

#include <sso/testing/fake_keycard.hpp>
#include <sso/testing/loopback_server.hpp>

#include <sstream>
#include <string>

namespace {

/// The output of the snippet with this server, to both streams.
std::string shown_against(const sso::testing::fake_keycard& backend) {
  const sso::testing::loopback_server server{backend};
  boost::asio::io_context io;
  sso::beast_options network;
  network.tls.ca_pem = server.ca_pem();
  sso::client_options options;
  options.base_url = server.base_url();
  sso::keycard::client keycard{sso::beast_transport{io.get_executor(), network},
                               sso::client_credentials{"id", sso::secret{"..."}}, options};

  std::ostringstream written;
  auto* const out = std::cout.rdbuf(written.rdbuf());
  auto* const errors = std::cerr.rdbuf(written.rdbuf());
  boost::asio::co_spawn(io, show(keycard), [](std::exception_ptr failed) {
    if (failed) std::rethrow_exception(failed);
  });
  io.run();
  std::cout.rdbuf(out);
  std::cerr.rdbuf(errors);
  return written.str();
}

}  // namespace

int main() {
  sso::testing::fake_keycard backend;
  backend.add_client("id", "...").add_organization("acme");
  const auto absent = shown_against(backend);
  backend.add_connection("acme", "client", "https://idp.example.com");
  const auto present = shown_against(backend);

  std::cout << absent << present;
  const bool good = absent.starts_with("GET /organizations/acme/sso-connection: 404 not_found") &&
                    present.starts_with("https://idp.example.com\n");
  return good ? 0 : 1;
}
