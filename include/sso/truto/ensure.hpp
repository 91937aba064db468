// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/call_options.hpp>
#include <sso/ensure.hpp>
#include <sso/open_enum.hpp>
#include <sso/page.hpp>
#include <sso/response.hpp>
#include <sso/result.hpp>
#include <sso/secret.hpp>
#include <sso/truto/domain.hpp>
#include <sso/truto/params.hpp>
#include <sso/truto/sso_connection.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <concepts>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sso::truto {

/// The desired state of a connection. Members that are not set are not compared.
class connection_spec {
public:
  /// `saml`, `oidc`, or another protocol as a string.
  connection_spec& protocol(open_enum<truto::protocol> value) {
    members_.protocol(std::move(value));
    return *this;
  }
  /// Whether the connection may be used.
  connection_spec& is_active(std::same_as<bool> auto value) {
    members_.is_active(value);
    return *this;
  }
  /// Whether users of the connection's verified domains must sign in through it.
  connection_spec& enforced(std::same_as<bool> auto value) {
    members_.enforced(value);
    return *this;
  }
  /// Whether it is the team's default connection.
  connection_spec& is_default(std::same_as<bool> auto value) {
    members_.is_default(value);
    return *this;
  }
  /// The role of users created through this connection.
  connection_spec& default_role(std::string value) {
    members_.default_role(std::move(value));
    return *this;
  }
  /// The environments that such users get access to, compared without regard to order.
  connection_spec& default_environment_ids(std::vector<std::string> values) {
    members_.default_environment_ids(std::move(values));
    return *this;
  }
  /// @overload
  template <std::convertible_to<std::string>... Values>
    requires(sizeof...(Values) != 0)
  connection_spec& default_environment_ids(Values&&... values) {
    members_.default_environment_ids(std::forward<Values>(values)...);
    return *this;
  }
  /// The identity provider's configuration. Members that are not set are not compared. Does not accept
  /// `idp_metadata_xml`, since the server does not store it: set `idp_entity_id`, `idp_sso_url` and
  /// `idp_x509_cert` instead.
  connection_spec& config(config_params value) {
    members_.config(std::move(value));
    return *this;
  }
  /// The OpenID Connect client secret. It cannot be compared, and Truto does not say whether one is stored.
  /// It is sent only with `rotate_secret`.
  connection_spec& client_secret(secret value) {
    client_secret_ = std::move(value);
    return *this;
  }
  /// @overload
  connection_spec& client_secret(std::string value) { return client_secret(secret{std::move(value)}); }
  connection_spec& client_secret(std::nullptr_t) = delete;
  /// Whether to send the secret. Default: false.
  connection_spec& rotate_secret(bool rotate = true) {
    rotate_secret_ = rotate;
    return *this;
  }
  /// Adds a domain that the connection should have; call it once per domain. Other domains are left
  /// unchanged. No domain is verified.
  connection_spec& domain(std::string name) {
    domains_.push_back(std::move(name));
    return *this;
  }

  /// @cond getters of the members set
  [[nodiscard]] const update_params& members() const noexcept { return members_; }
  [[nodiscard]] const std::optional<secret>& client_secret() const noexcept { return client_secret_; }
  [[nodiscard]] bool rotates_secret() const noexcept { return rotate_secret_; }
  [[nodiscard]] const std::vector<std::string>& domains() const noexcept { return domains_; }
  /// @endcond

private:
  update_params members_;
  std::optional<secret> client_secret_;
  bool rotate_secret_ = false;
  std::vector<std::string> domains_;
};

/// The writes needed to bring a connection to the desired state.
struct ensure_plan {
  sso::action action = sso::action::unchanged;  ///< the needed action; a connection is never created
  std::vector<member_change> changes;           ///< members to write; domains as `domains.acme.example`
  std::optional<update_params> update;          ///< parameters to update it; only members that differ
  std::vector<std::string> domains;             ///< domains to add
};

/// Compares `current` with the specification. Domain names are compared without case.
///
/// Errors: `invalid_argument` naming the invalid member of the specification. A pure function.
[[nodiscard]] SSO_DECL result<ensure_plan> make_plan(const sso_connection& current,
                                                     const std::vector<truto::domain>& domains,
                                                     const connection_spec& wanted);

}  // namespace sso::truto

#if defined(SSO_HEADER_ONLY)
#include <sso/truto/impl/ensure.ipp>
#endif
