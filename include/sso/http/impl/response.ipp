// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/response.hpp>
#include <sso/impl/error.ipp>

#include <memory>

namespace sso {

SSO_DECL error& error::with_response(const http::response& response) {
  constexpr std::size_t excerpt = 4096;
  auto& d = change();
  d.status = response.status;
  d.headers = std::make_shared<const http::headers>(response.headers);
  d.body = response.body.substr(0, excerpt);
  d.request_id = request_id_of(response.headers);
  return *this;
}

}  // namespace sso
