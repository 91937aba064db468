// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/json/value.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ssoctl {

/// JSON that keeps the order of members and all digits of numbers.
struct json_text {
  /// The number's text.
  struct number {
    std::string digits;
  };
  using array = std::vector<json_text>;
  struct member;
  using object = std::vector<member>;

  /// Parses JSON. Throws `std::runtime_error` if it is invalid.
  [[nodiscard]] static json_text parse(std::string_view text);
  [[nodiscard]] static json_text from(const boost::json::value& value);

  /// The member of an object, the last one if it is repeated; null if there is none.
  [[nodiscard]] json_text* find(std::string_view name);

  std::variant<std::nullptr_t, bool, number, std::string, array, object> value;
};

struct json_text::member {
  std::string name;
  json_text held;
};

}  // namespace ssoctl
