// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "action.hpp"

#include <string>

/// Formats a command's output, already without secrets: as one line of JSON without the line end, or as text.
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
