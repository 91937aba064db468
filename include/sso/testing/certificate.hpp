// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace sso::testing {

/// What a certificate says.
struct certificate_options {
  std::string common_name = "sso test";                ///< of the subject; no client compares it with a host
  std::vector<std::string> dns_names = {"localhost"};  ///< subject alternative names
  std::vector<std::string> ip_addresses = {"127.0.0.1", "::1"};  ///< subject alternative names
  std::chrono::seconds valid_from{-3600};                        ///< from now; negative: in the past
  std::chrono::seconds valid_until{24 * 3600};                   ///< from now; negative: expired
};

/// A certificate and its key, both in PEM.
struct certificate {
  std::string certificate_pem;  ///< the certificate alone; its authority is in `certificate_authority::pem`
  std::string key_pem;          ///< not encrypted
};

/// A certificate authority that lives as long as a test: made in memory, on the curve P-256, written nowhere.
///
/// Errors: every function throws `std::runtime_error` with OpenSSL's words if that fails, and if a name or an
/// address of the options is none.
///
/// Thread safety: distinct objects are safe, a shared object may be used through const members.
class certificate_authority {
public:
  /// Makes a key and a certificate, valid from a year ago until in a year.
  SSO_DECL explicit certificate_authority(const std::string& common_name = "sso test authority");
  SSO_DECL ~certificate_authority();
  /// The object moved from may only be destroyed or assigned to.
  SSO_DECL certificate_authority(certificate_authority&&) noexcept;
  /// The object moved from may only be destroyed or assigned to.
  SSO_DECL certificate_authority& operator=(certificate_authority&&) noexcept;

  /// The authority's own certificate, for a trust store, in PEM.
  [[nodiscard]] SSO_DECL const std::string& pem() const noexcept;

  /// Makes a key and a certificate for it, fit for either side of TLS.
  [[nodiscard]] SSO_DECL certificate issue(const certificate_options& options = {}) const;

private:
  struct keys;
  std::unique_ptr<keys> keys_;
};

}  // namespace sso::testing

#if defined(SSO_HEADER_ONLY)
#include <sso/testing/impl/certificate.ipp>
#endif
