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

/// The state that a connection should have. Members that are not set are not looked at.
class connection_spec {
public:
  /// `saml`, `oidc`, or a protocol not known today.
  connection_spec& protocol(open_enum<truto::protocol> value) {
    members_.protocol(std::move(value));
    return *this;
  }
  /// Whether the connection may be used.
  connection_spec& is_active(std::same_as<bool> auto value) {
    members_.is_active(value);
    return *this;
  }
  /// Whether users of the connection's verified domains have to sign in through it.
  connection_spec& enforced(std::same_as<bool> auto value) {
    members_.enforced(value);
    return *this;
  }
  /// Whether it is the default one of the team.
  connection_spec& is_default(std::same_as<bool> auto value) {
    members_.is_default(value);
    return *this;
  }
  /// The role of users created through this connection.
  connection_spec& default_role(std::string value) {
    members_.default_role(std::move(value));
    return *this;
  }
  /// The environments that such users get access to, compared without regard to their order.
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
  /// The identity provider's side; of this too, members that are not set are not looked at. Not `idp_metadata_xml`, which
  /// the server takes apart and does not keep: set `idp_entity_id`, `idp_sso_url` and `idp_x509_cert`.
  connection_spec& config(config_params value) {
    members_.config(std::move(value));
    return *this;
  }
  /// OpenID Connect. It cannot be compared, and Truto does not say whether one is stored: it is sent with
  /// `rotate_secret` alone.
  connection_spec& client_secret(secret value) {
    client_secret_ = std::move(value);
    return *this;
  }
  /// @overload
  connection_spec& client_secret(std::string value) { return client_secret(secret{std::move(value)}); }
  connection_spec& client_secret(std::nullptr_t) = delete;
  /// Whether to send the secret; default: no.
  connection_spec& rotate_secret(bool rotate = true) {
    rotate_secret_ = rotate;
    return *this;
  }
  /// A domain that the connection should have; call it once for each. Others are left alone, and none is verified.
  connection_spec& domain(std::string name) {
    domains_.push_back(std::move(name));
    return *this;
  }

  /// @cond what was set
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

/// What has to be done to bring a connection to a state.
struct ensure_plan {
  sso::action action = sso::action::unchanged;  ///< what has to be done; a connection is never created
  std::vector<member_change> changes;   ///< members that will be written, domains as `domains.acme.example`
  std::optional<update_params> update;  ///< has the members that differ, and no others
  std::vector<std::string> domains;     ///< to be added
};

/// Compares what is there with what is wanted. Names of domains are compared without case.
/// Errors: `invalid_argument` naming the member of the spec that breaks a rule. A pure function.
[[nodiscard]] SSO_DECL result<ensure_plan> make_plan(const sso_connection& there,
                                                     const std::vector<truto::domain>& domains,
                                                     const connection_spec& wanted);

}  // namespace sso::truto

#if defined(SSO_HEADER_ONLY)
#include <sso/truto/impl/ensure.ipp>
#endif
