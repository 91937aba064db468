// SPDX-License-Identifier: BSL-1.0
// message: (deleted|use of deleted).*operator *<<.*secret
#include <sso/secret.hpp>

#include <iostream>

void log(const sso::secret& password) {
  std::cout << password;
}
