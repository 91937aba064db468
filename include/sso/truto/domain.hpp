// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/time.hpp>

#include <optional>
#include <string>

namespace sso::truto {

/// A domain whose users sign in through a connection, once its ownership is verified.
struct domain {
  std::string domain;                            ///< its name
  std::optional<std::string> sso_connection_id;  ///< a UUID
  std::optional<std::string> team_id;            ///< a UUID
  /// Whether the ownership of the domain is verified. Compare with `== true`: `if (verified)` only tests
  /// whether the member is present.
  std::optional<bool> verified;
  std::optional<std::string> verification_token;  ///< part of `verification_record`
  /// The value of the TXT record that proves the ownership; see `truto::verification_record`.
  std::optional<std::string> verification_record;
  std::optional<timestamp> created_at;  ///< in UTC
  std::optional<timestamp> updated_at;  ///< in UTC

  friend bool operator==(const truto::domain&, const truto::domain&) = default;
};

/// The result of a check of a domain's TXT record.
struct domain_verification {
  std::optional<std::string> domain;  ///< the checked domain
  bool verified = false;              ///< false is a value, not an error: the record is not (yet) visible
  std::optional<std::string> detail;  ///< why the check did not pass; empty if it passed

  friend bool operator==(const domain_verification&, const domain_verification&) = default;
};

/// The TXT record to publish on a domain: `truto-domain-verification=` and the domain's `verification_token`.
[[nodiscard]] inline std::string verification_record(const std::string& token) {
  return "truto-domain-verification=" + token;
}

}  // namespace sso::truto
