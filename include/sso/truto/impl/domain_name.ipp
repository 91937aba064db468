// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/error.hpp>
#include <sso/result.hpp>

#include <string_view>

namespace sso::truto::detail {

inline constexpr auto label_characters = sso::detail::alphanumeric_and("-");

inline bool is_label(std::string_view label) noexcept {
  return !label.empty() && label.size() <= 63 && !label.starts_with('-') && !label.ends_with('-') &&
         sso::detail::all_in(label, label_characters);
}

/// Checks a domain name: labels of letters, digits and hyphens, 253 characters at most (RFC 1123 §2.1). Other
/// scripts need A-labels (RFC 5890 §2.3.2.1), e.g. `xn--bcher-kva.example`.
inline result<void> check_domain(std::string_view domain) {
  if (domain.empty()) return invalid_argument("domain", "must not be empty");
  if (domain.size() > 253) return invalid_argument("domain", "must have at most 253 characters");
  for (std::string_view rest = domain;;) {
    const auto dot = rest.find('.');
    if (!is_label(rest.substr(0, dot))) {
      return invalid_argument("domain", "must consist of labels of 1 to 63 letters, digits and hyphens, "
                                        "other scripts as A-labels (RFC 1123 2.1)");
    }
    if (dot == std::string_view::npos) return {};
    rest.remove_prefix(dot + 1);
  }
}

}  // namespace sso::truto::detail
