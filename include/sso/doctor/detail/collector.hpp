// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/doctor/report.hpp>

#include <initializer_list>
#include <string>
#include <string_view>

namespace sso::doctor::detail {

/// Text from outside as a report may show it: printable ASCII, all else as `\xNN`, cut to `limit` bytes.
[[nodiscard]] SSO_DECL std::string shown(std::string_view text, std::size_t limit = 300);

/// `a, b, c`.
SSO_DECL void append_item(std::string& list, std::string_view item);

/// Puts a report together. Of one id the findings win over `undecided`, and that wins over `passed`, in whatever order
/// they come, so that reports of parts can be merged.
class collector {
public:
  /// Adds a finding; its source comes from the catalogue, and its texts are made `shown`, at most 1,000 bytes each.
  SSO_DECL void find(finding what);
  /// Adds a check that ran and found nothing.
  SSO_DECL void pass(std::string_view id);
  /// Adds a check that could not run.
  SSO_DECL void undecided(std::string_view id, std::string reason);
  /// The same for several checks.
  SSO_DECL void undecided(std::initializer_list<std::string_view> ids, const std::string& reason);
  /// Adds all of another report.
  SSO_DECL void merge(report other);
  /// Takes the findings of a check back: `cause` explains them.
  SSO_DECL void explain(std::string_view id, std::string_view cause);

  /// Whether the check has a finding.
  [[nodiscard]] SSO_DECL bool found(std::string_view id) const noexcept;

  /// What was added so far.
  [[nodiscard]] const report& all() const noexcept { return all_; }

  /// The report: findings worst first, the rest in the order of the catalogue. Leaves nothing here.
  [[nodiscard]] SSO_DECL report finish();

private:
  report all_;
};

}  // namespace sso::doctor::detail

#if defined(SSO_HEADER_ONLY)
#include <sso/doctor/impl/collector.ipp>
#endif
