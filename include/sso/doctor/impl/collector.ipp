// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/doctor/detail/catalog.hpp>
#include <sso/doctor/detail/collector.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace sso::doctor::detail {

/// The longest text of a finding's member in bytes, including the `...` of a truncated one.
inline constexpr std::size_t longest_text = 1000;

inline std::size_t place_of(std::string_view id) noexcept {
  const auto at = std::find_if(std::begin(catalog), std::end(catalog),
                               [&](const check_info& info) { return info.id == id; });
  return static_cast<std::size_t>(at - std::begin(catalog));
}

SSO_DECL std::string shown(std::string_view text, std::size_t limit) {
  constexpr char hex[] = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    const bool printable = u >= 0x20 && u < 0x7f;
    if (out.size() + (printable ? 1 : 4) > limit) return out += "...";
    if (printable) {
      out += c;
    } else {
      out.append("\\x") += hex[u >> 4];
      out += hex[u & 0xf];
    }
  }
  return out;
}

/// Escapes and truncates every text of a report, since reports go to terminals and logs.
inline void make_showable(std::string& text) {
  text = shown(text, longest_text - 3);
}

SSO_DECL finding make_finding(std::string_view id, severity level, std::string_view subject,
                              std::string_view message) {
  finding what;
  what.id = id;
  what.severity = level;
  what.subject = subject;
  what.message = message;
  return what;
}

SSO_DECL void append_item(std::string& list, std::string_view item) {
  if (!list.empty()) list += ", ";
  list += item;
}

SSO_DECL void collector::find(finding what) {
  const auto place = place_of(what.id);
  if (what.source.empty() && place != std::size(catalog)) what.source = catalog[place].source;
  for (auto* text : {&what.subject, &what.message, &what.expected, &what.actual, &what.advice}) {
    make_showable(*text);
  }
  all_.findings.push_back(std::move(what));
}

SSO_DECL void collector::pass(std::string_view id) {
  all_.passed.emplace_back(id);
}

SSO_DECL void collector::undecided(std::string_view id, std::string reason) {
  make_showable(reason);
  all_.undecided.push_back({std::string{id}, std::move(reason)});
}

SSO_DECL void collector::undecided(std::initializer_list<std::string_view> ids, const std::string& reason) {
  for (const auto id : ids) undecided(id, reason);
}

SSO_DECL void collector::merge(report other) {
  const auto move_all = [](auto& from, auto& to) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  move_all(other.findings, all_.findings);
  move_all(other.passed, all_.passed);
  move_all(other.undecided, all_.undecided);
}

SSO_DECL void collector::explain(std::string_view id, std::string_view cause) {
  const auto removed = std::erase_if(all_.findings, [&](const finding& f) { return f.id == id; });
  if (removed != 0) undecided(id, std::string{"explained by "}.append(cause));
}

SSO_DECL bool collector::found(std::string_view id) const noexcept {
  return std::any_of(all_.findings.begin(), all_.findings.end(),
                     [&](const finding& f) { return f.id == id; });
}

SSO_DECL report collector::finish() {
  const auto is_undecided = [this](std::string_view id) {
    return std::any_of(all_.undecided.begin(), all_.undecided.end(),
                       [&](const undecided_check& check) { return check.id == id; });
  };
  std::erase_if(all_.undecided, [this](const undecided_check& check) { return found(check.id); });
  std::erase_if(all_.passed, [&](const std::string& id) { return found(id) || is_undecided(id); });

  std::stable_sort(all_.findings.begin(), all_.findings.end(), [](const finding& a, const finding& b) {
    if (a.severity != b.severity) return a.severity > b.severity;
    return place_of(a.id) < place_of(b.id);
  });
  std::stable_sort(all_.passed.begin(), all_.passed.end(),
                   [](const std::string& a, const std::string& b) { return place_of(a) < place_of(b); });
  std::stable_sort(
      all_.undecided.begin(), all_.undecided.end(),
      [](const undecided_check& a, const undecided_check& b) { return place_of(a.id) < place_of(b.id); });
  all_.passed.erase(std::unique(all_.passed.begin(), all_.passed.end()), all_.passed.end());
  all_.undecided.erase(
      std::unique(all_.undecided.begin(), all_.undecided.end(),
                  [](const undecided_check& a, const undecided_check& b) { return a.id == b.id; }),
      all_.undecided.end());
  // A check may report one subject twice, from the stored settings and from the document. Keep the more severe finding.
  std::vector<finding> kept;
  for (auto& what : all_.findings) {
    const bool there = std::any_of(kept.begin(), kept.end(), [&](const finding& f) {
      return f.id == what.id && f.subject == what.subject;
    });
    if (!there) kept.push_back(std::move(what));
  }
  all_.findings = std::move(kept);
  return std::exchange(all_, {});
}

}  // namespace sso::doctor::detail
