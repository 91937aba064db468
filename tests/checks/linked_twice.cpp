// SPDX-License-Identifier: BSL-1.0
#include "all_headers.hpp"

#include <cstdio>

const void* category_seen_by_the_other_file();

int main() {
  const bool one = category_seen_by_the_other_file() == &sso::error_category();
  if (!one) std::fputs("the two files see two error categories\n", stderr);
  return one ? 0 : 1;
}
