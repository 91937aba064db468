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

/// An OpenID provider in memory: its discovery document and its keys, for tests of what reads them.
///
///     sso::testing::fake_idp idp;
///     idp.fault("discovery.issuer_mismatch");
///     sso::testing::fake_transport network;
///     network.handle(idp);
///     auto report = sso::testing::run(sso::doctor::examine_issuer(idp.issuer(), network));
///
/// Serves `{issuer}/.well-known/openid-configuration` and `{issuer}/keys`, and 404 elsewhere. The document is one that
/// nothing is to be said of; the keys are one RSA key of 2048 bits, made at the first need. It signs nobody in.
///
/// A handle: copies are the same provider. Thread safety: every member may be called from several threads at once.
class fake_idp {
public:
  /// `Date` is that of the machine's calendar.
  SSO_DECL explicit fake_idp(std::string_view issuer = "https://idp.example.com");
  /// `Date` is that of the calendar of `time`.
  SSO_DECL explicit fake_idp(manual_runtime time, std::string_view issuer = "https://idp.example.com");

  /// Moves the provider to another issuer: its document, its endpoints and where it serves them. For one behind a
  /// `loopback_server`, its `base_url()`, with or without a path.
  SSO_DECL fake_idp& issuer(std::string_view issuer);
  /// The issuer that a customer would store.
  [[nodiscard]] SSO_DECL std::string issuer() const;

  /// Has the fault that the doctor reports under `id`: any id of the groups `discovery` and `keys`,
  /// `issuer.template` and `clock.skew`, as far as a provider can have it by itself. Faults add up. Throws `std::invalid_argument` for other ids.
  SSO_DECL fake_idp& fault(std::string_view id);

  /// Sets a member of the discovery document. `json` is its value; throws `std::invalid_argument` if that is not JSON.
  SSO_DECL fake_idp& member(std::string_view name, std::string_view json);
  /// Removes a member of the discovery document.
  SSO_DECL fake_idp& without(std::string_view name);
  /// Serves these bytes as the discovery document.
  SSO_DECL fake_idp& document(std::string bytes);
  /// Serves these bytes as the key set.
  SSO_DECL fake_idp& keys(std::string bytes);
  /// The discovery document as it is served.
  [[nodiscard]] SSO_DECL std::string document() const;
  /// The key set as it is served.
  [[nodiscard]] SSO_DECL std::string keys() const;

  /// Answers for the discovery document with `status`; fields of `headers` replace those of the same name.
  SSO_DECL fake_idp& discovery_answer(unsigned status, http::headers headers = {});
  /// The same for the keys.
  SSO_DECL fake_idp& keys_answer(unsigned status, http::headers headers = {});
  /// How far the clock that `Date` is of is ahead.
  SSO_DECL fake_idp& clock_ahead(std::chrono::seconds offset);
  /// Answers as a cache does, with `Age` and a `Date` that is as old; zero: not.
  SSO_DECL fake_idp& age(std::chrono::seconds age);

  /// Answers one request; what `fake_transport::handle` and `loopback_server` call.
  [[nodiscard]] SSO_DECL http::response operator()(const http::request& request) const;

private:
  struct provider;
  std::shared_ptr<provider> provider_;
};

}  // namespace sso::testing

#if defined(SSO_HEADER_ONLY)
#include <sso/testing/impl/fake_idp.ipp>
#endif
