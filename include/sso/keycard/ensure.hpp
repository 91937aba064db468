// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/call_options.hpp>
#include <sso/ensure.hpp>
#include <sso/field.hpp>
#include <sso/keycard/params.hpp>
#include <sso/keycard/protocols_params.hpp>
#include <sso/keycard/sso_connection.hpp>
#include <sso/response.hpp>
#include <sso/result.hpp>
#include <sso/secret.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sso::keycard {

/// The desired state of a connection. Members that are not set are not compared.
class connection_spec {
public:
  /// `identifier`: 1 to 2048 characters, compared byte for byte.
  connection_spec(std::string client_id, std::string identifier)
      : client_id_{std::move(client_id)}, identifier_{std::move(identifier)} {}

  /// The client's secret. It cannot be compared. It is sent when the connection is created, when none is
  /// stored, and with `rotate_secret`.
  connection_spec& client_secret(secret value) {
    client_secret_ = std::move(value);
    return *this;
  }
  /// @overload
  connection_spec& client_secret(std::string value) { return client_secret(secret{std::move(value)}); }
  connection_spec& client_secret(std::nullptr_t) = delete;
  /// The identity provider's endpoints. Members that are not set are not compared; members that are null are
  /// removed. Lists are compared without regard to order.
  connection_spec& protocols(field<protocols_params> value) {
    protocols_ = std::move(value);
    return *this;
  }
  /// Whether to send the secret even if one is stored. Default: false.
  connection_spec& rotate_secret(bool rotate = true) {
    rotate_secret_ = rotate;
    return *this;
  }

  /// @cond getters of the members set
  [[nodiscard]] const std::string& client_id() const noexcept { return client_id_; }
  [[nodiscard]] const std::string& identifier() const noexcept { return identifier_; }
  [[nodiscard]] const std::optional<secret>& client_secret() const noexcept { return client_secret_; }
  [[nodiscard]] const field<protocols_params>& protocols() const noexcept { return protocols_; }
  [[nodiscard]] bool rotates_secret() const noexcept { return rotate_secret_; }
  /// @endcond

private:
  std::string client_id_;
  std::string identifier_;
  std::optional<secret> client_secret_;
  field<protocols_params> protocols_;
  bool rotate_secret_ = false;
};

/// The writes needed to bring a connection to the desired state.
struct ensure_plan {
  sso::action action = sso::action::unchanged;  ///< the needed action
  std::vector<member_change> changes;           ///< members to write
  std::optional<enable_params> enable;          ///< parameters to create it
  std::optional<update_params> update;          ///< parameters to update it; only members that differ
};

/// Compares `current` with the specification. `current` is empty if SSO is not enabled.
///
/// Errors: `invalid_argument` naming the invalid member of the specification. A pure function.
[[nodiscard]] SSO_DECL result<ensure_plan> make_plan(const std::optional<sso_connection>& current,
                                                     const connection_spec& wanted);

}  // namespace sso::keycard

#if defined(SSO_HEADER_ONLY)
#include <sso/keycard/impl/ensure.ipp>
#endif
