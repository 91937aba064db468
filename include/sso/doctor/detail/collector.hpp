// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/doctor/report.hpp>

#include <initializer_list>
#include <string>
#include <string_view>

namespace sso::doctor::detail {

/// Escapes untrusted text for a report: any byte but printable ASCII becomes `\xNN`. Truncates to `limit` bytes.
[[nodiscard]] SSO_DECL std::string shown(std::string_view text, std::size_t limit = 300);

/// Appends the item to a list of the form `a, b, c`.
SSO_DECL void append_item(std::string& list, std::string_view item);

[[nodiscard]] SSO_DECL finding make_finding(std::string_view id, severity level, std::string_view subject,
                                            std::string_view message);

/// Builds a report, also from partial reports. For one id, a finding overrides `undecided`, and `undecided` overrides
/// `passed`, in any order of arrival.
class collector {
public:
  /// Adds a finding. Takes its source from the catalogue, and limits its texts, as `shown`, to 1,000 bytes each.
  SSO_DECL void find(finding what);
  /// Adds a check that ran and found nothing.
  SSO_DECL void pass(std::string_view id);
  /// Adds a check that could not run.
  SSO_DECL void undecided(std::string_view id, std::string reason);
  /// The same for several checks.
  SSO_DECL void undecided(std::initializer_list<std::string_view> ids, const std::string& reason);
  /// Adds another report.
  SSO_DECL void merge(report other);
  /// Replaces the findings of a check by `undecided`, with the reason `explained by CAUSE`.
  SSO_DECL void explain(std::string_view id, std::string_view cause);

  /// Whether the check has a finding.
  [[nodiscard]] SSO_DECL bool found(std::string_view id) const noexcept;

  /// The contents so far.
  [[nodiscard]] const report& all() const noexcept { return all_; }

  /// Returns the report and empties the collector. Findings are sorted by severity, then in the order of the catalogue.
  [[nodiscard]] SSO_DECL report finish();

private:
  report all_;
};

}  // namespace sso::doctor::detail

#if defined(SSO_HEADER_ONLY)
#include <sso/doctor/impl/collector.ipp>
#endif
