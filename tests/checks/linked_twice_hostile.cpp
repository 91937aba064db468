// SPDX-License-Identifier: BSL-1.0
#include "foreign_headers.hpp"

#define min(a, b) these_macros(a, b)
#define max(a, b) must_not_matter(a, b)
#define major(device) gnu_dev_major(device)
#define minor(device) gnu_dev_minor(device)
#define DELETE (0x00010000L)
#define ERROR 0

#include "all_headers_backwards.hpp"

const void* category_seen_by_the_other_file() {
  return &sso::error_category();
}
