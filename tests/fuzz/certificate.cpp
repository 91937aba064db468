// SPDX-License-Identifier: BSL-1.0
#include "report_form.hpp"

#include <sso/doctor/certificate.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

// Any text gives a report.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const std::chrono::sys_seconds now{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
  const auto report = sso::doctor::check_certificate(text, now);
  require_form(report);
  // Without a certificate there is no finding about one.
  const auto is = [&](std::string_view id) {
    return std::any_of(report.findings.begin(), report.findings.end(),
                       [&](const auto& f) { return f.id == id; });
  };
  if (is("certificate.unreadable") && is("certificate.other_thing")) std::abort();
  if (is("certificate.other_thing") && report.findings.size() != 1) std::abort();
  return 0;
}
