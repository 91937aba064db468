// SPDX-License-Identifier: BSL-1.0
#include <sso/http/date.hpp>
#include <sso/time.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  if (const auto moment = sso::parse_timestamp(text)) {
    if (sso::parse_timestamp(sso::format_timestamp(*moment)) != moment) std::abort();
  }
  if (const auto moment = sso::parse_http_date(text)) {
    const auto year = std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(*moment)}.year();
    if (year < std::chrono::year{0} || year > std::chrono::year{10000}) std::abort();
    if (sso::parse_timestamp(text)) std::abort();
  }
  return 0;
}
