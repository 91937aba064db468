// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/doctor/report.hpp>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>

/// Aborts unless all texts of the report are printable and each check is in exactly one list.
inline void require_form(const sso::doctor::report& r) {
  std::set<std::string> seen;
  for (const auto& f : r.findings) {
    seen.insert(f.id);
    for (const auto* text : {&f.subject, &f.message, &f.expected, &f.actual, &f.advice, &f.source}) {
      const bool plain =
          std::all_of(text->begin(), text->end(), [](char c) { return c >= 0x20 && c < 0x7f; });
      if (!plain || text->size() > 1000) std::abort();
    }
  }
  for (const auto& id : r.passed) {
    if (!seen.insert(id).second) std::abort();
  }
  for (const auto& check : r.undecided) {
    if (!seen.insert(check.id).second || check.reason.empty()) std::abort();
  }
  if (to_json(r).empty()) std::abort();
}
