// SPDX-License-Identifier: BSL-1.0
// 6. A service: an HTTP server that manages SSO at Keycard inside its handlers.
//
//     6_service            with a fake Keycard on loopback
//
// With KEYCARD_API_CLIENT_ID and KEYCARD_API_CLIENT_SECRET it uses the real Keycard. SERVICE_PORT is the port (8080; 0:
// any), SERVICE_DEADLINE_MS the deadline of a request (5000), SERVICE_DRAIN_MS that of the shutdown (10000).
//
//     curl -X PUT -d '{"identifier": "https://idp.example.com", "client_id": "portal"}' localhost:8080/organizations/acme/sso
//     curl localhost:8080/organizations/acme/sso
//
// On SIGTERM or Ctrl-C it accepts no more requests, finishes those in progress, and exits with 0; or with 1 if that takes
// longer than SERVICE_DRAIN_MS.
#include "../stand_in.hpp"
#include "admin.hpp"
#include "server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <charconv>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace asio = boost::asio;

namespace {

template <class Number>
Number setting(const char* name, Number otherwise) {
  const char* const text = std::getenv(name);
  if (text == nullptr || *text == '\0') return otherwise;
  Number value{};
  const std::string_view digits{text};
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (failed != std::errc{} || end != digits.data() + digits.size()) {
    throw std::runtime_error{std::string{name} + " is not a number in its range"};
  }
  return value;
}

bool has_account() {
  const char* const id = std::getenv("KEYCARD_API_CLIENT_ID");
  return id != nullptr && *id != '\0';
}

int serve() {
  const std::chrono::milliseconds deadline{setting<unsigned>("SERVICE_DEADLINE_MS", 5000)};
  const std::chrono::milliseconds drain{setting<unsigned>("SERVICE_DRAIN_MS", 10000)};
  const auto port = setting<std::uint16_t>("SERVICE_PORT", 8080);

  std::optional<stand_in::keycard> fake;
  if (!has_account()) fake.emplace();

  // One thread and one event loop, so no locks. One client for all requests.
  asio::io_context io{1};
  const auto keycard =
      fake ? fake->client(io.get_executor()) : sso::keycard::client::from_environment(io.get_executor());
  service::server server{io, port, service::admin{keycard, deadline}};
  std::cout << "listening on 127.0.0.1:" << server.port() << std::endl;

  asio::signal_set signals{io, SIGTERM, SIGINT};
  signals.async_wait([&](boost::system::error_code stopped, int) {
    if (stopped) return;
    signals.clear();  // a second signal ends the program at once
    std::cout << "shutting down, requests in progress: " << server.in_progress() << std::endl;
    server.shut_down(drain);
  });
  io.run();  // until no work is left

  std::cout << "stopped, requests cancelled: " << server.cancelled_count() << std::endl;
  return server.cancelled_count() == 0 ? 0 : 1;
}

}  // namespace

int main() {
  try {
    return serve();
  } catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 2;
  }
}
