// SPDX-License-Identifier: BSL-1.0
// cpp-httplib: it blocks, so there is one thread with one client per connection. Further calls wait in a queue for a thread;
// their latency includes that wait.
#include "nlohmann_decode.hpp"
#include "workload.hpp"

#include <httplib.h>

#include <algorithm>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace {

/// A client with one connection, for one call at a time.
class client {
public:
  explicit client(const bench::plan& plan)
      : operation_{plan.operation}, http_{plan.host, std::stoi(plan.port)} {
    http_.set_ca_cert_path(plan.ca_file);
    http_.enable_server_certificate_verification(true);
    http_.set_keep_alive(true);
    http_.set_tcp_nodelay(true);
    http_.set_connection_timeout(30);
    http_.set_read_timeout(30);
    http_.set_write_timeout(30);
    http_.set_default_headers({{"Authorization", "Bearer " + plan.token},
                               {"Accept", "application/json"},
                               {"User-Agent", "httplib-benchmark/1.0"}});
  }

  void call() {
    const auto path = "/organizations/" + std::string{bench::organization} + "/sso-connection";
    const auto response = operation_ == bench::operation::update
                              ? http_.Patch(path, nlohmann_json::update_body(), "application/json")
                              : http_.Get(path);
    if (!response) throw std::runtime_error{httplib::to_string(response.error())};
    if (response->status != 200) throw std::runtime_error{"HTTP status " + std::to_string(response->status)};
    bench::check(nlohmann_json::decode(response->body).identifier);
  }

private:
  bench::operation operation_;
  httplib::SSLClient http_;
};

/// A batch for several threads, with a queue of calls in flight.
class queue {
public:
  queue(bench::batch& batch, std::size_t in_flight) : batch_{batch} {
    for (std::size_t i = 0; i != in_flight && batch_.take(); ++i) waiting_.push_back(bench::now());
  }

  /// The time at which the next call was queued; empty if there is none, or if another thread failed.
  std::optional<long long> next() {
    const std::lock_guard lock{mutex_};
    if (waiting_.empty() || thrown_) return std::nullopt;
    const auto since = waiting_.front();
    waiting_.pop_front();
    return since;
  }

  void done(long long since) {
    const std::lock_guard lock{mutex_};
    const auto now = bench::now();
    batch_.record(now - since);
    if (batch_.take()) waiting_.push_back(now);
  }

  void failed(std::exception_ptr thrown) {
    const std::lock_guard lock{mutex_};
    thrown_ = std::move(thrown);
  }

  void rethrow() const {
    if (thrown_) std::rethrow_exception(thrown_);
  }

private:
  std::mutex mutex_;
  bench::batch& batch_;
  std::deque<long long> waiting_;
  std::exception_ptr thrown_;
};

void work(client& client, queue& queue) {
  try {
    while (const auto since = queue.next()) {
      client.call();
      queue.done(*since);
    }
  } catch (...) {
    queue.failed(std::current_exception());
  }
}

struct program {
  explicit program(const bench::plan& plan) : in_flight{plan.in_flight} {
    const auto count = std::min(plan.connections, plan.in_flight);
    for (std::size_t i = 0; i != count; ++i) clients.emplace_back(plan);
  }

  void perform(bench::batch& batch) {
    queue calls{batch, in_flight};
    if (clients.size() == 1) {
      work(clients.front(), calls);
    } else {
      std::vector<std::thread> threads;
      threads.reserve(clients.size());
      for (auto& client : clients) threads.emplace_back([&] { work(client, calls); });
      for (auto& thread : threads) thread.join();
    }
    calls.rethrow();
  }

  std::size_t in_flight;
  std::deque<client> clients;
};

}  // namespace

int main(int argc, char* argv[]) {
  return bench::run(argc, argv, "httplib", [](const bench::plan& plan) {
    return [p = std::make_shared<program>(plan)](bench::batch& batch) { p->perform(batch); };
  });
}
