// SPDX-License-Identifier: BSL-1.0
// 4. Your own transport: Keycard over libcurl, with a layer that prints each exchange.
//
// A transport performs one exchange. Tokens, retries, deadlines and errors are above it and the same for all transports.
// `sso::transport` lists its obligations, and the testing kit's `check_transport` tests them case by case.
//
// Runs against a fake on loopback, over TLS.
#include "curl_transport.hpp"

#include <sso/keycard.hpp>
#include <sso/testing/conformance.hpp>
#include <sso/testing/fake_keycard.hpp>
#include <sso/testing/loopback_server.hpp>
#include <sso/testing/run.hpp>

#include <exception>
#include <iostream>
#include <string>
#include <utility>

namespace asio = boost::asio;

namespace {

// A layer is a transport over another one. It sees every attempt, and token requests too.
template <sso::transport Next>
class watched {
public:
  explicit watched(Next next) : next_{std::move(next)} {}

  asio::awaitable<sso::result<sso::http::response>> send(const sso::http::request& request,
                                                         sso::http::limits limits) {
    return pass(next_, request, limits);
  }

private:
  // Static: the layer may be destroyed during an exchange.
  static asio::awaitable<sso::result<sso::http::response>> pass(Next next, const sso::http::request& request,
                                                                sso::http::limits limits) {
    auto response = co_await next.send(request, limits);
    std::cout << "  " << request.operation << ": ";
    if (response) {
      std::cout << response->status << '\n';
    } else {
      std::cout << response.error() << '\n';
    }
    co_return response;
  }

  Next next_;
};

asio::awaitable<bool> use(sso::keycard::basic_client<watched<curl_transport>> keycard) {
  const auto enabled =
      co_await keycard.enable("acme", sso::keycard::enable_params{"portal", "https://idp.example.com"});
  const auto read = co_await keycard.retrieve("acme");
  if (!enabled || !read) co_return false;
  std::cout << read->identifier << " after " << read->http.attempts << " attempts\n";
  const auto gone = co_await keycard.disable("acme");
  const auto missing = co_await keycard.retrieve("acme");
  co_return gone && !missing && missing.error().code() == sso::errc::not_found;
}

bool talk() {
  sso::testing::fake_keycard backend;
  backend.add_organization("acme").add_client("id", "secret");
  backend.fail_next(503, {{"Retry-After-Ms", "10"}});
  const sso::testing::loopback_server server{backend};
  sso::client_options options;
  options.base_url = server.base_url();
  return sso::testing::run(use({watched{curl_transport{server.ca_pem()}},
                                sso::client_credentials{"id", sso::secret{"secret"}}, options}));
}

bool conforms() {
  sso::testing::conformance_options options;
  options.cannot["cut responses"] = "curl accepts a chunked response without its last byte, a line end";
  sso::testing::network_subject subject{
      [](asio::any_io_executor, std::string ca_pem) { return curl_transport{std::move(ca_pem)}; }};
  const auto report = sso::testing::check_transport(subject, options);
  std::cout << report;
  return static_cast<bool>(report);
}

}  // namespace

int main() {
  try {
    const bool good = talk();
    return conforms() && good ? 0 : 1;
  } catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 1;
  }
}
