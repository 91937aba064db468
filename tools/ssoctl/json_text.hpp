// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/json/value.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ssoctl {

/// JSON as it was sent: members in their order, numbers with their digits, however many there are.
struct json_text {
  /// As it was written.
  struct number {
    std::string digits;
  };
  using array = std::vector<json_text>;
  struct member;
  using object = std::vector<member>;

  /// Reads a text that the library has taken for JSON. Throws `std::runtime_error` where it is none.
  [[nodiscard]] static json_text parse(std::string_view text);
  [[nodiscard]] static json_text from(const boost::json::value& value);

  /// The member of an object; null where there is none.
  [[nodiscard]] json_text* find(std::string_view name);

  std::variant<std::nullptr_t, bool, number, std::string, array, object> value;
};

struct json_text::member {
  std::string name;
  json_text held;
};

}  // namespace ssoctl
