// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/testing/conformance.hpp>
#include <sso/testing/impl/conformance_lifetimes.ipp>

#include <algorithm>
#include <iterator>
#include <ostream>
#include <stdexcept>

namespace sso::testing {
namespace detail::conformance {

struct entry {
  const char* name;
  void (*run)(case_bench&);
};

inline constexpr std::array table{
    entry{"methods", methods},
    entry{"targets", targets},
    entry{"request headers", request_headers},
    entry{"request bodies", request_bodies},
    entry{"statuses", statuses},
    entry{"interim responses", interim_responses},
    entry{"response headers", response_headers},
    entry{"response bodies", response_bodies},
    entry{"complete responses", complete_responses},
    entry{"cut responses", cut_responses},
    entry{"body limit", body_limit},
    entry{"header limit", header_limit},
    entry{"no time left", no_time_left},
    entry{"slow response", slow_response},
    entry{"timeout before the response", timeout_before_response},
    entry{"timeout inside the response", timeout_inside_response},
    entry{"timeout while connecting", timeout_while_connecting},
    entry{"refused connection", refused_connection},
    entry{"terminal cancellation", terminal_cancellation},
    entry{"partial cancellation", partial_cancellation},
    entry{"total cancellation", total_cancellation},
    entry{"filtered cancellation", filtered_cancellation},
    entry{"cancellation state", cancellation_state},
    entry{"cancellation beforehand", cancellation_beforehand},
    entry{"writes are sent once", writes_are_sent_once},
    entry{"many at once", many_at_once},
    entry{"several threads", several_threads},
    entry{"caller's executor", callers_executor},
    entry{"handles", handles},
    entry{"abandoned exchanges", abandoned_exchanges},
    entry{"redirects", redirects},
    entry{"credentials and cookies", credentials_and_cookies},
};

inline void check_names(const conformance_options& options) {
  const auto check = [](const std::string& name) {
    const bool known = std::any_of(table.begin(), table.end(),
                                   [&](const entry& known_one) { return known_one.name == name; });
    if (!known) throw std::invalid_argument{"check_transport: there is no case '" + name + "'"};
  };
  for (const auto& name : options.only) check(name);
  for (const auto& [name, why] : options.cannot) check(name);
}

inline conformance_case run_case(const entry& tried, conformance_subject& subject,
                                 const conformance_options& options) {
  conformance_case out{tried.name, verdict::passed, {}};
  if (const auto refused = options.cannot.find(tried.name); refused != options.cannot.end()) {
    return {tried.name, verdict::skipped, refused->second};
  }
  try {
    case_bench bench{subject, options};
    tried.run(bench);
  } catch (const case_failed& failed) {
    out = {tried.name, verdict::failed, failed.why};
  } catch (const case_skipped& skipped) {
    out = {tried.name, verdict::skipped, skipped.why};
  } catch (const std::exception& e) {
    out = {tried.name, verdict::failed, std::string{"threw: "} + e.what()};
  } catch (...) {
    out = {tried.name, verdict::failed, "threw an exception that is not a std::exception"};
  }
  return out;
}

}  // namespace detail::conformance

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
  out << report.cases.size() << " cases: " << report.count(verdict::passed) << " passed, "
      << report.count(verdict::failed) << " failed, " << report.count(verdict::skipped) << " skipped\n";
  for (const auto& one : report.cases) {
    if (one.result == verdict::passed) continue;
    out << "  " << to_string(one.result) << ": " << one.name << ": " << one.explanation << '\n';
  }
  return out;
}

SSO_DECL std::vector<std::string> conformance_cases() {
  std::vector<std::string> out;
  out.reserve(std::size(detail::conformance::table));
  for (const auto& entry : detail::conformance::table) out.emplace_back(entry.name);
  return out;
}

SSO_DECL conformance_report check_transport(conformance_subject& subject,
                                            const conformance_options& options) {
  detail::conformance::check_names(options);
  conformance_report report;
  for (const auto& entry : detail::conformance::table) {
    const auto& only = options.only;
    if (!only.empty() && std::find(only.begin(), only.end(), entry.name) == only.end()) continue;
    if (options.on_case) options.on_case(entry.name);
    report.cases.push_back(detail::conformance::run_case(entry, subject, options));
  }
  return report;
}

}  // namespace sso::testing
