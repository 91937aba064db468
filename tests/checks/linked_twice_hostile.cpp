// SPDX-License-Identifier: BSL-1.0
#include "foreign_headers.hpp"

#define min(a, b) these_macros(a, b)
#define max(a, b) must_not_matter(a, b)
#define DELETE (0x00010000L)
#define ERROR 0
#define NO_ERROR 0L
#define IGNORE 0
#define IN
#define OUT
#define interface struct
#define near
#define far
#define small char
#define major(dev) gnu_dev_major(dev)
#define minor(dev) gnu_dev_minor(dev)

#include "all_headers.hpp"

const void* category_seen_by_the_other_file() {
  return &sso::error_category();
}
