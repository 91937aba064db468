// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/doctor/detail/openssl.hpp>

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace sso::doctor::detail {

/// A public key of a key set (RFC 7517, RFC 7518 §6, RFC 8037).
struct jwk {
  bool known = false;                   ///< kty and crv are supported
  bool signs = false;                   ///< kty, crv, use, key_ops and alg allow it to verify signatures
  std::string weakness;                 ///< why it is weak or invalid; empty: it is neither
  std::string problem;                  ///< why it cannot be read, e.g. `n is missing`; empty: readable
  std::string name;                     ///< its name in the report: the kid or the index
  std::vector<std::string> algorithms;  ///< the signature algorithms it may be used with
  key_ptr key;                          ///< null if there is a problem or OpenSSL does not know the curve
};

/// @param index the key's index in its set
[[nodiscard]] SSO_DECL jwk read_jwk(const boost::json::object& key, std::size_t index);

}  // namespace sso::doctor::detail

#if defined(SSO_HEADER_ONLY)
#include <sso/doctor/impl/jwk.ipp>
#endif
