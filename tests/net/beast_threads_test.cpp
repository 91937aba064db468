// SPDX-License-Identifier: BSL-1.0
#include "beast_fixture.hpp"
#include "test_names.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <exception>
#include <future>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

using namespace net_test;
using sso::errc;
using sso::outcome;
using sso::testing::fault_peer;
using sso::testing::fault_server;

namespace {

/// The number after `/` in a request's target.
std::string number_in(const std::string& request) {
  const auto begin = request.find('/') + 1;
  return request.substr(begin, request.find(' ', begin) - begin);
}

/// Whether `unreliable` keeps the connection open without a response.
bool stalls(std::size_t number) {
  return number % 16 == 4;
}

/// Responds with the request's number, or misbehaves, depending on the number modulo 16.
asio::awaitable<void> unreliable(fault_peer& peer) {
  for (;;) {
    const auto request = co_await peer.read_request();
    if (request.empty()) co_return;
    const auto number = number_in(request);
    switch (std::stoul(number) % 16) {
    case 0: co_return;
    case 1: peer.end(ending::reset); co_return;
    case 2: co_await peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + number); co_return;
    case 3:
      co_await peer.write(ok(number));
      peer.end(ending::orderly);
      co_return;
    case 4: co_await peer.until_gone(); co_return;
    default: co_await peer.write(ok(number));
    }
  }
}

/// Sends numbered requests one after the other, cancels some, and checks that each response has its number.
class caller : public std::enable_shared_from_this<caller> {
public:
  struct totals {
    std::atomic<int> succeeded = 0;
    std::atomic<int> failed = 0;
    std::atomic<int> wrong = 0;
  };

  caller(const asio::any_io_executor& executor, sso::beast_transport transport, http::origin where,
         unsigned seed, int calls, totals& sum)
      : strand_{asio::make_strand(executor)},
        transport_{std::move(transport)},
        origin_{std::move(where)},
        random_{seed},
        left_{calls},
        totals_{sum} {}

  void start() {
    asio::post(strand_, [self = shared_from_this()] { self->next(); });
  }

private:
  void next() {
    if (left_-- == 0) return;
    const std::size_t number = random_() % 100'000;
    request_ = get(origin_, "/" + std::to_string(number));
    request_.replayable = random_() % 2 == 0;
    signal_ = std::make_shared<asio::cancellation_signal>();
    asio::co_spawn(strand_, transport_.send(request_, stalls(number) ? within(50ms) : within(60s)),
                   asio::bind_cancellation_slot(
                       signal_->slot(),
                       asio::bind_executor(strand_, [self = shared_from_this()](std::exception_ptr,
                                                                                const exchange_result& r) {
                         self->note(r);
                         self->next();
                       })));
    if (random_() % 8 == 0) {
      asio::post(strand_, [signal = signal_] { signal->emit(asio::cancellation_type::total); });
    }
  }

  void note(const exchange_result& r) {
    if (!r) {
      ++totals_.failed;
      if (r.error().code() == errc::invalid_argument) ++totals_.wrong;
    } else {
      ++totals_.succeeded;
      if (r->body != request_.target.substr(1)) ++totals_.wrong;
    }
  }

  /// One object for all calls, destroyed after the pool's threads: the last copy's destruction is ordered by a fence in
  /// Asio that ThreadSanitizer does not support.
  asio::any_io_executor strand_;
  sso::beast_transport transport_;
  http::origin origin_;
  std::minstd_rand random_;
  int left_;
  totals& totals_;
  http::request request_;
  std::shared_ptr<asio::cancellation_signal> signal_;
};

/// Runs concurrent callers with several calls each. Every call ends, and no call gets the response of another.
void call_at_once(asio::thread_pool& pool, const sso::beast_transport& transport, const http::origin& where,
                  int callers, int calls, caller::totals& totals) {
  std::vector<std::shared_ptr<caller>> all;
  for (int i = 0; i != callers; ++i) {
    const auto seed = static_cast<unsigned>(i + 1);
    all.push_back(std::make_shared<caller>(pool.get_executor(), transport, where, seed, calls, totals));
    all.back()->start();
  }
  pool.join();
  CHECK(totals.succeeded + totals.failed == callers * calls);
  CHECK(totals.failed > 0);
  CHECK(totals.wrong == 0);
}

}  // namespace

TEST_CASE("one transport serves coroutines on several threads with failures and cancellations") {
  fault_server server{unreliable};
  caller::totals totals;
  asio::thread_pool pool{4};
  sso::beast_options options;
  options.tls.ca_pem = server.ca_pem();
  options.pool.per_origin = 8;
  const sso::beast_transport transport{pool.get_executor(), options};
  call_at_once(pool, transport, server.origin(), 24, 150, totals);
  CHECK(totals.succeeded > 0);
  const auto stats = transport.stats();
  CHECK(stats.open == stats.idle);
  CHECK(stats.waiting == 0);
}

TEST_CASE("calls on several threads end correctly if they time out while connecting") {
  define_name("threads.test", {"127.0.0.3", "127.0.0.4", "127.0.0.1"});  // the first two refuse
  fault_server server{unreliable, named("threads.test")};
  caller::totals totals;
  asio::thread_pool pool{4};
  sso::beast_options options;
  options.tls.ca_pem = server.ca_pem();
  options.connect_timeout = 3ms;  // expires anywhere from the lookup to the end of the handshake
  options.pool.idle_timeout = 0s;
  const sso::beast_transport transport{pool.get_executor(), options};
  call_at_once(pool, transport, server.origin(), 16, 50, totals);
  CHECK(transport.stats().open == 0);
  CHECK(transport.stats().waiting == 0);
}

TEST_CASE("a call completes on the executor of its caller") {
  fault_server server{always(ok("fine"))};
  asio::thread_pool network{2};
  asio::thread_pool callers{1};
  std::promise<std::thread::id> caller_thread;
  asio::post(callers, [&] { caller_thread.set_value(std::this_thread::get_id()); });
  const auto expected = caller_thread.get_future().get();
  sso::beast_options options;
  options.tls.ca_pem = server.ca_pem();
  const sso::beast_transport transport{network.get_executor(), options};
  const auto request = get(server.origin());
  std::promise<bool> done;
  const auto body = [&]() -> asio::awaitable<void> {
    bool here = true;
    for (int i = 0; i != 20; ++i) {
      const auto r = co_await transport.send(request, {});
      here = here && r.has_value() && std::this_thread::get_id() == expected;
    }
    done.set_value(here);
  };
  asio::co_spawn(callers, body(), asio::detached);
  CHECK(done.get_future().get());
  callers.join();
}

TEST_CASE("a stopped thread pool destroys its calls in progress") {
  fault_server server{[](fault_peer& peer) -> asio::awaitable<void> { co_await peer.until_gone(); }};
  const auto request = get(server.origin());
  for (int i = 0; i != 10; ++i) {
    asio::thread_pool pool{2};
    sso::beast_options options;
    options.tls.ca_pem = server.ca_pem();
    options.pool.per_origin = 2;
    const sso::beast_transport transport{pool.get_executor(), options};
    for (int k = 0; k != 6; ++k) asio::co_spawn(pool, transport.send(request, {}), asio::detached);
    while (transport.stats().open != 2) std::this_thread::yield();
    pool.stop();
    pool.join();
  }
  SUCCEED("all calls were destroyed");
}
