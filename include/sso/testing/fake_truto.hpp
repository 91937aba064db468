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

namespace sso::testing {

/// Truto's SSO-connection admin API in memory: connections, their domains, and DNS records of the domains.
///
///     sso::testing::fake_truto truto;
///     truto.add_connection().accept_token("token");
///     sso::testing::fake_transport network;
///     network.handle(truto);
///
/// Responds as the API does: 200, and 201 for a new domain; 400 for a body with invalid members or an id that
/// is not a UUID; 401 without a valid token; 404 for an unknown resource; 409 for an existing domain
/// (not documented by the API).
/// `config` is merged deeply, and `null` is refused. Secrets are never returned. Unknown members and headers
/// are ignored.
///
/// A handle: copies are the same service.
///
/// Thread safety: every member may be called from several threads at once.
class fake_truto {
public:
  /// The connection id of the API reference's examples.
  static constexpr std::string_view example_id = "1ba1f401-7183-47c5-9e39-e8e257e3c795";

  /// Uses the machine's clocks, also for DNS and rate limits.
  SSO_DECL fake_truto();
  /// Uses the clocks of `time`.
  SSO_DECL explicit fake_truto(manual_runtime time);

  /// Serves below `path`, e.g. `/v1`. Default: the root.
  SSO_DECL fake_truto& base_path(std::string_view path);

  /// Adds a connection, for `saml` and `oidc` with the example values of the API reference. Other protocols
  /// have an empty `config`. Precondition: `id` is a UUID.
  SSO_DECL fake_truto& add_connection(std::string_view id = example_id, std::string_view protocol = "oidc");
  /// Accepts an API token from now on.
  SSO_DECL fake_truto& accept_token(secret token);
  /// @overload
  fake_truto& accept_token(std::string_view token) { return accept_token(secret{token}); }
  /// Revokes every token.
  SSO_DECL fake_truto& revoke_tokens();

  /// Sets the values extracted from every received `idp_metadata_xml`. The document itself is neither parsed
  /// nor stored. Default: the example values of the API reference.
  SSO_DECL fake_truto& metadata(std::string entity_id, std::string sso_url, std::string certificate_pem);

  /// Publishes a TXT record, visible to `verify` after `after`. A domain may have several.
  SSO_DECL fake_truto& publish_txt(std::string_view domain, std::string value,
                                   std::chrono::steady_clock::duration after = {});
  /// Removes a domain's TXT records.
  SSO_DECL fake_truto& remove_txt(std::string_view domain);

  /// Sets the maximum page size of the list of domains. The list uses `limit` and `next_cursor`; a request's
  /// `limit` may be smaller. Zero (the default): only requests with a `limit` get pages.
  SSO_DECL fake_truto& page_size(std::size_t size);
  /// Allows `requests` requests per `window`, and sends `ratelimit-` headers. Further requests get 429, with
  /// `Retry-After` only if requested. Zero requests (the default): no limit and no such headers.
  SSO_DECL fake_truto& rate_limit(unsigned requests, std::chrono::seconds window, bool retry_after = false);
  /// Queues a failure. Each request consumes the first queued failure: it gets `status` and an error in the
  /// API's format, and has no other effect.
  SSO_DECL fake_truto& fail_next(unsigned status, http::headers headers = {});
  /// As above, with an arbitrary body.
  SSO_DECL fake_truto& fail_next(unsigned status, http::headers headers, std::string body);

  /// Fails every request with `status` and an error in the API's format, from `begins_in` from now on, for
  /// `lasts`. The requests have no other effect. Outages accumulate; queued failures are kept until they end.
  SSO_DECL fake_truto& outage(std::chrono::steady_clock::duration begins_in,
                              std::chrono::steady_clock::duration lasts, unsigned status = 503,
                              http::headers headers = {});

  /// Whether the connection has this OIDC client secret; for an empty one, whether it has none.
  [[nodiscard]] SSO_DECL bool has_client_secret(std::string_view id, std::string_view expected) const;

  /// Responds to one request; called by `fake_transport::handle` and `loopback_server`.
  [[nodiscard]] SSO_DECL http::response operator()(const http::request& request) const;

private:
  struct service;
  std::shared_ptr<service> service_;
};

}  // namespace sso::testing

#if defined(SSO_HEADER_ONLY)
#include <sso/testing/impl/fake_truto.ipp>
#endif
