// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace sso::testing {

/// The contents of a certificate.
struct certificate_options {
  std::string common_name = "sso test";  ///< of the subject; clients do not compare it with a host
  std::vector<std::string> dns_names = {"localhost"};            ///< subject alternative names
  std::vector<std::string> ip_addresses = {"127.0.0.1", "::1"};  ///< subject alternative names
  std::chrono::seconds valid_from{-3600};                        ///< from now; negative: in the past
  std::chrono::seconds valid_until{24 * 3600};                   ///< from now; negative: expired
  bool for_servers = true;  ///< adds TLS servers to the extended key usage
  bool for_clients =
      true;  ///< adds TLS clients to it; if neither is set, it is omitted, and any use is allowed
};

/// A certificate and its key in PEM.
struct certificate {
  std::string certificate_pem;  ///< the certificate alone; its authority is `certificate_authority::pem`
  std::string key_pem;          ///< not encrypted
  /// The intermediate authorities, which a server sends after its certificate; empty if there are none.
  std::string chain_pem = {};
};

/// A certificate authority for tests, created in memory on the curve P-256. Nothing is written to disk.
///
/// Errors: every function throws `std::runtime_error` with OpenSSL's message if OpenSSL fails, or if a name
/// or an address of the options is invalid.
///
/// Thread safety: distinct objects are safe; concurrent calls of const members of one object are safe.
class certificate_authority {
public:
  /// Creates a key and a certificate, valid from a year ago until a year from now.
  SSO_DECL explicit certificate_authority(const std::string& common_name = "sso test authority");
  SSO_DECL ~certificate_authority();
  /// A moved-from object may only be destroyed or assigned to.
  SSO_DECL certificate_authority(certificate_authority&&) noexcept;
  /// A moved-from object may only be destroyed or assigned to.
  SSO_DECL certificate_authority& operator=(certificate_authority&&) noexcept;

  /// The authority's certificate in PEM, for a trust store.
  [[nodiscard]] SSO_DECL const std::string& pem() const noexcept;

  /// Creates an intermediate authority. Certificates issued by it contain the chain up to the root, without
  /// the root.
  [[nodiscard]] SSO_DECL certificate_authority
  intermediate(const std::string& common_name = "sso test intermediate") const;

  /// Creates a key and its certificate.
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
