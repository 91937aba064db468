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

/// Truto's SSO-connection admin API in memory: connections, their domains, and the DNS that proves those.
///
///     sso::testing::fake_truto truto;
///     truto.add_connection().accept_token("token");
///     sso::testing::fake_transport network;
///     network.handle(truto);
///
/// Answers as the API does: 200, and 201 to a new domain; 400 for a body with wrong members and an id that is
/// no UUID; 401 without a valid token; 404; 409 for a domain that is there already. `config` is merged deeply
/// and `null` is refused. Secrets never come back out. Members and headers that it does not know, it ignores.
///
/// A handle: copies are the same service. Thread safety: every member may be called from several threads at
/// once.
class fake_truto {
public:
  /// The connection of the reference's examples.
  static constexpr std::string_view example_id = "1ba1f401-7183-47c5-9e39-e8e257e3c795";

  /// Time, of DNS and rate limits too, is the machine's.
  SSO_DECL fake_truto();
  /// Time is that of `time`.
  SSO_DECL explicit fake_truto(manual_runtime time);

  /// Serves below `path`, e.g. `/v1`; initially at the root.
  SSO_DECL fake_truto& base_path(std::string_view path);

  /// Adds a connection with the example values of the reference for `saml` or `oidc`; another protocol has an
  /// empty `config`. Precondition: `id` is a UUID.
  SSO_DECL fake_truto& add_connection(std::string_view id = example_id, std::string_view protocol = "oidc");
  /// Accepts an API token from now on.
  SSO_DECL fake_truto& accept_token(secret token);
  /// @overload
  fake_truto& accept_token(std::string_view token) { return accept_token(secret{token}); }
  /// Forgets every token.
  SSO_DECL fake_truto& revoke_tokens();

  /// What the service reads out of every `idp_metadata_xml` it is sent; the document itself it discards, as
  /// the API does, without a look. Initially the example values of the reference.
  SSO_DECL fake_truto& metadata(std::string entity_id, std::string sso_url, std::string certificate_pem);

  /// Publishes a TXT record, which `verify` sees once `after` has passed. A domain may have several.
  SSO_DECL fake_truto& publish_txt(std::string_view domain, std::string value,
                                   std::chrono::steady_clock::duration after = {});
  /// Removes a domain's TXT records.
  SSO_DECL fake_truto& remove_txt(std::string_view domain);

  /// Answers the list of domains in pages of at most `size`, with `limit` and `next_cursor`; a request's own
  /// `limit` may ask for less. Initially, and for 0, pages are made only where a request asks for them.
  SSO_DECL fake_truto& page_size(std::size_t size);
  /// Allows so many requests per window, says so in `ratelimit-` headers, and answers 429 beyond, with
  /// `Retry-After` only if told to. Initially, and for 0 requests, there is no limit and there are no such
  /// headers.
  SSO_DECL fake_truto& rate_limit(unsigned requests, std::chrono::seconds window, bool retry_after = false);
  /// Answers one request, the next that has no failure queued before it, with this status and an error in the
  /// API's form, and does nothing else for it.
  SSO_DECL fake_truto& fail_next(unsigned status, http::headers headers = {});
  /// The same with a body of any kind.
  SSO_DECL fake_truto& fail_next(unsigned status, http::headers headers, std::string body);

  /// Answers every request with `status` and an error in the API's form, and does nothing else for it, from
  /// `begins_in` from now on until `lasts` later. Outages add up; queued failures wait for their end.
  SSO_DECL fake_truto& outage(std::chrono::steady_clock::duration begins_in,
                              std::chrono::steady_clock::duration lasts, unsigned status = 503,
                              http::headers headers = {});

  /// Whether the connection has this OIDC client secret; an empty one asks whether it has none.
  [[nodiscard]] SSO_DECL bool has_client_secret(std::string_view id, std::string_view expected) const;

  /// Answers one request; what `fake_transport::handle` and `loopback_server` call.
  [[nodiscard]] SSO_DECL http::response operator()(const http::request& request) const;

private:
  struct service;
  std::shared_ptr<service> service_;
};

}  // namespace sso::testing

#if defined(SSO_HEADER_ONLY)
#include <sso/testing/impl/fake_truto.ipp>
#endif
