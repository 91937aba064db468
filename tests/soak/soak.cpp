// SPDX-License-Identifier: BSL-1.0
//
//   sso_soak [CALLS] [SEED]
//
// Sends many requests from several threads through one transport to a server with random faults, and cancels some at
// random. Then checks for leaked sockets, growing memory, responses to another request, and writes that arrived twice.
// The server is a separate process, so that only the client is measured.

#include <sso/testing/fault_server.hpp>
#include <sso/transports/beast.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace asio = boost::asio;
namespace http = sso::http;
using namespace std::chrono_literals;
using exchange_result = sso::result<http::response>;
using sso::testing::fault_ending;
using sso::testing::fault_peer;

namespace {

/// The contents of a request's target: its number, and the server's fault.
constexpr unsigned behaviours = 40;

std::string body_for(const std::string& number) {
  std::string out = number;
  while (out.size() < std::stoul(number) % 5000) out += ' ' + number;
  return out;
}

// ---- the server process

asio::awaitable<void> misbehave(fault_peer& peer, std::set<std::string>& seen, std::size_t& doubled) {
  for (;;) {
    const auto request = co_await peer.read_request();
    if (request.empty()) co_return;
    const auto begin = request.find('/') + 1;
    const auto number = request.substr(begin, request.find('/', begin) - begin);
    const auto how = std::stoul(request.substr(begin + number.size() + 1));
    if (request.starts_with("POST") && !seen.insert(number).second) ++doubled;
    const auto body = body_for(number);
    const auto head = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    switch (how) {
    case 0: co_return;
    case 1: peer.end(fault_ending::reset); co_return;
    case 2: peer.end(fault_ending::orderly); co_return;
    case 3: co_await peer.write(head + body.substr(0, body.size() / 2)); co_return;
    case 4:
      co_await peer.write(head.substr(0, 20));
      peer.end(fault_ending::reset);
      co_return;
    case 5: co_await peer.until_gone(); co_return;
    case 6:
      co_await peer.write(head);
      co_await peer.until_gone();
      co_return;
    case 7:
      co_await peer.write(head + body);
      peer.end(fault_ending::orderly);
      co_return;
    case 8:
      co_await peer.write(head + body);
      peer.end(fault_ending::abrupt);
      co_return;
    case 9:
      co_await peer.write(head + body);
      peer.end(fault_ending::reset);
      co_return;
    case 10: co_await peer.write(head + body + head + body); break;  // an unsolicited response
    case 11:
      co_await peer.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body);
      peer.end(fault_ending::orderly);
      co_return;
    case 12: co_await peer.write("HTTP/1.1 100 Continue\r\n\r\n" + head + body); break;
    case 13:
      co_await peer.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello");
      co_return;
    case 14:
      for (std::size_t at = 0; at < head.size(); at += 7) co_await peer.write(head.substr(at, 7));
      co_await peer.write(body);
      break;
    case 15: {  // the connection closes at the next request
      co_await peer.write(head + body);
      co_await peer.read_request();
      peer.end(fault_ending::reset);
      co_return;
    }
    default: co_await peer.write(head + body);
    }
  }
}

/// Serves until `stop` is closed. Writes the port and the authority to `out`, and at the end the duplicate requests.
int serve(int out, int stop) {
  std::set<std::string> seen;  // the server's scripts run on one thread
  std::size_t doubled = 0;
  {
    const sso::testing::fault_server server{[&](fault_peer& peer) { return misbehave(peer, seen, doubled); }};
    const auto first = std::to_string(server.origin().port) + "\n" + server.ca_pem() + '\0';
    if (::write(out, first.data(), first.size()) < 0) return 1;
    char byte = 0;
    while (::read(stop, &byte, 1) > 0) {
    }
  }
  const auto last = std::to_string(doubled) + '\0';
  return ::write(out, last.data(), last.size()) < 0 ? 1 : 0;
}

std::string read_text(int from) {
  std::string out;
  for (char c = 0; ::read(from, &c, 1) == 1 && c != '\0';) out += c;
  return out;
}

// ---- the client process

struct totals {
  std::atomic<std::size_t> succeeded = 0;
  std::atomic<std::size_t> cancelled = 0;
  std::atomic<std::size_t> timed_out = 0;
  std::atomic<std::size_t> failed = 0;
  std::atomic<std::size_t> wrong = 0;
  std::atomic<std::size_t> callers = 0;  // still running
};

