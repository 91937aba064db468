// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/keycard.hpp>
#include <sso/logger.hpp>
#include <sso/testing/fake_keycard.hpp>
#include <sso/testing/fake_transport.hpp>
#include <sso/testing/manual_runtime.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <exception>
#include <sstream>
#include <utility>

using namespace sso;
using sso::testing::fake_keycard;
using sso::testing::fake_transport;
using sso::testing::manual_runtime;
namespace asio = boost::asio;

// For ThreadSanitizer: one client on four threads, while its token expires and is refused.
TEST_CASE("one client serves calls on several threads", "[threads]") {
  manual_runtime time;
  fake_keycard service{time};
  service.add_connection("acme").add_client("id", "pw").token_lifetime(std::chrono::seconds{100});
  fake_transport network{time};
  network.handle(service);
  std::ostringstream log;
  client_options options;
  options.observer = make_logger(log, log_level::debug);
  options.timeout = std::chrono::hours{10};  // the test advances the clock
  options.attempt_timeout = std::chrono::hours{1};
  const keycard::basic_client<fake_transport, manual_runtime> c{
      network, client_credentials{"id", secret{"pw"}}, options, time};
  const keycard::basic_client<fake_transport, manual_runtime> refused{
      network, client_credentials{"id", secret{"wrong"}}, options, time};
  std::atomic<int> succeeded{0};
  std::atomic<int> rejected{0};
  asio::thread_pool pool{4};
  for (int i = 0; i != 400; ++i) {
    if (i % 100 == 50) service.revoke_tokens();
    if (i % 100 == 99) time.advance(std::chrono::seconds{95});
    asio::co_spawn(pool, c.retrieve("acme"),
                   [&succeeded](std::exception_ptr thrown, result<response<keycard::sso_connection>> r) {
                     // A call fails if its token is revoked twice.
                     if (!thrown && (r || r.error().code() == errc::unauthorized)) ++succeeded;
                   });
    asio::co_spawn(pool, refused.disable("acme"),
                   [&rejected](std::exception_ptr thrown, result<response<void>> r) {
                     if (!thrown && !r && r.error().server_code() == "invalid_client") ++rejected;
                   });
  }
  pool.join();
  CHECK(succeeded == 400);
  CHECK(rejected == 400);
  CHECK(log.str().find("finished 200") != std::string::npos);
}
