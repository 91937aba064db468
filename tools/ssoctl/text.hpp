// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "action.hpp"

#include <string>

/// What commands gave, as it is printed: one line of JSON without its end, or text for people. Secrets have been taken out.
namespace ssoctl {

[[nodiscard]] std::string json_of(const json_text& sent);
[[nodiscard]] std::string json_of(const domain_list& list);
[[nodiscard]] std::string json_of(const ensure_outcome& outcome);
[[nodiscard]] std::string json_of(const sso::doctor::report& report);

[[nodiscard]] std::string text_of(const json_text& sent);
[[nodiscard]] std::string text_of(const domain_list& list);
[[nodiscard]] std::string text_of(const ensure_outcome& outcome);
[[nodiscard]] std::string text_of(const sso::doctor::report& report);

}  // namespace ssoctl
