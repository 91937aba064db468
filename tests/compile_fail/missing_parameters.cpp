// SPDX-License-Identifier: BSL-1.0
// Enabling SSO requires a client id and an identifier.
// message: no matching (function|constructor).*enable_params
#include <sso/keycard/params.hpp>

sso::keycard::enable_params without_identifier() {
  return sso::keycard::enable_params{"client"};
}
