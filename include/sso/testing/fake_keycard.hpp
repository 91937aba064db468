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

/// Keycard in memory: organizations, their SSO connections, and the token endpoint.
///
///     sso::testing::fake_keycard keycard;
///     keycard.add_organization("acme").add_client("id", "secret");
///     sso::testing::fake_transport network;
///     network.handle(keycard);
///
/// Answers as the API does: 200, 201 and 204; 400 for what is no request of the API; 401 without a valid
/// token; 404 for an unknown organization and where SSO is not enabled; 409 where it is already; 422 for a
/// body with members missing or wrong. The secret of a connection never comes back out, `client_secret_set`
/// does. Members, headers and values of `expand` that it does not know, it ignores.
///
/// A handle: copies are the same service. Thread safety: every member may be called from several threads at
/// once.
class fake_keycard {
public:
  /// Tokens expire on the machine's clock.
  SSO_DECL fake_keycard();
  /// Tokens expire, and times are stamped, on the clocks of `time`.
  SSO_DECL explicit fake_keycard(manual_runtime time);

  /// Serves below `path`, e.g. `/v1`; initially at the root.
  SSO_DECL fake_keycard& base_path(std::string_view path);

  /// Adds an organization without SSO, to be named by its id or by its label.
  SSO_DECL fake_keycard& add_organization(std::string id = "acme", std::string label = {});
  /// Enables SSO for an organization, adding that if it is new.
  SSO_DECL fake_keycard& add_connection(std::string_view organization_id,
                                        std::string client_id = "sso-client",
                                        std::string identifier = "https://idp.example.com");

  /// Adds or replaces a service account that may ask for tokens, with its id and secret in HTTP Basic either
  /// as they are or form-encoded.
  SSO_DECL fake_keycard& add_client(std::string id = "client",
                                    secret client_secret = secret{"client-secret"});
  /// @overload
  fake_keycard& add_client(std::string id, std::string_view client_secret) {
    return add_client(std::move(id), secret{client_secret});
  }
  /// Accepts `token` from now on, as one issued elsewhere that does not expire.
  SSO_DECL fake_keycard& accept_token(secret token);
  /// @overload
  fake_keycard& accept_token(std::string_view token) { return accept_token(secret{token}); }

  /// The lifetime of tokens issued from now on; initially an hour.
  SSO_DECL fake_keycard& token_lifetime(std::chrono::seconds life);
  /// Ends the lifetime of every token issued so far.
  SSO_DECL fake_keycard& expire_tokens();
  /// Forgets every token issued or accepted so far.
  SSO_DECL fake_keycard& revoke_tokens();
  /// How many tokens were issued.
  [[nodiscard]] SSO_DECL std::size_t tokens_issued() const;

  /// Answers one request to the API, the next that has no failure queued before it, with this status and an
  /// error in the API's form, and does nothing else for it.
  SSO_DECL fake_keycard& fail_next(unsigned status, http::headers headers = {});
  /// The same with a body of any kind.
  SSO_DECL fake_keycard& fail_next(unsigned status, http::headers headers, std::string body);
  /// The same for requests to the token endpoint; the error is then in the form of OAuth.
  SSO_DECL fake_keycard& fail_next_token(unsigned status, http::headers headers = {});
  /// The same with a body of any kind.
  SSO_DECL fake_keycard& fail_next_token(unsigned status, http::headers headers, std::string body);

  /// Answers every request with `status` and an error in the API's form, and does nothing else for it, from
  /// `begins_in` from now on until `lasts` later. Outages add up; queued failures wait for their end.
  SSO_DECL fake_keycard& outage(std::chrono::steady_clock::duration begins_in,
                                std::chrono::steady_clock::duration lasts, unsigned status = 503,
                                http::headers headers = {});

  /// Whether SSO is enabled for the organization.
  [[nodiscard]] SSO_DECL bool enabled(std::string_view organization_id) const;
  /// Whether the organization's connection has this secret; an empty one asks whether it has none.
  [[nodiscard]] SSO_DECL bool has_client_secret(std::string_view organization_id,
                                                std::string_view expected) const;

  /// Answers one request; what `fake_transport::handle` and `loopback_server` call.
  [[nodiscard]] SSO_DECL http::response operator()(const http::request& request) const;

private:
  struct service;
  std::shared_ptr<service> service_;
};

}  // namespace sso::testing

#if defined(SSO_HEADER_ONLY)
#include <sso/testing/impl/fake_keycard.ipp>
#endif
