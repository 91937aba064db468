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
  bool known = false;                   ///< kty and crv are of a kind that is known here
  bool signs = false;                   ///< it may verify signatures, by kty, crv, use, key_ops and alg
  std::string weakness;                 ///< why it is weak or broken; empty: it is neither
  std::string problem;                  ///< why it is no key, e.g. `n is missing`; empty: it is one
  std::string name;                     ///< for the report: its kid, or where it is
  std::vector<std::string> algorithms;  ///< that signatures may have by it
  key_ptr key;  ///< null if there is a problem, or it is on a curve OpenSSL does not know
};

/// @param index of the key in its set
[[nodiscard]] SSO_DECL jwk read_jwk(const boost::json::object& key, std::size_t index);

}  // namespace sso::doctor::detail

#if defined(SSO_HEADER_ONLY)
#include <sso/doctor/impl/jwk.ipp>
#endif
