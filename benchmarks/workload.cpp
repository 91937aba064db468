// SPDX-License-Identifier: BSL-1.0
#include "workload.hpp"

#include "heap.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>

namespace bench {
namespace {

std::size_t number(const std::string& text) {
  std::size_t value = 0;
  const auto end = text.data() + text.size();
  if (text.empty() || std::from_chars(text.data(), end, value).ptr != end) {
    throw std::runtime_error{"not a number: " + text};
  }
  return value;
}

void read_url(const std::string& url, plan& plan) {
  constexpr std::string_view scheme = "https://";
  const auto colon = url.rfind(':');
  if (!url.starts_with(scheme) || colon < scheme.size())
    throw std::runtime_error{"--url must be https://HOST:PORT"};
  plan.host = url.substr(scheme.size(), colon - scheme.size());
  plan.port = url.substr(colon + 1);
}

plan read_arguments(int argc, char* argv[]) {
  plan plan;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    const std::string value = argv[i + 1];
    if (name == "--url") {
      read_url(value, plan);
    } else if (name == "--ca") {
      plan.ca_file = value;
    } else if (name == "--token") {
      plan.token = value;
    } else if (name == "--operation" && (value == "retrieve" || value == "update")) {
      plan.operation = value == "update" ? operation::update : operation::retrieve;
    } else if (name == "--calls") {
      plan.calls = number(value);
    } else if (name == "--in-flight") {
      plan.in_flight = number(value);
    } else if (name == "--connections") {
      plan.connections = number(value);
    } else if (name == "--warm-up") {
      plan.warm_up = number(value);
    } else {
      throw std::runtime_error{"unknown argument: " + std::string{name} + ' ' + value};
    }
  }
  if (argc % 2 == 0 || plan.host.empty() || plan.calls == 0 || plan.in_flight == 0 || plan.connections == 0) {
    throw std::runtime_error{"see workload.hpp for the arguments"};
  }
  return plan;
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

/// The peak memory of this process in KiB. (`ru_maxrss` would include the memory before `exec`.)
long peak_kib() {
  std::ifstream status{"/proc/self/status"};
  for (std::string line; std::getline(status, line);) {
    long kib = 0;
    if (std::sscanf(line.c_str(), "VmHWM: %ld", &kib) == 1) return kib;
  }
  return 0;
}

/// Nearest rank; `sorted` is not empty.
double quantile(const std::vector<long long>& sorted, double q) {
  const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(sorted.size())));
  return static_cast<double>(sorted[std::max<std::size_t>(rank, 1) - 1]);
}

struct moment {
  rusage used{};
  heap_figures heap;
  long long clock = 0;

  static moment take() {
    moment out;
    out.heap = heap_now();
    getrusage(RUSAGE_SELF, &out.used);
    out.clock = now();
    return out;
  }
};

void report(std::string_view client, const plan& plan, const moment& from, const moment& to,
            std::vector<long long>& latencies) {
  std::sort(latencies.begin(), latencies.end());
  const auto calls = static_cast<double>(plan.calls);
  const auto wall = static_cast<double>(to.clock - from.clock) * 1e-9;
  const auto user = seconds(to.used.ru_utime) - seconds(from.used.ru_utime);
  const auto system = seconds(to.used.ru_stime) - seconds(from.used.ru_stime);
  std::cout << "{\"client\": \"" << client << "\", \"calls\": " << plan.calls
            << ", \"in_flight\": " << plan.in_flight << ", \"calls_per_second\": " << calls / wall
            << ", \"p50_us\": " << quantile(latencies, 0.5) * 1e-3
            << ", \"p99_us\": " << quantile(latencies, 0.99) * 1e-3
            << ", \"cpu_us_per_call\": " << (user + system) * 1e6 / calls
            << ", \"user_us_per_call\": " << user * 1e6 / calls
            << ", \"system_us_per_call\": " << system * 1e6 / calls << ", \"peak_kib\": " << peak_kib();
  if (heap_is_counted()) {
    const auto allocations = static_cast<double>(to.heap.allocations - from.heap.allocations);
    const auto bytes = static_cast<double>(to.heap.allocated_bytes - from.heap.allocated_bytes);
    std::cout << ", \"allocations_per_call\": " << allocations / calls
              << ", \"allocated_bytes_per_call\": " << bytes / calls;
  }
  std::cout << "}\n";
}

}  // namespace

long long now() noexcept {
  return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds{1};
}

void check(std::string_view received) {
  if (received != identifier) throw std::runtime_error{"unexpected identifier: " + std::string{received}};
}

int run(int argc, char* argv[], std::string_view client,
        const std::function<std::function<void(batch&)>(const plan&)>& start) {
  try {
    const auto plan = read_arguments(argc, argv);
    const auto perform = start(plan);
    batch warm_up{plan.warm_up};
    if (plan.warm_up != 0) perform(warm_up);

    batch measured{plan.calls};
    const auto from = moment::take();
    perform(measured);
    const auto to = moment::take();
    if (measured.latencies().size() != plan.calls) throw std::runtime_error{"not all calls were made"};
    report(client, plan, from, to, measured.latencies());
    return 0;
  } catch (const std::exception& e) {
    std::cerr << client << ": " << e.what() << '\n';
    return 1;
  }
}

}  // namespace bench
