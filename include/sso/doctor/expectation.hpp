// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/keycard/sso_connection.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace sso::doctor {

/// What is known of an OpenID provider before its documents are looked at. Only the issuer has to be given: what is left
/// out makes the checks that need it undecided, or is not compared.
struct expectation {
  /// The issuer as it is stored with the connection, byte for byte.
  std::string issuer{};
  /// Where the discovery document was fetched, if that is stored beside the issuer (Truto); empty: at the place that
  /// follows from the issuer.
  std::string discovery_url{};
  /// The client id at the provider; empty: not known.
  std::string client_id{};
  /// Whether a client secret is stored; nothing: not known.
  std::optional<bool> client_secret_set{};
  /// Keycard's copy of the provider's endpoints; nothing: none is stored.
  std::optional<keycard::protocols> protocols{};
  /// For keys: `id_token_signing_alg_values_supported` of the discovery document; empty: any asymmetric algorithm.
  std::vector<std::string> algorithms{};
  /// For keys: where they were fetched; empty: not known.
  std::string jwks_uri{};
  /// For keys: the time that dates of certificates are judged by; nothing: they are not judged.
  std::optional<std::chrono::sys_seconds> now{};
};

}  // namespace sso::doctor
