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

/// The endpoint through which an administrator of this service manages the SSO of organizations at Keycard:
///
///     GET    /organizations/{id}/sso    who the identity provider is
///     PUT    /organizations/{id}/sso    {"identifier": ..., "client_id": ..., "client_secret": ...}; enables or changes
///     DELETE /organizations/{id}/sso    disables
///     GET    /healthz
///
/// It knows nothing of sockets: requests and answers are plain values of the library, so that it can be tested by calling
/// it. Whoever can call it may do all of this; put it behind what keeps others out.
class admin {
public:
  /// All requests share `keycard`: its connections, its token and its retry budget. Each takes `deadline` at most, with
  /// everything that it asks of Keycard.
  admin(sso::keycard::client keycard, std::chrono::milliseconds deadline);

  /// Answers one request. Cancellation ends what is asked of Keycard, and thereby the request.
  [[nodiscard]] asio::awaitable<sso::http::response> operator()(sso::http::request request) const;

private:
  sso::keycard::client keycard_;
  std::chrono::milliseconds deadline_;
};

}  // namespace service
