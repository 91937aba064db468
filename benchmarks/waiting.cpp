// SPDX-License-Identifier: BSL-1.0
// The memory of a call that waits for a connection.
//
//     LD_PRELOAD=.../heap_counter.so PROGRAM TOKEN_URL CA_FILE [CALLS]
//
// Allows one connection, to a server that never completes its handshake, so all calls but one wait. Compares the memory of
// CALLS / 10 calls with that of CALLS calls.
#include "heap.hpp"

#include <sso/client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <stdexcept>

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

void measure(const char* token_url, const char* ca_file, std::size_t calls) {
  asio::io_context io{1};
  asio::ip::tcp::acceptor silent{io, {asio::ip::address_v4::loopback(), 0}};
  sso::beast_options network;
  network.tls.ca_file = ca_file;
  network.pool.per_origin = 1;
  network.connect_timeout = 1h;
  sso::client_options options;
  options.base_url = "https://127.0.0.1:" + std::to_string(silent.local_endpoint().port());
  options.token_url = token_url;
  options.timeout = 1h;
  options.attempt_timeout = 1h;
  const sso::beast_transport transport{io.get_executor(), network};
  const sso::keycard::client client{transport, sso::client_credentials{"benchmark", sso::secret{"secret"}},
                                    options};

  const auto wait_for = [&](std::size_t spawned, std::size_t waiting) {
    for (std::size_t i = 0; i != spawned; ++i) asio::co_spawn(io, client.retrieve("acme"), asio::detached);
    const auto limit = std::chrono::steady_clock::now() + 1min;
    while (transport.stats().waiting != waiting) {
      if (std::chrono::steady_clock::now() > limit) throw std::runtime_error{"the calls do not wait"};
      io.run_one_for(100ms);
    }
    return bench::heap_now().live_bytes;
  };
  const auto few = calls / 10;
  const auto before = wait_for(few, few - 1);
  const auto after = wait_for(calls - few, calls - 1);
  std::cout << "{\"bytes_per_waiting_call\": "
            << static_cast<double>(after - before) / static_cast<double>(calls - few) << "}\n";
}

}  // namespace

int main(int argc, char* argv[]) {
  try {
    if (argc < 3 || !bench::heap_is_counted())
      throw std::runtime_error{"see waiting.cpp for how to start it"};
    measure(argv[1], argv[2], argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 10'000);
    return 0;
  } catch (const std::exception& e) {
    std::cerr << "waiting: " << e.what() << '\n';
    return 1;
  }
}
