// SPDX-License-Identifier: BSL-1.0
// Recipes over the default transport, against servers on loopback.
#include "recipes.hpp"

#include <sso/client.hpp>
#include <sso/testing/certificate.hpp>
#include <sso/testing/fake_keycard.hpp>
#include <sso/testing/fake_transport.hpp>
#include <sso/testing/fake_truto.hpp>
#include <sso/testing/fault_server.hpp>
#include <sso/testing/loopback_server.hpp>
#include <sso/testing/manual_runtime.hpp>
#include <sso/testing/run.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>

#include <unistd.h>

#include "alias.hpp"

namespace {

const sso::client_credentials account{"id", sso::secret{"secret"}};
const sso::bearer_token token{std::string{"token"}};

/// A temporary file, removed by the destructor.
class temporary_file {
public:
  temporary_file(const std::string& name, const std::string& text)
      : path_{std::filesystem::temp_directory_path() / (std::to_string(::getpid()) + "-sso-" + name)} {
    std::ofstream{path_} << text;
  }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  ~temporary_file() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  [[nodiscard]] std::string path() const { return path_.string(); }

private:
  std::filesystem::path path_;
};

sso::testing::fake_keycard keycard_backend() {
  sso::testing::fake_keycard backend;
  return backend.add_client("id", "secret").accept_token("token").add_connection("acme");
}

template <class Server>
sso::client_options at(const Server& server) {
  sso::client_options options;
  options.base_url = server.base_url();
  return options;
}

/// The error code of one call on this transport; empty: it succeeded.
template <class Server>
boost::system::error_code call_over(asio::io_context& io, const sso::beast_transport& transport,
                                    const Server& server) {
  const sso::keycard::client keycard{transport, token, at(server)};
  boost::system::error_code code;
  asio::co_spawn(io, keycard.retrieve("acme"), [&](std::exception_ptr, auto connection) {
    if (!connection) code = connection.error().code();
  });
  io.restart();
  io.run();
  return code;
}

namespace private_authority_text {
#include "private_authority.hpp"
}
RECIPE(private_authority) {
  const sso::testing::loopback_server server{keycard_backend()};
  asio::io_context io;
  const temporary_file authority{"ca.pem", server.ca_pem()};
  CHECK_THAT(!call_over(io, private_authority_text::trusting(io.get_executor(), authority.path()), server));
  CHECK_THAT(call_over(io, sso::beast_transport{io.get_executor()}, server) == sso::errc::tls_failed);
  const temporary_file empty{"empty.pem", ""};
  try {
    private_authority_text::trusting(io.get_executor(), empty.path());
    CHECK_THAT(!"a file without certificates is refused");
  } catch (const sso::exception& e) {
    CHECK_THAT(e.error().code() == sso::errc::tls_failed);
  }
}

namespace own_certificate_authority_text {
#include "own_certificate_authority.hpp"
}
RECIPE(own_certificate_authority) {
  const sso::testing::loopback_server server{keycard_backend()};
  const temporary_file authority{"ca.pem", server.ca_pem()};
  ::setenv("KEYCARD_API_CLIENT_ID", "id", 1);
  ::setenv("KEYCARD_API_CLIENT_SECRET", "secret", 1);
  ::setenv("KEYCARD_API_BASE_URL", server.base_url().c_str(), 1);
  asio::io_context io;
  const auto keycard =
      own_certificate_authority_text::behind_own_authority(io.get_executor(), authority.path());
  bool good = false;
  asio::co_spawn(io, keycard.retrieve("acme"), [&](std::exception_ptr, auto r) { good = r.has_value(); });
  io.run();
  CHECK_THAT(good);
}

namespace mutual_tls_text {
#include "mutual_tls.hpp"
}
RECIPE(mutual_tls) {
  const sso::testing::certificate_authority clients;
  sso::testing::loopback_options asking;
  asking.client_ca_pem = clients.pem();
  const sso::testing::loopback_server server{keycard_backend(), asking};
  const auto own = clients.issue();
  const temporary_file authority{"ca.pem", server.ca_pem()};
  const temporary_file certificate{"client.pem", own.certificate_pem};
  const temporary_file key{"client.key", own.key_pem};

  asio::io_context io;
  CHECK_THAT(!call_over(
      io, mutual_tls_text::known_by(io.get_executor(), authority.path(), certificate.path(), key.path()),
      server));
  CHECK_THAT(!call_over(io,
                        mutual_tls_text::known_by_vault(io.get_executor(), authority.path(),
                                                        own.certificate_pem, sso::secret{own.key_pem}),
                        server));
  sso::beast_options unknown;
  unknown.tls.ca_pem = server.ca_pem();
  CHECK_THAT(call_over(io, sso::beast_transport{io.get_executor(), unknown}, server) ==
             sso::errc::tls_failed);
}

namespace public_only_text {
#include "public_only.hpp"
}
RECIPE(public_only) {
  const sso::testing::loopback_server server{keycard_backend()};
  asio::io_context io;
  sso::beast_options network;
  network.tls.ca_pem = server.ca_pem();
  CHECK_THAT(!call_over(io, sso::beast_transport{io.get_executor(), network}, server));
  const auto careful = public_only_text::public_only(io.get_executor(), network);
  CHECK_THAT(call_over(io, careful, server) == sso::errc::connect_failed);
}

namespace through_proxy_text {
#include "through_proxy.hpp"
}
RECIPE(through_proxy) {
  const sso::testing::loopback_server server{keycard_backend()};
  const auto port = server.origin().port;
  sso::testing::fault_options plain;
  plain.tls = false;
  sso::testing::fault_server proxy{[port](sso::testing::fault_peer& peer) -> asio::awaitable<void> {
                                     co_await peer.read_request();
                                     std::string established = "HTTP/1.1 200 OK\r\n\r\n";
                                     co_await peer.write(established);
                                     co_await peer.relay(port);
                                   },
                                   plain};
  asio::io_context io;
  sso::beast_options network;
  network.tls.ca_pem = server.ca_pem();
  through_proxy_text::through_proxy(io.get_executor(),
                                    network);  // the URL in the document, which is not called

  network.proxy.url = proxy.base_url();
  sso::proxy_credentials known;
  known.user = "portal";
  known.password = sso::secret{"..."};
  network.proxy.credentials = known;
  CHECK_THAT(!call_over(io, sso::beast_transport{io.get_executor(), network}, server));
  CHECK_THAT(proxy.requests().at(0).find("Proxy-Authorization: Basic ") != std::string::npos);
}

namespace both_vendors_text {
#include "both_vendors.hpp"
}
RECIPE(both_vendors) {
  const sso::testing::loopback_server keycard_server{keycard_backend()};
  sso::testing::fake_truto truto_backend;
  truto_backend.accept_token("token").add_connection();
  const sso::testing::loopback_server truto_server{truto_backend};
  sso::beast_options network;
  network.tls.ca_pem = keycard_server.ca_pem() + truto_server.ca_pem();

  asio::io_context io;
  const sso::beast_transport transport{io.get_executor(), network};
  const auto both =
      both_vendors_text::connect(transport, account, token, at(keycard_server), at(truto_server));
  int succeeded = 0;
  asio::co_spawn(io, both.keycard.retrieve("acme"),
                 [&](std::exception_ptr, auto r) { succeeded += r ? 1 : 0; });
  asio::co_spawn(io, both.truto.retrieve(std::string{sso::testing::fake_truto::example_id}),
                 [&](std::exception_ptr, auto r) { succeeded += r ? 1 : 0; });
  io.run();
  CHECK_THAT(succeeded == 2);
  CHECK_THAT(transport.stats().opened == 2);
}

namespace defaults_text {
#include "defaults.hpp"
}
RECIPE(defaults) {
  const auto shown = defaults_text::of_a_client();
  const sso::client_options client;
  CHECK_THAT(shown.timeout == client.timeout && shown.attempt_timeout == client.attempt_timeout);
  CHECK_THAT(shown.retry == client.retry && shown.expand_format == client.expand_format);
  CHECK_THAT(shown.limits.body_bytes == client.limits.body_bytes);
  CHECK_THAT(shown.limits.header_bytes == client.limits.header_bytes);

  const auto network = defaults_text::of_a_transport();
  const sso::beast_options transport;
  CHECK_THAT(network.connect_timeout == transport.connect_timeout);
  CHECK_THAT(network.pool.per_origin == transport.pool.per_origin &&
             network.pool.total == transport.pool.total);
  CHECK_THAT(network.pool.idle_timeout == transport.pool.idle_timeout);
  CHECK_THAT(network.pool.max_lifetime == transport.pool.max_lifetime);
  CHECK_THAT(network.tls.min_version == transport.tls.min_version);
  CHECK_THAT(network.proxy_from_environment == transport.proxy_from_environment);
}

namespace by_environment_text {
#include "by_environment.hpp"
}
RECIPE(by_environment) {
  sso::testing::loopback_options plain;
  plain.tls = false;
  std::string agent;
  const auto backend = keycard_backend();
  const sso::testing::loopback_server server{[&](const sso::http::request& request) {
                                               agent = request.headers.get("User-Agent").value_or("");
                                               return backend(request);
                                             },
                                             plain};
  ::setenv("KEYCARD_API_CLIENT_ID", "id", 1);
  ::setenv("KEYCARD_API_CLIENT_SECRET", "secret", 1);
  ::setenv("KEYCARD_API_BASE_URL", server.base_url().c_str(), 1);
  asio::io_context io;
  const auto keycard = by_environment_text::keycard_of_this_machine(io.get_executor());
  bool good = false;
  asio::co_spawn(io, keycard.retrieve("acme"), [&](std::exception_ptr, auto r) { good = r.has_value(); });
  io.run();
  CHECK_THAT(good && agent == "portal/2.1");

  ::unsetenv("KEYCARD_API_CLIENT_SECRET");
  try {
    by_environment_text::keycard_of_this_machine(io.get_executor());
    CHECK_THAT(!"a missing variable is an error");
  } catch (const sso::exception& e) {
    CHECK_THAT(e.error().message().find("KEYCARD_API_CLIENT_SECRET") != std::string::npos);
  }
}

namespace stored_client_text {
#include "stored_client.hpp"
}
RECIPE(stored_client) {
  sso::testing::loopback_options plain;
  plain.tls = false;
  const auto backend = keycard_backend();
  const sso::testing::loopback_server server{backend, plain};
  ::setenv("KEYCARD_API_CLIENT_ID", "id", 1);
  ::setenv("KEYCARD_API_CLIENT_SECRET", "secret", 1);
  ::setenv("KEYCARD_API_BASE_URL", server.base_url().c_str(), 1);
  asio::io_context io;
  bool found = false;
  asio::co_spawn(io, stored_client_text::admin_of_this_machine(io.get_executor()).has_sso("acme"),
                 [&](std::exception_ptr, bool has) { found = has; });
  io.run();
  CHECK_THAT(found);

  sso::testing::manual_runtime time;
  sso::testing::fake_transport network{time};
  network.reply(503).handle(backend);
  const sso::keycard::basic_client keycard{network, token, {}, time};
  const stored_client_text::admin_service tested{keycard};
  CHECK_THAT(sso::testing::run(tested.has_sso("acme")));
  CHECK_THAT(!sso::testing::run(tested.has_sso("other")));
  CHECK_THAT(time.slept().size() == 1);
}

namespace threads_text {
#include "threads.hpp"
}
RECIPE(threads) {
  auto backend = keycard_backend();
  for (int i = 0; i < 20; i += 2) backend.add_connection("organization-" + std::to_string(i));
  const sso::testing::loopback_server server{backend};
  sso::beast_options network;
  network.tls.ca_pem = server.ca_pem();
  asio::thread_pool pool{4};
  const sso::keycard::client keycard{sso::beast_transport{pool.get_executor(), network}, account, at(server)};
  CHECK_THAT(threads_text::count_enabled(pool, keycard) == 10);
}

namespace shutdown_text {
#include "shutdown.hpp"
}
RECIPE(shutdown) {
  std::atomic<int> asked = 0;
  const auto backend = keycard_backend();
  const sso::testing::loopback_server server{[&](const sso::http::request& request) {
    if (++asked == 5) std::raise(SIGTERM);
    return backend(request);
  }};
  sso::beast_options network;
  network.tls.ca_pem = server.ca_pem();
  asio::io_context io;
  const sso::keycard::client keycard{sso::beast_transport{io.get_executor(), network}, token, at(server)};
  CHECK_THAT(shutdown_text::run_until_stopped(io, keycard) >= 4);
}

}  // namespace
