// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/response.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace sso {

SSO_DECL result<boost::json::value> http_exchange::json() const {
  boost::system::error_code failed;
  auto value = boost::json::parse(body, failed);
  if (failed) {
    return error{errc::decode_failed, outcome::maybe_executed, "the body is not JSON", failed};
  }
  return value;
}

}  // namespace sso
