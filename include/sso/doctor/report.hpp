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

/// How grave a finding is, in rising order.
enum class severity : std::uint8_t {
  info,      ///< worth knowing
  warning,   ///< works today, but is at risk
  error,     ///< will break for some users
  critical,  ///< users cannot sign in, or should not
};

/// `info`, `warning`, `error` or `critical`.
[[nodiscard]] SSO_DECL std::string_view to_string(severity s) noexcept;
/// Writes `to_string(s)`.
SSO_DECL std::ostream& operator<<(std::ostream& out, severity s);

/// What one check found. All text is printable ASCII of bounded length: what comes from outside is escaped as `\xNN`
/// and cut, so that it fits into a log line and a terminal.
struct finding {
  std::string id;  ///< the check, e.g. `discovery.issuer_mismatch`; never changes
  doctor::severity severity = doctor::severity::info;  ///< how grave it is
  std::string subject;                                 ///< the URL, member or certificate that it is about
  std::string message;                                 ///< what is wrong, in one sentence
  std::string expected;                                ///< what should be there; may be empty
  std::string actual;                                  ///< what is there; may be empty; never a secret
  std::string advice;                                  ///< what to do about it; may be empty
  std::string source;  ///< where the rule stands, e.g. `OIDC Discovery 4.3`; may be empty

  friend bool operator==(const finding&, const finding&) = default;
};

/// A check that could not run.
struct undecided_check {
  std::string id;      ///< the check
  std::string reason;  ///< why it could not run; printable like the text of a `finding`

  friend bool operator==(const undecided_check&, const undecided_check&) = default;
};

/// The outcome of an examination. Each check that applies is in exactly one of the three lists; a check that could
/// not run is never counted as passed.
///
/// Thread safety: distinct objects are safe, a shared object may be read.
struct report {
  std::vector<finding> findings;    ///< worst first
  std::vector<std::string> passed;  ///< ids of checks that ran and found nothing, in the order of the checks
  std::vector<undecided_check> undecided;  ///< checks that could not run, in the order of the checks

  /// The gravest severity found; nothing if there is no finding.
  [[nodiscard]] SSO_DECL std::optional<severity> worst() const noexcept;
  /// Whether there is neither an error nor a critical finding. Does not promise that a sign-in works: see
  /// `client.not_tested`.
  [[nodiscard]] SSO_DECL bool ok() const noexcept;

  /// Writes the report as text: a paragraph for each finding, then what passed and what is undecided. Takes no account
  /// of the stream's format flags, width, fill and locale; resets the width to 0 as inserters do.
  friend std::ostream& operator<<(std::ostream& out, const report& r) { return print(out, r); }
  friend bool operator==(const report&, const report&) = default;

private:
  SSO_DECL static std::ostream& print(std::ostream& out, const report& r);
};

/// The report as a JSON object: `ok`, `worst` (null without findings), `findings` with the members of `finding`,
/// `passed`, `undecided` with `id` and `reason`.
[[nodiscard]] SSO_DECL std::string to_json(const report& r);

}  // namespace sso::doctor

#if defined(SSO_HEADER_ONLY)
#include <sso/doctor/impl/report.ipp>
#endif
