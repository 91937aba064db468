// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/keycard.hpp>
#include <sso/testing/fake_transport.hpp>
#include <sso/testing/manual_runtime.hpp>
#include <sso/testing/run.hpp>
#include <sso/truto.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

#include <functional>
#include <optional>
#include <string>
#include <utility>

using namespace std::chrono_literals;
using namespace sso;
using sso::testing::fake_transport;
using sso::testing::manual_runtime;
using sso::testing::run;
namespace asio = boost::asio;

namespace {

using keycard_client = keycard::basic_client<fake_transport, manual_runtime>;
using truto_client = truto::basic_client<fake_transport, manual_runtime>;

const std::string id = "1ba1f401-7183-47c5-9e39-e8e257e3c795";
constexpr asio::cancellation_type types[] = {
    asio::cancellation_type::terminal, asio::cancellation_type::partial, asio::cancellation_type::total};

/// A token request that fails once, an API that is rate-limited once, then success: every kind of suspension.
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

struct ended {
  bool thrown = false;
  std::optional<errc> failure;
};

/// Starts a call, lets `steps` handlers of the event loop run, emits, and lets the call end. Nothing if the
/// call had ended before.
template <class T>
std::optional<ended> cancel_after(unsigned steps, asio::cancellation_type type,
                                  asio::awaitable<result<T>> call) {
  asio::io_context io;
  asio::cancellation_signal signal;
  std::optional<ended> end;
  asio::co_spawn(
      io, std::move(call),
      asio::bind_cancellation_slot(signal.slot(), [&end](std::exception_ptr thrown, result<T> answer) {
        end = ended{thrown != nullptr, {}};
        if (!answer) end->failure = static_cast<errc>(answer.error().code().value());
      }));
  for (unsigned i = 0; i != steps; ++i) {
    if (io.run_one() == 0) return std::nullopt;
  }
  if (end) return std::nullopt;
  signal.emit(type);
  io.run();
  REQUIRE(end);
  return end;
}

}  // namespace

TEST_CASE("every type of cancellation, at every step of a call, ends it as cancelled", "[cancellation]") {
  for (const auto type : types) {
    unsigned steps = 0;
    unsigned cancelled = 0;
    for (;; ++steps) {
      CAPTURE(static_cast<unsigned>(type), steps);
      manual_runtime time;
      auto network = stony_road(time);
      const keycard_client c{network, client_credentials{"id", secret{"pw"}}, {}, time};
      const auto end = cancel_after(steps, type, c.disable("acme"));
      if (!end) break;
      CHECK_FALSE(end->thrown);
      // The last steps may have the answer in hand already.
      if (end->failure) {
        CHECK(*end->failure == errc::cancelled);
        ++cancelled;
      }
      network.handle([](const http::request& request) {
        const bool token = request.target == "/service-account-token";
        return http::response{token ? 200u : 204u, {}, token ? R"({"access_token":"t"})" : ""};
      });
      for (auto left = network.steps_left(); left != 0; --left) (void)run(c.disable("acme"));
      CHECK(run(c.disable("acme")));
    }
    CHECK(cancelled > 8);
    CHECK(cancelled + 3 >= steps);
  }
}

TEST_CASE("every type of cancellation, at every step of a wait for a domain", "[cancellation]") {
  for (const auto type : types) {
    unsigned cancelled = 0;
    for (unsigned steps = 0;; ++steps) {
      CAPTURE(static_cast<unsigned>(type), steps);
      manual_runtime time;
      fake_transport network{time};
      network.reply(200, R"({"verified":false})")
          .reply(200, R"({"verified":false})")
          .reply(200, R"({"verified":true})");
      const truto_client c{network, bearer_token{"t"}, {}, time};
      const auto end = cancel_after(steps, type, c.wait_until_verified(id, "example.com"));
      if (!end) break;
      CHECK_FALSE(end->thrown);
      if (end->failure) {
        CHECK(*end->failure == errc::cancelled);
        ++cancelled;
      }
    }
    CHECK(cancelled > 5);
  }
}

namespace {

/// Awaits one call after another, as a service's own coroutine does.
asio::awaitable<void> two_calls(keycard_client c, std::string& log) {
  const auto first = co_await c.disable("acme");
  log += first ? "first "
               : "first-" + std::string{to_string(static_cast<errc>(first.error().code().value()))} + ' ';
  const auto second = co_await c.disable("acme");
  log += second ? "second" : "second-failed";
}

std::string log_of_two_calls(asio::cancellation_type type) {
  manual_runtime time;
  fake_transport network{time};
  network.stall().reply(204);
  const keycard_client c{network, bearer_token{"t"}, {}, time};
  std::string log;
  asio::io_context io;
  asio::cancellation_signal signal;
  asio::co_spawn(io, two_calls(c, log),
                 asio::bind_cancellation_slot(signal.slot(), [&log](std::exception_ptr thrown) {
                   if (thrown) log += "thrown";
                 }));
  while (network.request_count() == 0) REQUIRE(io.run_one() != 0);
  signal.emit(type);
  io.run();
  return log;
}

}  // namespace

TEST_CASE("a partial or total cancellation ends the call, a terminal one the awaiting coroutine too",
          "[cancellation]") {
  CHECK(log_of_two_calls(asio::cancellation_type::total) == "first-cancelled second");
  CHECK(log_of_two_calls(asio::cancellation_type::partial) == "first-cancelled second");
  CHECK(log_of_two_calls(asio::cancellation_type::terminal) == "first-cancelled thrown");
}

TEST_CASE("an event loop may be destroyed with calls in flight", "[cancellation]") {
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
