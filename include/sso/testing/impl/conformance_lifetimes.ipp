// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/testing/impl/conformance_cancellation.ipp>

#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include <future>

/// Conformance cases: connections, threads and handles shared by many exchanges.
namespace sso::testing::detail::conformance {

/// Responds with the target, repeated a number of times that depends on it.
[[nodiscard]] inline peer_action echo(const http::request& request, std::size_t) {
  auto body = request.target;
  while (body.size() < 20 + request.target.size() * 37 % 3000) body += request.target;
  return responding(200, body);
}

[[nodiscard]] inline bool is_echo(const exchange_result& got, const http::request& of) {
  return got && got->body == echo(of, 0).response.body;
}

inline void many_at_once(case_bench& bench) {
  bench.set_up(echo);
  constexpr std::size_t count = 60;
  std::vector<http::request> requests;
  std::vector<std::shared_ptr<attempt>> under_way;
  for (std::size_t i = 0; i != count; ++i) {
    requests.push_back(bench.request(http::method::get, "/" + std::string(i, 'n') + std::to_string(i)));
    under_way.push_back(bench.begin(requests.back()));
  }
  const auto name = std::to_string(count) + " exchanges at once";
  for (std::size_t i = 0; i != count; ++i) {
    const auto got = bench.finish(*under_way[i], name);
    bench.require(is_echo(got, requests[i]), name + ": number " + std::to_string(i) + " ended with " +
                                                 in_words(got) + ", which is not its response");
  }
  bench.require(bench.subject.received().size() == count,
                name + ": the peer received a different number of requests");
}

/// Sends the requests one after the other. Returns the number of wrong responses.
inline asio::awaitable<std::size_t> send_each(any_transport with, std::vector<http::request> requests) {
  std::size_t wrong = 0;
  for (const auto& request : requests) {
    const auto got = co_await with.send(request, http::limits{});
    if (!is_echo(got, request)) ++wrong;
  }
  co_return wrong;
}

inline void several_threads(case_bench& bench) {
  bench.set_up(echo);
  constexpr unsigned threads = 4;
  constexpr unsigned callers = 8;
  constexpr unsigned calls = 25;
  asio::thread_pool pool{threads};
  bench.transport.emplace(bench.subject.make(pool.get_executor()));
  std::vector<std::future<std::size_t>> ends;
  for (unsigned i = 0; i != callers; ++i) {
    std::vector<http::request> requests;
    for (unsigned k = 0; k != calls; ++k) {
      requests.push_back(bench.request(http::method::get, "/" + std::to_string(i * 1000 + k)));
    }
    auto end = std::make_shared<std::promise<std::size_t>>();
    ends.push_back(end->get_future());
    asio::co_spawn(asio::make_strand(pool), send_each(*bench.transport, std::move(requests)),
                   [end](std::exception_ptr thrown, std::size_t wrong) {
                     if (thrown) wrong = calls;
                     end->set_value(wrong);
                   });
  }
  const auto limit = steady::now() + bench.patience;
  std::size_t wrong = 0;
  bool hangs = false;
  for (auto& end : ends) {
    hangs = hangs || end.wait_until(limit) != std::future_status::ready;
    if (!hangs) wrong += end.get();
  }
  bench.transport.reset();
  pool.stop();
  pool.join();
  bench.require(!hangs, "exchanges on several threads: not completed within " + in_words(bench.patience));
  bench.require(wrong == 0, "exchanges on several threads: " + std::to_string(wrong) + " of " +
                                std::to_string(callers * calls) +
                                " ended with a response that is not theirs");
}

/// How often the peer received the target.
[[nodiscard]] inline std::size_t count_received(const case_bench& bench, const std::string& target) {
  const auto received = bench.subject.received();
  return static_cast<std::size_t>(std::count_if(
      received.begin(), received.end(), [&](const http::request& one) { return one.target == target; }));
}

inline void writes_are_sent_once(case_bench& bench) {
  // A connection that serves one exchange and breaks in the next, when the peer may have executed the request.
  const auto dying = [](peer_ending how) {
    return [how](const http::request& request, std::size_t) {
      auto action = responding(200);
      if (request.target == "/afterwards") return action;
      action.only_bytes = 0;
      action.ending = how;
      return action;
    };
  };
  const auto endings = bench.subject.has_wire() ? std::vector{peer_ending::orderly, peer_ending::abrupt}
                                                : std::vector<peer_ending>{};
  for (const auto how : endings) {
    bench.set_up(dying(how));
    for (int i = 0; i != 3; ++i) {
      bench.expect_usable("none");  // leaves a kept connection
      auto request = bench.post();
      request.target = "/write/" + std::to_string(i);
      const std::string what = "a write on a kept connection that breaks";
      bench.expect_error(bench.send(request, what), {errc::transport_failed, errc::incomplete_response},
                         outcome::maybe_executed, what);
      bench.require(count_received(bench, request.target) == 1, what + ": it was sent again");
    }
    const auto read = bench.request(http::method::get, "/read");
    const auto got = bench.send(read, "a read whose connection breaks");
    bench.require(!got, "a read whose connections break: " + in_words(got) + " instead of an error");
    bench.require(count_received(bench, "/read") <= 2,
                  "a read whose connections break was sent more than twice");
  }

  // A peer that closes its idle connections: each write arrives once, or the error says that it was not sent.
  for (const auto how : endings) {
    auto action = responding(200, "done");
    action.ending = how;
    bench.set_up(action);
    for (int i = 0; i != 5; ++i) {
      auto request = bench.post();
      request.target = "/write/" + std::to_string(i);
      const std::string what = "a write after the peer has closed the kept connection";
      const auto got = bench.send(request, what);
      const auto count = count_received(bench, request.target);
      bench.require(count <= 1, what + ": it was sent again");
      bench.require(count == 1 || !got, what + ": a response to a request that was never received");
      bench.require(got || count == 0 || got.error().outcome() == outcome::maybe_executed,
                    what + ": " + in_words(got) + " although it was received");
    }
  }

  // The caller, not the transport, decides about a retry after these responses.
  for (const unsigned status : {408u, 425u, 429u, 500u, 502u, 503u, 504u}) {
    auto action = responding(status);
    action.response.headers.add("Retry-After", "0");
    bench.set_up(action);
    const auto what = "a write with the response " + std::to_string(status);
    bench.expect_status(bench.send(bench.post(), what), status, what);
    bench.require(bench.subject.received().size() == 1, what + " was sent again");
  }
}

inline void callers_executor(case_bench& bench) {
  asio::thread_pool elsewhere{1};
  bench.set_up(responding(200));
  bench.transport.emplace(bench.subject.make(elsewhere.get_executor()));
  const auto check = [&](const http::request& request, const std::string& what) {
    http::limits limits;
    limits.timeout = std::chrono::seconds{5};
    const auto one = bench.begin(request, limits);
    static_cast<void>(bench.finish(*one, what));
    bench.require(one->ended_here(), what + " completed on another executor than its caller's");
  };
  const auto stop = [&] {
    bench.transport.reset();
    elsewhere.stop();
    elsewhere.join();
  };
  try {
    for (int i = 0; i != 5; ++i) check(bench.request(), "an exchange");
    if (const auto closed = bench.subject.closed_origin()) {
      auto request = bench.request();
      request.origin = *closed;
      check(request, "an exchange whose connection failed");
    }
  } catch (...) {
    stop();
    throw;
  }
  stop();
}

inline void handles(case_bench& bench) {
  const auto open = std::make_shared<std::atomic<bool>>(false);
  auto action = responding(200, "done");
  action.when = open;
  bench.set_up(action);
  const auto copy =
      std::make_shared<std::optional<any_transport>>(bench.subject.make(bench.io.get_executor()));
  std::vector<std::shared_ptr<attempt>> under_way;
  for (int i = 0; i != 2; ++i) under_way.push_back(bench.begin(bench.post()));
  for (int i = 0; i != 2; ++i) under_way.push_back(bench.begin(**copy, bench.post()));
  bench.await_received(4, "four concurrent exchanges");
  copy->reset();
  bench.transport.reset();
  for (const auto& one : under_way) one->handle.reset();
  bench.run_for(std::chrono::milliseconds{10});
  *open = true;
  for (const auto& one : under_way) {
    bench.expect_body(bench.finish(*one, "an exchange whose transport's handles are gone"), 200, "done",
                      "an exchange whose transport's handles are gone");
  }
}

inline void abandoned_exchanges(case_bench& bench) {
  bench.set_up(stalling(0));
  for (int steps = 0; steps != 12; ++steps) {
    const auto before = bench.subject.received().size();
    asio::io_context io;
    const auto with = bench.subject.make(io.get_executor());
    const auto begin = [&io, &with](http::request request) {
      asio::co_spawn(io, send_each(with, std::vector<http::request>{std::move(request)}),
                     [](std::exception_ptr, std::size_t) {});
    };
    begin(bench.request(http::method::get, "/stall"));
    begin(bench.post());
    if (steps == 11) {  // the last loop is destroyed while the exchange waits for its response
      const auto limit = steady::now() + bench.patience;
      while (bench.subject.received().size() == before && steady::now() < limit) {
        io.run_one_for(std::chrono::milliseconds{5});
      }
    }
    for (int i = 0; i != steps; ++i) io.run_one_for(std::chrono::milliseconds{1});
  }
  bench.renew_transport();
  bench.expect_usable("event loops destroyed with exchanges in progress");
}

}  // namespace sso::testing::detail::conformance