/// Sends one request after the other.
class caller : public std::enable_shared_from_this<caller> {
public:
  caller(asio::io_context& io, sso::beast_transport transport, http::origin where, std::uint64_t seed,
         std::size_t calls, totals& sum)
      : strand_{asio::make_strand(io)},
        timer_{strand_},
        transport_{std::move(transport)},
        random_{seed},
        left_{calls},
        totals_{sum} {
    request_.origin = std::move(where);
    ++totals_.callers;
  }

  void start() {
    asio::post(strand_, [self = shared_from_this()] { self->next(); });
  }

private:
  void next() {
    if (left_-- == 0) {
      --totals_.callers;
      return;
    }
    static std::atomic<std::size_t> numbers = 0;
    number_ = std::to_string(++numbers);
    request_.method = random_() % 2 == 0 ? http::method::get : http::method::post;
    request_.replayable = request_.method == http::method::get;
    request_.target = "/" + number_ + "/" + std::to_string(random_() % behaviours);
    request_.body = request_.replayable ? "" : std::string(random_() % 3000, 'b');
    signal_ = std::make_shared<asio::cancellation_signal>();
    cancels_ = random_() % 8 == 0;
    http::limits limits;
    limits.timeout = std::chrono::milliseconds{300 + random_() % 700};
    asio::co_spawn(strand_, transport_.send(request_, limits),
                   asio::bind_cancellation_slot(
                       signal_->slot(),
                       asio::bind_executor(strand_, [self = shared_from_this()](std::exception_ptr thrown,
                                                                                exchange_result r) {
                         self->timer_.cancel();
                         self->note(thrown, r);
                         self->next();
                       })));
    if (!cancels_) return;
    constexpr std::array types{asio::cancellation_type::terminal, asio::cancellation_type::partial,
                               asio::cancellation_type::total};
    timer_.expires_after(std::chrono::microseconds{random_() % 4000});
    timer_.async_wait(
        [signal = signal_, type = types[random_() % 3]](boost::system::error_code) { signal->emit(type); });
  }

  void note(const std::exception_ptr& thrown, const exchange_result& r) {
    using sso::errc;
    if (thrown) {
      ++totals_.wrong;
    } else if (r) {
      ++totals_.succeeded;
      if (r->body != body_for(number_)) ++totals_.wrong;
    } else {
      const auto code = r.error().code();
      if (code == errc::cancelled) {
        ++totals_.cancelled;
        if (!cancels_) ++totals_.wrong;
      } else if (code == errc::timeout) {
        ++totals_.timed_out;
      } else {
        ++totals_.failed;
        if (code != errc::transport_failed && code != errc::incomplete_response &&
            code != errc::protocol_error)
          complain(r.error());
      }
    }
  }

  void complain(const sso::error& e) {
    ++totals_.wrong;
    static std::mutex mutex;
    const std::lock_guard lock{mutex};
    std::cerr << "unexpected: " << e << '\n';
  }

  asio::strand<asio::io_context::executor_type> strand_;
  asio::steady_timer timer_;
  sso::beast_transport transport_;
  std::minstd_rand random_;
  std::size_t left_;
  totals& totals_;
  http::request request_;
  std::string number_;
  bool cancels_ = false;
  std::shared_ptr<asio::cancellation_signal> signal_;
};

std::size_t open_sockets() {
  std::size_t n = 0;
  for (const auto& entry : std::filesystem::directory_iterator{"/proc/self/fd"}) {
    std::error_code gone;
    if (std::filesystem::read_symlink(entry.path(), gone).string().starts_with("socket:")) ++n;
  }
  return n;
}

std::size_t heap_in_use() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return 0;  // sanitizer allocators do not report it
#else
  const auto info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
#endif
}

