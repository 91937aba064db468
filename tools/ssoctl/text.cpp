// SPDX-License-Identifier: BSL-1.0
#include "text.hpp"

#include "escape.hpp"
#include "format.hpp"
#include "redaction.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

namespace ssoctl {
namespace {

using sso::doctor::severity;

/// The old or new value of a change: JSON or the mark of a secret.
json_text value_of(const std::string& of_change) {
  return of_change == secret_mark ? json_text{of_change} : json_text::parse(of_change);
}

std::string_view words_for(sso::action action, bool is_plan) {
  switch (action) {
  case sso::action::created: return is_plan ? "would be created" : "created";
  case sso::action::updated: return is_plan ? "would be updated" : "updated";
  case sso::action::unchanged: break;
  }
  return is_plan ? "unchanged: nothing would be written" : "unchanged: nothing was written";
}

/// A finding: the severity in the first column, the rest in the second.
std::string text_of(const sso::doctor::finding& found) {
  constexpr std::size_t second = 10;
  std::string out{to_string(found.severity)};
  out.append(second - out.size(), ' ').append(found.id) += '\n';
  const auto add = [&](std::string_view name, const std::string& text) {
    if (text.empty()) return;
    const auto indent = second + (name.empty() ? 0 : second);
    out.append(second, ' ').append(name).append(indent - second - name.size(), ' ');
    out.append(wrap(text, indent)) += '\n';
  };
  add("", found.message);
  add("about", found.subject);
  add("expected", found.expected);
  add("actual", found.actual);
  add("advice", found.advice);
  add("source", found.source);
  return out;
}

/// The checks that could not run, one paragraph per reason.
std::string text_of(const std::vector<sso::doctor::undecided_check>& undecided) {
  std::vector<std::pair<std::string, std::string>> ids_by_reason;
  for (const auto& [id, reason] : undecided) {
    const auto same = [&why = reason](const auto& one) { return one.first == why; };
    const auto at = std::find_if(ids_by_reason.begin(), ids_by_reason.end(), same);
    if (at == ids_by_reason.end()) {
      ids_by_reason.emplace_back(reason, id);
    } else {
      at->second.append(", ").append(id);
    }
  }
  std::string out;
  for (const auto& [reason, ids] : ids_by_reason) {
    out.append("  ").append(wrap(reason + ':', 2)).append("\n    ").append(wrap(ids, 4)) += '\n';
  }
  return out;
}

/// E.g. `1 critical, 2 warnings, 30 passed, 4 not checked`.
std::string sum_of(const sso::doctor::report& report) {
  std::string out;
  const auto add = [&](severity level, std::string_view one, std::string_view several) {
    const auto n = std::count_if(report.findings.begin(), report.findings.end(),
                                 [&](const auto& found) { return found.severity == level; });
    if (n != 0) out.append(std::to_string(n)).append(" ").append(n == 1 ? one : several).append(", ");
  };
  add(severity::critical, "critical", "critical");
  add(severity::error, "error", "errors");
  add(severity::warning, "warning", "warnings");
  add(severity::info, "note", "notes");
  out.append(std::to_string(report.passed.size())).append(" passed, ");
  return out.append(std::to_string(report.undecided.size())).append(" not checked\n");
}

}  // namespace

std::string json_of(const json_text& sent) {
  return json_line(sent);
}

std::string json_of(const domain_list& list) {
  return json_line(list.domains);
}

std::string json_of(const ensure_outcome& outcome) {
  json_text::array changes;
  for (const auto& change : outcome.changes) {
    json_text::object one{{"member", json_text{change.member}}};
    if (!change.from.empty()) one.push_back({"from", value_of(change.from)});
    if (!change.to.empty()) one.push_back({"to", value_of(change.to)});
    changes.push_back(json_text{std::move(one)});
  }
  return json_line(json_text{json_text::object{{"action", json_text{std::string{to_string(outcome.action)}}},
                                               {"dry_run", json_text{outcome.is_plan}},
                                               {"changes", json_text{std::move(changes)}},
                                               {"connection", outcome.connection}}});
}

std::string json_of(const sso::doctor::report& report) {
  return to_json(report);
}

std::string text_of(const json_text& sent) {
  return align(rows_of(sent));
}

std::string text_of(const domain_list& list) {
  return align(rows_of_domains(list.domains));
}

std::string text_of(const ensure_outcome& outcome) {
  std::string out{words_for(outcome.action, outcome.is_plan)};
  out += '\n';
  const auto add = [&](std::string_view sign, const std::string& value) {
    if (value.empty()) return;
    out.append(sign).append(value == secret_mark ? value : shown(value_of(value))) += '\n';
  };
  for (const auto& change : outcome.changes) {
    out.append("  ").append(terminal_safe(change.member)) += '\n';
    add("    - ", change.from);
    add("    + ", change.to);
  }
  return out;
}

std::string text_of(const sso::doctor::report& report) {
  std::string out;
  for (const auto& found : report.findings) out.append(text_of(found)) += '\n';
  if (!report.undecided.empty()) out.append("Not checked:\n").append(text_of(report.undecided)) += '\n';
  return out + sum_of(report);
}

}  // namespace ssoctl
