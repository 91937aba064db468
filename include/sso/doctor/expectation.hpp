// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/keycard/sso_connection.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace sso::doctor {

/// The stored configuration to compare an OpenID provider's documents with. Only the issuer is required. A
/// check that needs a missing member is undecided or omitted.
struct expectation {
  /// The stored issuer, byte for byte.
  std::string issuer{};
  /// The stored URL of the discovery document (Truto). Empty: the URL that follows from the issuer.
  std::string discovery_url{};
  /// The client id at the provider; empty: unknown.
  std::string client_id{};
  /// Whether a client secret is stored; empty: unknown.
  std::optional<bool> client_secret_set{};
  /// Keycard's copy of the provider's endpoints; empty: none.
  std::optional<keycard::protocols> protocols{};
  /// For keys: `id_token_signing_alg_values_supported` of the discovery document; empty: any asymmetric algorithm.
  std::vector<std::string> algorithms{};
  /// For keys: the URL they were fetched from; empty: unknown.
  std::string jwks_uri{};
  /// For keys: the time for checking the validity of certificates; empty: not checked.
  std::optional<std::chrono::sys_seconds> now{};
};

}  // namespace sso::doctor