template <class Condition>
bool becomes_true(Condition condition, std::chrono::seconds within) {
  const auto limit = std::chrono::steady_clock::now() + within;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

int soak(std::size_t calls, std::uint64_t seed, const http::origin& where, const std::string& ca_pem) {
  constexpr std::size_t threads = 4;
  constexpr std::size_t rounds = 10;
  const std::size_t callers = std::clamp<std::size_t>(calls / rounds / 10, 1, 100);
  asio::io_context io;
  auto work = asio::make_work_guard(io);
  std::vector<std::thread> pool;
  for (std::size_t i = 0; i != threads; ++i) pool.emplace_back([&io] { io.run(); });
  std::size_t faults = 0;
  const auto require = [&](bool holds, const std::string& what) {
    if (holds) return;
    ++faults;
    std::cout << "FAULT: " << what << '\n';
  };
  totals sum;
  {
    sso::beast_options options;
    options.tls.ca_pem = ca_pem;
    options.pool.per_origin = 48;
    options.pool.idle_timeout = 300ms;
    const sso::beast_transport transport{io.get_executor(), options};
    std::size_t heap_early = 0;
    for (std::size_t round = 0; round != rounds; ++round) {
      for (std::size_t i = 0; i != callers; ++i) {
        std::make_shared<caller>(io, transport, where, seed * 1000 + round * callers + i,
                                 calls / rounds / callers, sum)
            ->start();
      }
      require(becomes_true([&] { return sum.callers == 0; }, 600s), "calls hang");
      if (faults != 0) std::_Exit(1);
      // The strands may still be closing connections.
      require(becomes_true(
                  [&] {
                    const auto stats = transport.stats();
                    return stats.open == stats.idle && open_sockets() == stats.idle;
                  },
                  10s),
              "sockets that belong to no idle connection: " + std::to_string(open_sockets()));
      require(transport.stats().waiting == 0, "a call still waits for a connection");
      require(becomes_true([&] { return transport.stats().open == 0; }, 10s),
              "idle connections do not expire");
      require(becomes_true([&] { return open_sockets() == 0; }, 10s), "sockets without connections");
      const auto heap = heap_in_use();
      if (round == rounds / 3) heap_early = heap;
      if (round + 1 == rounds) {
        require(heap <= heap_early + 200'000, "memory in use grew from " + std::to_string(heap_early) +
                                                  " to " + std::to_string(heap) + " bytes");
      }
      std::cout << "round " << round + 1 << ": " << heap / 1024 << " KiB in use\n";
    }
    const auto stats = transport.stats();
    std::cout << stats.opened << " connections, " << stats.reused << " reused, " << stats.replaced
              << " replaced, " << stats.evicted << " evicted\n";
  }
  work.reset();
  for (auto& one : pool) one.join();
  std::cout << sum.succeeded << " responses, " << sum.cancelled << " cancelled, " << sum.timed_out
            << " timed out, " << sum.failed << " failed, " << sum.wrong << " wrong\n";
  require(sum.succeeded + sum.cancelled + sum.timed_out + sum.failed ==
              rounds * callers * (calls / rounds / callers),
          "calls got lost");
  require(sum.succeeded > 0 && sum.cancelled > 0 && sum.failed > 0, "something never happened");
  require(sum.wrong == 0, "wrong responses");
  return faults == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t calls = argc > 1 ? std::stoul(argv[1]) : 100'000;
  const std::uint64_t seed = argc > 2 ? std::stoul(argv[2]) : 1;
  std::array<int, 2> results{};
  std::array<int, 2> control{};
  if (::pipe(results.data()) != 0 || ::pipe(control.data()) != 0) return 1;
  const auto server = ::fork();  // before any thread starts
  if (server < 0) return 1;
  if (server == 0) {
    ::close(control[1]);
    return serve(results[1], control[0]);
  }
  ::close(control[0]);
  const auto before = std::chrono::steady_clock::now();
  const auto first = read_text(results[0]);
  const http::origin where{"https", "127.0.0.1",
                           static_cast<std::uint16_t>(std::stoul(first.substr(0, first.find('\n'))))};
  int failed = soak(calls, seed, where, first.substr(first.find('\n') + 1));
  ::close(control[1]);
  const auto doubled = read_text(results[0]);
  std::cout << "writes that arrived twice: " << doubled << '\n';
  if (doubled != "0") failed = 1;
  int status = 0;
  ::waitpid(server, &status, 0);
  const auto took = std::chrono::steady_clock::now() - before;
  std::cout << calls << " calls in " << std::chrono::duration_cast<std::chrono::seconds>(took).count()
            << " s: " << (failed == 0 && status == 0 ? "passed" : "FAILED") << '\n';
  return failed == 0 && status == 0 ? 0 : 1;
}
