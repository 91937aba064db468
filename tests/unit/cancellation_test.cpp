// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/keycard.hpp>
#include <sso/testing/fake_transport.hpp>
#include <sso/testing/manual_runtime.hpp>
#include <sso/testing/run.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

using namespace std::chrono_literals;
using namespace sso;
using sso::testing::fake_transport;
using sso::testing::manual_runtime;
namespace asio = boost::asio;

namespace {

using keycard_client = keycard::basic_client<fake_transport, manual_runtime>;

/// One failed token request and one rate-limited response, then success: every kind of suspension.
fake_transport stony_road(manual_runtime time) {
  fake_transport network{time};
  network.reply(503, "", {{"Retry-After", "1"}})
      .reply(200, R"({"access_token":"t"})")
      .reply(429, "", {{"Retry-After", "1"}})
      .reply(401)
      .reply(200, R"({"access_token":"u"})")
      .reply(204);
  return network;
}

enum class filter { standard, all_types, none };

/// Awaits one call after another, as a service does.
asio::awaitable<void> two_calls(keycard_client c, filter let_through, bool throws, std::string& log) {
  if (let_through == filter::all_types) {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  }
  if (let_through == filter::none) {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  }
  co_await asio::this_coro::throw_if_cancelled(throws);
  const auto first = co_await c.disable("acme");
  log += first ? "first "
               : "first-" + std::string{to_string(static_cast<errc>(first.error().code().value()))} + ' ';
  const bool throws_now = co_await asio::this_coro::throw_if_cancelled();
  if (throws_now != throws) log += "changed ";
  const auto second = co_await c.disable("acme");
  log += second ? "second"
                : "second-" + std::string{to_string(static_cast<errc>(second.error().code().value()))};
}

/// Cancels the first of two calls while it waits for its response.
std::string log_of_two_calls(asio::cancellation_type type, filter let_through, bool throws = true) {
  manual_runtime time;
  fake_transport network{time};
  network.reply(204).after(1s).reply(204);
  const keycard_client c{network, bearer_token{"t"}, {}, time};
  std::string log;
  asio::io_context io;
  asio::cancellation_signal signal;
  asio::co_spawn(io, two_calls(c, let_through, throws, log),
                 asio::bind_cancellation_slot(signal.slot(), [&log](std::exception_ptr thrown) {
                   if (thrown) log += "thrown";
                 }));
  while (network.request_count() == 0) REQUIRE(io.run_one() != 0);
  signal.emit(type);
  io.run();
  return log;
}

}  // namespace

TEST_CASE("a cancellation ends a call only if the filter of the caller accepts its type", "[cancellation]") {
  const auto terminal = asio::cancellation_type::terminal;
  CHECK(log_of_two_calls(terminal, filter::standard) == "first-cancelled thrown");
  CHECK(log_of_two_calls(terminal, filter::all_types) == "first-cancelled thrown");
  CHECK(log_of_two_calls(terminal, filter::none) == "first second");
  for (const auto type : {asio::cancellation_type::partial, asio::cancellation_type::total}) {
    CHECK(log_of_two_calls(type, filter::standard) == "first second");
    CHECK(log_of_two_calls(type, filter::all_types) == "first-cancelled thrown");
    CHECK(log_of_two_calls(type, filter::none) == "first second");
  }
}

TEST_CASE("a cancelled coroutine that disables the exception gets cancelled from each next call",
          "[cancellation]") {
  CHECK(log_of_two_calls(asio::cancellation_type::terminal, filter::standard, false) ==
        "first-cancelled second-cancelled");
}

namespace {

/// A runtime that fails.
struct broken_runtime : manual_runtime {
  asio::awaitable<void> sleep(duration) const { throw std::runtime_error{"no timers left"}; }
};

asio::awaitable<bool> throws_after(keycard::basic_client<fake_transport, broken_runtime> c, bool& thrown) {
  try {
    (void)co_await c.disable("acme");
  } catch (const std::runtime_error&) {
    thrown = true;
  }
  co_return co_await asio::this_coro::throw_if_cancelled();
}

}  // namespace

TEST_CASE("a call that throws leaves the cancellation state of the caller unchanged", "[cancellation]") {
  fake_transport network;
  network.reply(503).reply(204);
  const keycard::basic_client<fake_transport, broken_runtime> c{
      network, bearer_token{"t"}, {}, broken_runtime{}};
  bool thrown = false;
  CHECK(testing::run(throws_after(c, thrown)));
  CHECK(thrown);
}

TEST_CASE("an event loop may be destroyed while calls are in progress", "[cancellation]") {
  for (unsigned steps = 0; steps != 30; ++steps) {
    manual_runtime time;
    auto network = stony_road(time);
    std::optional<keycard_client> c{std::in_place, network, client_credentials{"id", secret{"pw"}},
                                    client_options{}, time};
    asio::io_context io;
    asio::co_spawn(io, c->disable("acme"), asio::detached);
    asio::co_spawn(io, c->disable("acme"), asio::detached);
    c.reset();
    for (unsigned i = 0; i != steps && io.run_one() != 0; ++i) {
    }
  }
  SUCCEED("under the sanitizers");
}

TEST_CASE("a cancellation ignored by an exchange ends the backoff after it", "[cancellation]") {
  {
    const auto type = asio::cancellation_type::terminal;
    manual_runtime time;
    fake_transport network{time};
    asio::cancellation_signal signal;
    network.handle([&](const http::request&) {
      signal.emit(type);
      return http::response{503, {{"Retry-After", "30"}}, {}};
    });
    const keycard_client c{network, bearer_token{"t"}, {}, time};
    asio::io_context io;
    std::optional<errc> end;
    asio::co_spawn(
        io, c.disable("acme"),
        asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr, result<response<void>> a) {
          if (!a) end = static_cast<errc>(a.error().code().value());
        }));
    io.run();
    CHECK(end == errc::cancelled);
    CHECK(time.slept().empty());
    CHECK(network.request_count() == 1);
  }
}
