// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace sso {

/// One page of a list.
template <class T>
struct page {
  std::vector<T> items;                    ///< in the server's order
  std::optional<std::string> next_cursor;  ///< cursor of the next page; empty on the last page

  friend bool operator==(const page&, const page&) = default;
};

}  // namespace sso
