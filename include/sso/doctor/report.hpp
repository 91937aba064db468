// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sso::doctor {

/// The severity of a finding, in rising order.
enum class severity : std::uint8_t {
  info,      ///< for information
  warning,   ///< works now, but is at risk
  error,     ///< will break for some users
  critical,  ///< users cannot sign in, or should not
};

/// The enumerator's name: `info`, `warning`, `error` or `critical`.
[[nodiscard]] SSO_DECL std::string_view to_string(severity s) noexcept;
/// Writes `to_string(s)`.
SSO_DECL std::ostream& operator<<(std::ostream& out, severity s);

/// A problem found by one check. All texts are printable ASCII of bounded length, suitable for a log line and
/// a terminal: untrusted text is escaped as `\xNN` and truncated.
struct finding {
  std::string id;  ///< the id of the check, e.g. `discovery.issuer_mismatch`; stable across versions
  doctor::severity severity = doctor::severity::info;  ///< the severity
  std::string subject;                                 ///< the URL, member or certificate concerned
  std::string message;                                 ///< the problem, in one sentence
  std::string expected;                                ///< the expected value; may be empty
  std::string actual;                                  ///< the actual value; may be empty; never a secret
  std::string advice;                                  ///< the recommended action; may be empty
  std::string source;  ///< the source of the rule, e.g. `OIDC Discovery 4.3`; may be empty

  friend bool operator==(const finding&, const finding&) = default;
};

/// A check that could not run.
struct undecided_check {
  std::string id;      ///< the id of the check
  std::string reason;  ///< why it could not run; printable like the texts of a `finding`

  friend bool operator==(const undecided_check&, const undecided_check&) = default;
};

/// The result of an examination. Each applicable check is in exactly one of the three lists. A check that
/// could not run never counts as passed.
///
/// Thread safety: distinct objects are safe; concurrent reads of one object are safe.
struct report {
  std::vector<finding> findings;           ///< most serious first
  std::vector<std::string> passed;         ///< ids of checks without findings, in the order of the checks
  std::vector<undecided_check> undecided;  ///< checks that could not run, in the order of the checks

  /// The most serious severity found; empty if there is no finding.
  [[nodiscard]] SSO_DECL std::optional<severity> worst() const noexcept;
  /// Whether there is no error and no critical finding. This does not guarantee that a sign-in works; see
  /// `client.not_tested`.
  [[nodiscard]] SSO_DECL bool ok() const noexcept;

  /// Writes the report as text: one paragraph per finding, then the passed and the undecided checks. Ignores
  /// the stream's flags, width, fill and locale; resets the width to 0 as inserters do.
  friend std::ostream& operator<<(std::ostream& out, const report& r) { return print(out, r); }
  friend bool operator==(const report&, const report&) = default;

private:
  SSO_DECL static std::ostream& print(std::ostream& out, const report& r);
};

/// The report as a JSON object with `ok`, `worst` (null if there is no finding), `findings` with the members
/// of `finding`, `passed`, and `undecided` with `id` and `reason`.
[[nodiscard]] SSO_DECL std::string to_json(const report& r);

}  // namespace sso::doctor

#if defined(SSO_HEADER_ONLY)
#include <sso/doctor/impl/report.ipp>
#endif
