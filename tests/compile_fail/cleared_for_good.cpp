// SPDX-License-Identifier: BSL-1.0
// Truto merges `config` and removes nothing from it.
// message: deleted.*issuer.*null_t
#include <sso/truto/params.hpp>

auto without_issuer() {
  return sso::truto::config_params{}.issuer(sso::null);
}
