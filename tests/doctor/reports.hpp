// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "catch.hpp"

#include <sso/doctor/report.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

/// @file
/// Helpers of the doctor's tests.

using ids = std::vector<std::string>;

inline constexpr std::chrono::sys_seconds noon{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} +
                                               std::chrono::hours{12}};

/// The ids of the findings, in alphabetical order.
inline ids found(const sso::doctor::report& r,
                 sso::doctor::severity at_least = sso::doctor::severity::warning) {
  ids out;
  for (const auto& f : r.findings) {
    if (f.severity >= at_least) out.push_back(f.id);
  }
  std::sort(out.begin(), out.end());
  return out;
}

inline ids all_found(const sso::doctor::report& r) {
  return found(r, sso::doctor::severity::info);
}

inline const sso::doctor::finding& the(const sso::doctor::report& r, std::string_view id) {
  const auto at = std::find_if(r.findings.begin(), r.findings.end(),
                               [&](const sso::doctor::finding& f) { return f.id == id; });
  if (at == r.findings.end()) FAIL("no finding " << id << " in\n" << r);
  return *at;
}

inline bool passed(const sso::doctor::report& r, std::string_view id) {
  return std::find(r.passed.begin(), r.passed.end(), id) != r.passed.end();
}

/// Why the check could not run; empty if it ran.
inline std::string undecided(const sso::doctor::report& r, std::string_view id) {
  for (const auto& check : r.undecided) {
    if (check.id == id) return check.reason;
  }
  return {};
}

/// Checks that each check is in exactly one list, and that findings are sorted by severity and printable.
inline void check_form(const sso::doctor::report& r) {
  ids seen;
  for (const auto& f : r.findings) {
    if (std::find(seen.begin(), seen.end(), f.id) == seen.end()) seen.push_back(f.id);
    CHECK_FALSE(f.message.empty());
    CHECK(f.message.back() == '.');
    for (const auto* text : {&f.subject, &f.message, &f.expected, &f.actual, &f.advice, &f.source}) {
      CHECK(text->size() <= 1000);
      CHECK(std::all_of(text->begin(), text->end(), [](char c) { return c >= 0x20 && c < 0x7f; }));
    }
  }
  for (const auto& id : r.passed) seen.push_back(id);
  for (const auto& check : r.undecided) {
    seen.push_back(check.id);
    CHECK_FALSE(check.reason.empty());
  }
  auto unique = seen;
  std::sort(unique.begin(), unique.end());
  CHECK(std::adjacent_find(unique.begin(), unique.end()) == unique.end());
  CHECK(std::is_sorted(r.findings.begin(), r.findings.end(),
                       [](const auto& a, const auto& b) { return a.severity > b.severity; }));
}
