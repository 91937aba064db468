// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <ostream>
#include <string_view>

namespace sso::http {

/// Request methods (RFC 9110 §9.3, RFC 5789 for PATCH).
enum class method : std::uint8_t { get, head, post, put, patch, delete_ };

/// The method as in a request line, e.g. `DELETE`.
[[nodiscard]] constexpr std::string_view to_string(method m) noexcept {
  switch (m) {
  case method::get: return "GET";
  case method::head: return "HEAD";
  case method::post: return "POST";
  case method::put: return "PUT";
  case method::patch: return "PATCH";
  case method::delete_: return "DELETE";
  }
  return "GET";
}

/// Writes `to_string(m)`.
inline std::ostream& operator<<(std::ostream& out, method m) {
  return out << to_string(m);
}

}  // namespace sso::http
