// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/headers.hpp>
#include <sso/http/request.hpp>
#include <sso/http/response.hpp>
#include <sso/secret.hpp>
#include <sso/testing/manual_runtime.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace sso::testing {

/// Keycard in memory: organizations, their SSO connections and the token endpoint.
///
///     sso::testing::fake_keycard keycard;
///     keycard.add_organization("acme").add_client("id", "secret");
///     sso::testing::fake_transport network;
///     network.handle(keycard);
///
/// Responds as the API does: 200, 201 and 204 for successes; 400 for an unknown request; 401 without a valid
/// token; 404 for an unknown organization or if SSO is not enabled; 409 if it is already enabled; 422 for a
/// body with missing or invalid members. The secret of a connection is never returned; `client_secret_set`
/// is. Unknown members, headers and values of `expand` are ignored.
///
/// A handle: copies are the same service.
///
/// Thread safety: every member may be called from several threads at once.
class fake_keycard {
public:
  /// Uses the machine's clock for the expiry of tokens.
  SSO_DECL fake_keycard();
  /// Uses the clocks of `time` for the expiry of tokens and for timestamps.
  SSO_DECL explicit fake_keycard(manual_runtime time);

  /// Serves below `path`, e.g. `/v1`. Default: the root.
  SSO_DECL fake_keycard& base_path(std::string_view path);

  /// Adds an organization without SSO. Requests refer to it by id or label.
  SSO_DECL fake_keycard& add_organization(std::string id = "acme", std::string label = {});
  /// Enables SSO for an organization; adds the organization if it does not exist.
  SSO_DECL fake_keycard& add_connection(std::string_view organization_id,
                                        std::string client_id = "sso-client",
                                        std::string identifier = "https://idp.example.com");

  /// Adds or replaces a service account for token requests. Accepts its id and secret in HTTP Basic both
  /// unchanged and form-encoded.
  SSO_DECL fake_keycard& add_client(std::string id = "client",
                                    secret client_secret = secret{"client-secret"});
  /// @overload
  fake_keycard& add_client(std::string id, std::string_view client_secret) {
    return add_client(std::move(id), secret{client_secret});
  }
  /// Accepts `token` from now on. It does not expire.
  SSO_DECL fake_keycard& accept_token(secret token);
  /// @overload
  fake_keycard& accept_token(std::string_view token) { return accept_token(secret{token}); }

  /// Sets the lifetime of tokens issued from now on. Default: one hour.
  SSO_DECL fake_keycard& token_lifetime(std::chrono::seconds life);
  /// Expires every token issued so far.
  SSO_DECL fake_keycard& expire_tokens();
  /// Revokes every token issued or accepted so far.
  SSO_DECL fake_keycard& revoke_tokens();
  /// Number of tokens issued.
  [[nodiscard]] SSO_DECL std::size_t tokens_issued() const;

  /// Queues a failure: the next request to the API without an earlier queued failure gets `status` and an
  /// error in the API's format. The request has no other effect.
  SSO_DECL fake_keycard& fail_next(unsigned status, http::headers headers = {});
  /// As above, with an arbitrary body.
  SSO_DECL fake_keycard& fail_next(unsigned status, http::headers headers, std::string body);
  /// Queues a failure for the token endpoint, with an error in OAuth format.
  SSO_DECL fake_keycard& fail_next_token(unsigned status, http::headers headers = {});
  /// As above, with an arbitrary body.
  SSO_DECL fake_keycard& fail_next_token(unsigned status, http::headers headers, std::string body);

  /// Fails every request with `status` and an error in the API's format, from `begins_in` from now on, for
  /// `lasts`. The requests have no other effect. Outages accumulate; queued failures are kept until they end.
  SSO_DECL fake_keycard& outage(std::chrono::steady_clock::duration begins_in,
                                std::chrono::steady_clock::duration lasts, unsigned status = 503,
                                http::headers headers = {});

  /// Whether SSO is enabled for the organization.
  [[nodiscard]] SSO_DECL bool enabled(std::string_view organization_id) const;
  /// Whether the organization's connection has this secret; for an empty one, whether it has none.
  [[nodiscard]] SSO_DECL bool has_client_secret(std::string_view organization_id,
                                                std::string_view expected) const;

  /// Responds to one request; called by `fake_transport::handle` and `loopback_server`.
  [[nodiscard]] SSO_DECL http::response operator()(const http::request& request) const;

private:
  struct service;
  std::shared_ptr<service> service_;
};

}  // namespace sso::testing

#if defined(SSO_HEADER_ONLY)
#include <sso/testing/impl/fake_keycard.ipp>
#endif
