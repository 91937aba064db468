// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/time.hpp>

#include <optional>
#include <string>

namespace sso::truto {

/// A domain whose users sign in through a connection, once its owner has proved that it is theirs.
struct domain {
  std::string domain;
  std::optional<std::string> sso_connection_id;  ///< a UUID
  std::optional<std::string> team_id;            ///< a UUID
  /// Whether the owner has proved that it is theirs. Compare with `== true`: `if (verified)` asks whether the
  /// member is there.
  std::optional<bool> verified;
  std::optional<std::string> verification_token;  ///< what `verification_record` is made of
  /// The value of the TXT record that proves ownership; see `truto::verification_record`.
  std::optional<std::string> verification_record;
  std::optional<timestamp> created_at;  ///< in UTC
  std::optional<timestamp> updated_at;  ///< in UTC

  friend bool operator==(const truto::domain&, const truto::domain&) = default;
};

/// What a check of a domain's TXT record gave.
struct domain_verification {
  std::optional<std::string> domain;  ///< the domain that was checked
  bool verified = false;              ///< false is a value, not an error: the record is not seen (yet)
  std::optional<std::string> detail;  ///< why it did not pass; empty if it did

  friend bool operator==(const domain_verification&, const domain_verification&) = default;
};

/// The TXT record to publish on a domain: `truto-domain-verification=` and the domain's `verification_token`.
[[nodiscard]] inline std::string verification_record(const std::string& token) {
  return "truto-domain-verification=" + token;
}

}  // namespace sso::truto
