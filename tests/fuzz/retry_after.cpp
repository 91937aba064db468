// SPDX-License-Identifier: BSL-1.0
#include <sso/http/headers.hpp>
#include <sso/http/retry_after.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

// Up to three lines: the values of Retry-After-Ms, Retry-After and ratelimit-reset. An empty line omits the field.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace std::chrono_literals;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  sso::http::headers headers;
  auto rest = text;
  for (const auto* name : {"Retry-After-Ms", "Retry-After", "ratelimit-reset"}) {
    const auto end = std::min(rest.find('\n'), rest.size());
    if (end != 0) headers.add(name, rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const std::chrono::system_clock::time_point now{std::chrono::sys_days{std::chrono::year{2024} / 6 / 1}};
  for (const unsigned status : {429u, 503u}) {
    const auto wait = sso::http::retry_after(status, headers, now);
    if (wait && (*wait < 0ms || *wait > 24h * 365)) std::abort();
    if (headers.empty() && wait) std::abort();

    // A wait in seconds is never shortened.
    const auto seconds = headers.get("Retry-After").value_or("");
    const bool plain =
        !seconds.empty() && seconds.size() <= 7 &&
        std::all_of(seconds.begin(), seconds.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (plain && !headers.contains("Retry-After-Ms") &&
        wait != std::optional{std::chrono::milliseconds{std::stol(std::string{seconds}) * 1000}}) {
      std::abort();
    }
  }
  return 0;
}
