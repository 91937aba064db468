// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/client.hpp>
#include <sso/http/request.hpp>
#include <sso/http/response.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace service {

namespace asio = boost::asio;

/// The endpoints for an administrator of this service, to manage SSO of organizations at Keycard:
///
///     GET    /organizations/{id}/sso    shows the identity provider
///     PUT    /organizations/{id}/sso    {"identifier": ..., "client_id": ..., "client_secret": ...}; enables or changes
///     DELETE /organizations/{id}/sso    disables
///     GET    /healthz
///
/// It uses no sockets: requests and responses are values of the library, so a test can call it. It does not authenticate
/// callers; put it behind a proxy that does.
class admin {
public:
  /// All requests share `keycard`: its connections, its token and its retry budget. `deadline` bounds each request, with
  /// all its calls to Keycard.
  admin(sso::keycard::client keycard, std::chrono::milliseconds deadline);

  /// Responds to one request. Cancellation ends its calls to Keycard, and so the request.
  [[nodiscard]] asio::awaitable<sso::http::response> operator()(sso::http::request request) const;

private:
  sso::keycard::client keycard_;
  std::chrono::milliseconds deadline_;
};

}  // namespace service
