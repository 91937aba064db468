// SPDX-License-Identifier: BSL-1.0
// Shared by all benchmark programs: the workload, the measurement and the report.
//
//     PROGRAM --url URL --ca FILE [--token TOKEN] [--operation retrieve|update] [--calls N] [--in-flight N]
//             [--connections N] [--warm-up N]
//
// Makes WARM-UP calls, then CALLS calls with IN-FLIGHT of them concurrently, and prints the figures of the latter as JSON.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// The requested organization, the expected identifier in each response, and the value that `update` sends.
inline constexpr const char* organization = "acme";
inline constexpr std::string_view identifier = "https://idp.acme.example/oauth2/main";

enum class operation { retrieve, update };

struct plan {
  std::string host;
  std::string port;
  std::string ca_file;
  std::string token;  ///< also used as the client secret
  bench::operation operation = bench::operation::retrieve;
  std::size_t calls = 1000;
  std::size_t in_flight = 1;
  std::size_t connections = 64;  ///< the most open connections
  std::size_t warm_up = 100;

  [[nodiscard]] std::string url() const { return "https://" + host + ':' + port; }
};

/// The calls of one batch and their latencies. For one thread.
class batch {
public:
  explicit batch(std::size_t calls) : left_{calls} { nanoseconds_.reserve(calls); }

  /// Takes a call; false if none is left.
  [[nodiscard]] bool take() noexcept {
    if (left_ == 0) return false;
    --left_;
    return true;
  }
  void record(long long nanoseconds) { nanoseconds_.push_back(nanoseconds); }

  [[nodiscard]] std::vector<long long>& latencies() noexcept { return nanoseconds_; }

private:
  std::size_t left_;
  std::vector<long long> nanoseconds_;
};

/// A monotonic clock, in nanoseconds.
[[nodiscard]] long long now() noexcept;

/// Throws if a response is not the expected one.
void check(std::string_view identifier);

/// Parses the arguments and runs the workload with the client made by `start`, which returns a function that makes all calls
/// of a batch, `in_flight` of them concurrently. Returns the exit code.
int run(int argc, char* argv[], std::string_view client,
        const std::function<std::function<void(batch&)>(const plan&)>& start);

}  // namespace bench
