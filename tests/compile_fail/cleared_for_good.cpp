// SPDX-License-Identifier: BSL-1.0
// Truto merges `config`, so its members cannot be cleared.
// message: deleted.*issuer.*null_t
#include <sso/truto/params.hpp>

auto without_issuer() {
  return sso::truto::config_params{}.issuer(sso::null);
}
