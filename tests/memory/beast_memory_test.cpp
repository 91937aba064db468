// SPDX-License-Identifier: BSL-1.0
// A transport after a single failed allocation of a call.
#include "../net/beast_fixture.hpp"
#include "../net/silent_port.hpp"
#include "../net/test_names.hpp"
#include "heap.hpp"

#include <boost/asio/detached.hpp>

#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <string>

using namespace net_test;
using memory_test::failing_allocation;
using sso::testing::fault_server;

namespace {

/// A call in the background. If a failed allocation cannot be reported to the caller, the exception leaves the loop and
/// the caller's coroutine is destroyed.
class call {
public:
  call(client& c, const http::request& request, std::chrono::milliseconds timeout)
      : client_{c}, request_{request}, limits_{within(timeout)} {
    auto told = std::make_shared<bool>();
    telling_ = told;
    asio::co_spawn(c.io, c.transport.send(request_, limits_),
                   [this, told = std::move(told)](std::exception_ptr thrown, exchange_result r) {
                     if (!thrown) result_ = std::move(r);
                     ended_ = true;
                   });
  }

  /// Empty if an allocation failed before there was a result.
  [[nodiscard]] const std::optional<exchange_result>& given() const { return result_; }

  /// An upper bound of its duration.
  [[nodiscard]] std::chrono::steady_clock::duration took() const {
    return std::chrono::steady_clock::now() - began_;
  }
  /// Whether it has ended, with or without a result.
  [[nodiscard]] bool has_gone() const { return telling_.expired(); }

  void wait() {
    const auto limit = std::chrono::steady_clock::now() + 30s;
    while (!has_gone() && std::chrono::steady_clock::now() < limit) step();
    REQUIRE(has_gone());
    CHECK((ended_ || left_the_loop_ == 1));
  }

  void step() {
    client_.io.restart();
    try {
      client_.io.run_one_for(10ms);
    } catch (const std::bad_alloc&) {
      ++left_the_loop_;
    }
  }

private:
  client& client_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  http::request request_;
  http::limits limits_;
  std::weak_ptr<bool> telling_;
  bool ended_ = false;
  int left_the_loop_ = 0;
  std::optional<exchange_result> result_;
};

}  // namespace

TEST_CASE("a call with any failed allocation ends and the transport serves the next call") {
  define_name("memory.test", {"127.0.0.3", "127.0.0.1"});  // the first one refuses
  fault_server server{always(ok("fine")), named("memory.test")};
  auto request = get(server.origin());
  SECTION("short") {}
  SECTION("long") {
    request = post(server.origin(), std::string(300'000, 'x'));
  }
  long number = 0;
  for (bool failed = true; failed; ++number) {
    CAPTURE(number);
    sso::beast_options options;
    options.pool.idle_timeout = 0s;  // the next call opens a connection too
    client c{server.ca_pem(), options};
    call first{c, request, 250ms};
    {
      const failing_allocation one{number};
      first.wait();
      failed = one.has_failed();
    }
    const auto r = c.send(request);
    if (!r) FAIL(r.error().message());
    CHECK(r->body == "fine");
    CHECK(c.transport.stats().open == 0);
  }
  CHECK(number > 20);
}

TEST_CASE("a call that fails to allocate at its start does not change the deadline of another call") {
  fault_server server{stall_after("")};
  const auto request = get(server.origin());
  long number = 0;
  for (bool failed = true; failed; ++number) {
    CAPTURE(number);
    client c{server.ca_pem()};
    REQUIRE(c.send(post(server.origin(), "x")));  // allocates what only a first call needs
    call first{c, request, 250ms};
    const auto before = server.requests().size();
    c.run_until([&] { return server.requests().size() == before + 1; });
    call second{c, request, 50ms};  // must set its own timer
    {
      const failing_allocation one{number};
      while (c.transport.stats().open == 1 && !second.has_gone()) second.step();
      failed = one.has_failed();
    }
    second.wait();
    first.wait();
    REQUIRE(first.given());
    REQUIRE_FALSE(*first.given());
    CHECK(first.given()->error().code() == sso::errc::timeout);
  }
  CHECK(number > 5);
}

TEST_CASE("a call with any failed allocation ends by its deadline in each phase") {
  define_name("memory.test", {"127.0.0.1"});
  fault_server server{stall_after(""), named("memory.test")};
  const silent_port silent{"127.0.0.1"};
  auto request = get(server.origin());
  sso::beast_options options;
  bool unknown = false;
  bool others = false;
  SECTION("name lookup") {
    unknown = true;
  }
  SECTION("TCP connect") {
    request.origin = {"https", "127.0.0.1", silent.port()};
  }
  SECTION("waiting for a connection") {
    others = true;
  }
  SECTION("waiting for the response") {}
  long number = 0;
  for (bool failed = true; failed; ++number) {
    CAPTURE(number);
    options.pool.per_origin = 1;
    client c{server.ca_pem(), options};
    std::optional<stalled_name> stalled;  // destroyed before the loop, which waits for the resolver's thread
    if (unknown) stalled.emplace("memory.test");
    std::optional<call> holder;
    if (others) {
      const auto before = server.requests().size();
      holder.emplace(c, request, 10s);
      c.run_until([&] { return server.requests().size() == before + 1; });
    }
    call waiting{c, request, 30ms};
    {
      const failing_allocation one{number};
      waiting.wait();
      failed = one.has_failed();
    }
    CHECK(waiting.took() < 5s);
    CHECK(c.transport.stats().waiting == 0);
  }
  CHECK(number > 5);
}

TEST_CASE("the pool stays usable after any failed allocation of an exchange") {
  fault_server server{always(ok("fine"))};
  const auto request = get(server.origin());
  long number = 0;
  for (bool failed = true; failed; ++number) {
    CAPTURE(number);
    client c{server.ca_pem()};
    REQUIRE(c.send(request));
    call again{c, request, 10s};
    {
      const failing_allocation one{number};
      again.wait();
      failed = one.has_failed();
    }
    REQUIRE(c.send(request));
    CHECK(c.transport.stats().open == 1);
    CHECK(c.transport.stats().idle == 1);
  }
  CHECK(number > 2);
}
