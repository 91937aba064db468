// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/limits.hpp>
#include <sso/http/request.hpp>
#include <sso/http/response.hpp>
#include <sso/result.hpp>

#include <boost/asio/awaitable.hpp>

namespace bench {

/// A transport that responds at once, without the executor and without a record, to measure the layers above it.
class instant_transport {
public:
  using responder = sso::http::response (*)(const sso::http::request&);

  explicit instant_transport(responder respond) : respond_{respond} {}

  [[nodiscard]] boost::asio::awaitable<sso::result<sso::http::response>>
  send(const sso::http::request& request, sso::http::limits) const {
    return exchange(respond_, request);
  }

private:
  static boost::asio::awaitable<sso::result<sso::http::response>>
  exchange(responder respond, const sso::http::request& request) {
    co_return respond(request);
  }

  responder respond_;
};

}  // namespace bench
