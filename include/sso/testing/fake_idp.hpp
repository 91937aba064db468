// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/http/headers.hpp>
#include <sso/http/request.hpp>
#include <sso/http/response.hpp>
#include <sso/testing/manual_runtime.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace sso::testing {

/// An OpenID provider in memory, with discovery document and keys. For tests of code that reads them.
///
///     sso::testing::fake_idp idp;
///     idp.fault("discovery.issuer_mismatch");
///     sso::testing::fake_transport network;
///     network.handle(idp);
///     auto report = sso::testing::run(sso::doctor::examine_issuer(idp.issuer(), network));
///
/// Serves `{issuer}/.well-known/openid-configuration` and `{issuer}/keys`, and 404 for other paths. By
/// default the doctor has no finding about the document. The key set contains one RSA key of 2048 bits,
/// generated on first use. It signs nobody in.
///
/// A handle: copies are the same provider.
///
/// Thread safety: every member may be called from several threads at once.
class fake_idp {
public:
  /// `Date` follows the machine's calendar clock.
  SSO_DECL explicit fake_idp(std::string_view issuer = "https://idp.example.com");
  /// `Date` follows the calendar clock of `time`.
  SSO_DECL explicit fake_idp(manual_runtime time, std::string_view issuer = "https://idp.example.com");

  /// Changes the issuer, and with it the document, the endpoints and their paths. Behind a `loopback_server`,
  /// pass its `base_url()`, with or without a path.
  SSO_DECL fake_idp& issuer(std::string_view issuer);
  /// The issuer to store with a connection.
  [[nodiscard]] SSO_DECL std::string issuer() const;

  /// Introduces the fault that the doctor reports as `id`: any id of the groups `discovery` and `keys`,
  /// `issuer.template` and `clock.skew`, if a provider alone can cause it. Faults accumulate. Throws
  /// `std::invalid_argument` for other ids.
  SSO_DECL fake_idp& fault(std::string_view id);

  /// Sets a member of the discovery document to the JSON text `json`. Throws `std::invalid_argument` if it is
  /// not JSON.
  SSO_DECL fake_idp& member(std::string_view name, std::string_view json);
  /// Removes a member of the discovery document.
  SSO_DECL fake_idp& without(std::string_view name);
  /// Serves `bytes` as the discovery document.
  SSO_DECL fake_idp& document(std::string bytes);
  /// Serves `bytes` as the key set.
  SSO_DECL fake_idp& keys(std::string bytes);
  /// The discovery document as served.
  [[nodiscard]] SSO_DECL std::string document() const;
  /// The key set as served.
  [[nodiscard]] SSO_DECL std::string keys() const;

  /// Serves the discovery document with `status`; fields of `headers` replace those of the same name.
  SSO_DECL fake_idp& discovery_answer(unsigned status, http::headers headers = {});
  /// Serves the keys with `status`; fields of `headers` replace those of the same name.
  SSO_DECL fake_idp& keys_answer(unsigned status, http::headers headers = {});
  /// Moves the clock of `Date` ahead by `offset`.
  SSO_DECL fake_idp& clock_ahead(std::chrono::seconds offset);
  /// Responds like a cache, with `Age: age` and a `Date` of that age; zero: disabled.
  SSO_DECL fake_idp& age(std::chrono::seconds age);

  /// Responds to one request; called by `fake_transport::handle` and `loopback_server`.
  [[nodiscard]] SSO_DECL http::response operator()(const http::request& request) const;

private:
  struct provider;
  std::shared_ptr<provider> provider_;
};

}  // namespace sso::testing

#if defined(SSO_HEADER_ONLY)
#include <sso/testing/impl/fake_idp.ipp>
#endif
