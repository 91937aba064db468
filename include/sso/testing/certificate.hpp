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
  bool for_servers = true;                                       ///< its extended key usage names TLS servers
  bool for_clients = true;  ///< and TLS clients; with neither there is none, which means any use
};

/// A certificate and its key, all in PEM.
struct certificate {
  std::string certificate_pem;  ///< the certificate alone; its authority is in `certificate_authority::pem`
  std::string key_pem;          ///< not encrypted
  /// The authorities between it and the root, which a server sends behind it; empty where there are none.
  std::string chain_pem = {};
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

  /// Makes an authority below this one. What that issues comes with the chain up to, not including, the root.
  [[nodiscard]] SSO_DECL certificate_authority
  intermediate(const std::string& common_name = "sso test intermediate") const;

  /// Makes a key and a certificate for it.
  [[nodiscard]] SSO_DECL certificate issue(const certificate_options& options = {}) const;

private:
  struct keys;

  SSO_DECL explicit certificate_authority(std::unique_ptr<keys> made);

  std::unique_ptr<keys> keys_;
};

}  // namespace sso::testing

#if defined(SSO_HEADER_ONLY)
#include <sso/testing/impl/certificate.ipp>
#endif
