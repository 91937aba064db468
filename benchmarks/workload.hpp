// SPDX-License-Identifier: BSL-1.0
// What all programs of the comparison share: what to do, how it is measured, how it is reported.
//
//     PROGRAM --url URL --ca FILE [--token TOKEN] [--operation retrieve|update] [--calls N] [--in-flight N]
//             [--connections N] [--warm-up N]
//
// Does WARM-UP calls, then CALLS calls with IN-FLIGHT of them at a time, and prints figures of the latter as JSON.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// The organization asked for, what every answer must say of it, and what `update` sends.
inline constexpr const char* organization = "acme";
inline constexpr std::string_view identifier = "https://idp.acme.example/oauth2/main";

enum class operation { retrieve, update };

struct plan {
  std::string host;
  std::string port;
  std::string ca_file;
  std::string token;  ///< also the secret of client credentials
  bench::operation operation = bench::operation::retrieve;
  std::size_t calls = 1000;
  std::size_t in_flight = 1;
  std::size_t connections = 64;  ///< as many as may be open
  std::size_t warm_up = 100;

  [[nodiscard]] std::string url() const { return "https://" + host + ':' + port; }
};

/// The calls of one batch: hands them out and keeps their latencies. For one thread.
class batch {
public:
  explicit batch(std::size_t calls) : left_{calls} { nanoseconds_.reserve(calls); }

  /// Whether there is one more call to make.
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

/// Throws if an answer is not the expected one.
void check(std::string_view identifier);

/// Reads the arguments, makes a client by `start` and does with it what they say. `start` returns a function that
/// makes all calls of a batch, `in_flight` at a time. Returns what `main` returns.
int run(int argc, char* argv[], std::string_view client,
        const std::function<std::function<void(batch&)>(const plan&)>& start);

}  // namespace bench
