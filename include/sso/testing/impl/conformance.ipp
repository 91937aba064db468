// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/testing/conformance.hpp>
#include <sso/testing/impl/conformance_lifetimes.ipp>

#include <algorithm>
#include <ostream>
#include <stdexcept>

namespace sso::testing {
namespace detail {

struct conformance_entry {
  const char* name;
  void (*run)(conformance_bench&);
};

inline constexpr std::array conformance_table{
    conformance_entry{"methods", methods},
    conformance_entry{"targets", targets},
    conformance_entry{"request headers", request_headers},
    conformance_entry{"request bodies", request_bodies},
    conformance_entry{"statuses", statuses},
    conformance_entry{"interim responses", interim_responses},
    conformance_entry{"response headers", response_headers},
    conformance_entry{"response bodies", response_bodies},
    conformance_entry{"complete responses", complete_responses},
    conformance_entry{"cut responses", cut_responses},
    conformance_entry{"body limit", body_limit},
    conformance_entry{"header limit", header_limit},
    conformance_entry{"no time left", no_time_left},
    conformance_entry{"slow response", slow_response},
    conformance_entry{"timeout before the response", timeout_before_response},
    conformance_entry{"timeout inside the response", timeout_inside_response},
    conformance_entry{"timeout while connecting", timeout_while_connecting},
    conformance_entry{"refused connection", refused_connection},
    conformance_entry{"terminal cancellation", terminal_cancellation},
    conformance_entry{"partial cancellation", partial_cancellation},
    conformance_entry{"total cancellation", total_cancellation},
    conformance_entry{"cancellation beforehand", cancellation_beforehand},
    conformance_entry{"writes are sent once", writes_are_sent_once},
    conformance_entry{"many at once", many_at_once},
    conformance_entry{"several threads", several_threads},
    conformance_entry{"caller's executor", callers_executor},
    conformance_entry{"handles", handles},
    conformance_entry{"abandoned exchanges", abandoned_exchanges},
    conformance_entry{"redirects", redirects},
    conformance_entry{"credentials and cookies", credentials_and_cookies},
};

inline void check_names(const conformance_options& options) {
  const auto check = [](const std::string& name) {
    const bool known = std::any_of(conformance_table.begin(), conformance_table.end(),
                                   [&](const conformance_entry& entry) { return entry.name == name; });
    if (!known) throw std::invalid_argument{"check_transport: there is no case '" + name + "'"};
  };
  for (const auto& name : options.only) check(name);
  for (const auto& [name, why] : options.cannot) check(name);
}

inline conformance_case run_case(const conformance_entry& entry, conformance_subject& subject,
                                 const conformance_options& options) {
  conformance_case out{entry.name, verdict::passed, {}};
  if (const auto refused = options.cannot.find(entry.name); refused != options.cannot.end()) {
    return {entry.name, verdict::skipped, refused->second};
  }
  try {
    conformance_bench bench{subject, options};
    entry.run(bench);
  } catch (const case_failed& failed) {
    out = {entry.name, verdict::failed, failed.why};
  } catch (const case_skipped& skipped) {
    out = {entry.name, verdict::skipped, skipped.why};
  } catch (const std::exception& e) {
    out = {entry.name, verdict::failed, std::string{"threw: "} + e.what()};
  } catch (...) {
    out = {entry.name, verdict::failed, "threw what is no std::exception"};
  }
  return out;
}

}  // namespace detail

SSO_DECL std::string_view to_string(verdict v) noexcept {
  switch (v) {
  case verdict::passed: return "passed";
  case verdict::failed: return "failed";
  case verdict::skipped: return "skipped";
  }
  return "";
}

SSO_DECL conformance_report::operator bool() const noexcept {
  return count(verdict::failed) == 0 && count(verdict::passed) != 0;
}

SSO_DECL std::size_t conformance_report::count(verdict v) const noexcept {
  return static_cast<std::size_t>(std::count_if(
      cases.begin(), cases.end(), [v](const conformance_case& one) { return one.result == v; }));
}

SSO_DECL const conformance_case* conformance_report::find(std::string_view name) const noexcept {
  const auto found = std::find_if(cases.begin(), cases.end(),
                                  [name](const conformance_case& one) { return one.name == name; });
  return found != cases.end() ? &*found : nullptr;
}

SSO_DECL std::ostream& operator<<(std::ostream& out, const conformance_report& report) {
  out << "a transport in " << report.cases.size() << " cases: " << report.count(verdict::passed)
      << " passed, " << report.count(verdict::failed) << " failed, " << report.count(verdict::skipped)
      << " skipped\n";
  for (const auto& one : report.cases) {
    if (one.result == verdict::passed) continue;
    out << "  " << to_string(one.result) << ": " << one.name << ": " << one.explanation << '\n';
  }
  return out;
}

SSO_DECL std::vector<std::string> conformance_cases() {
  std::vector<std::string> out;
  for (const auto& entry : detail::conformance_table) out.emplace_back(entry.name);
  return out;
}

SSO_DECL conformance_report check_transport(conformance_subject& subject,
                                            const conformance_options& options) {
  detail::check_names(options);
  conformance_report report;
  for (const auto& entry : detail::conformance_table) {
    const auto& only = options.only;
    if (!only.empty() && std::find(only.begin(), only.end(), entry.name) == only.end()) continue;
    report.cases.push_back(detail::run_case(entry, subject, options));
  }
  return report;
}

}  // namespace sso::testing
