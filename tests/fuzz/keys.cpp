// SPDX-License-Identifier: BSL-1.0
#include "report_form.hpp"

#include <sso/doctor/keys.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

// Any key set gives a report.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  sso::doctor::expectation expected;
  expected.issuer = "https://idp.example.com";
  expected.now = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};
  require_form(sso::doctor::check_keys(text, expected));
  expected.algorithms = {"RS256", "ES256", "EdDSA"};
  require_form(sso::doctor::check_keys(text, expected));
  return 0;
}
