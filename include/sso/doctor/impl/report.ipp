// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/doctor/report.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <ostream>

namespace sso::doctor {

SSO_DECL std::string_view to_string(severity s) noexcept {
  switch (s) {
  case severity::info: return "info";
  case severity::warning: return "warning";
  case severity::error: return "error";
  case severity::critical: return "critical";
  }
  return "info";
}

SSO_DECL std::ostream& operator<<(std::ostream& out, severity s) {
  return out << to_string(s);
}

SSO_DECL std::optional<severity> report::worst() const noexcept {
  const auto most_severe =
      std::max_element(findings.begin(), findings.end(),
                       [](const finding& a, const finding& b) { return a.severity < b.severity; });
  if (most_severe == findings.end()) return std::nullopt;
  return most_severe->severity;
}

SSO_DECL bool report::ok() const noexcept {
  return worst() < severity::error;
}

SSO_DECL std::ostream& report::print(std::ostream& out, const report& r) {
  std::string text;
  const auto line = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) text.append("  ").append(name).append(": ").append(value).append("\n");
  };
  for (const auto& found : r.findings) {
    text.append(to_string(found.severity)).append(" ").append(found.id);
    if (!found.subject.empty()) text.append(" (").append(found.subject).append(")");
    text.append(": ").append(found.message).append("\n");
    line("expected", found.expected);
    line("actual", found.actual);
    line("advice", found.advice);
    line("source", found.source);
  }
  if (!r.passed.empty()) {
    text += "passed:";
    for (const auto& id : r.passed) text.append(" ").append(id);
    text += '\n';
  }
  for (const auto& check : r.undecided) {
    text.append("undecided ").append(check.id).append(": ").append(check.reason).append("\n");
  }
  out.width(0);
  return out.write(text.data(), static_cast<std::streamsize>(text.size()));
}

SSO_DECL std::string to_json(const report& r) {
  namespace json = boost::json;
  json::array findings;
  for (const auto& found : r.findings) {
    findings.push_back(json::object{{"id", found.id},
                                    {"severity", to_string(found.severity)},
                                    {"subject", found.subject},
                                    {"message", found.message},
                                    {"expected", found.expected},
                                    {"actual", found.actual},
                                    {"advice", found.advice},
                                    {"source", found.source}});
  }
  json::array passed;
  for (const auto& id : r.passed) passed.push_back(json::string{id});
  json::array undecided;
  for (const auto& check : r.undecided) {
    undecided.push_back(json::object{{"id", check.id}, {"reason", check.reason}});
  }
  json::object out{{"ok", r.ok()}, {"worst", nullptr}};
  if (const auto worst = r.worst()) out["worst"] = to_string(*worst);
  out["findings"] = std::move(findings);
  out["passed"] = std::move(passed);
  out["undecided"] = std::move(undecided);
  return json::serialize(out);
}

}  // namespace sso::doctor
