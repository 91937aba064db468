// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <string_view>

/// Foreign text that no terminal obeys and no reader takes for something else: control characters (C0, DEL, C1), bytes
/// that are no UTF-8, line ends of Unicode and characters that change the direction of writing are escaped.
namespace ssoctl {

/// Escaped as `\xNN` or `\u{N}`.
[[nodiscard]] std::string terminal_safe(std::string_view text);

/// A string as JSON has it, in quotes. What is no UTF-8 becomes the replacement character.
[[nodiscard]] std::string json_string(std::string_view text);

}  // namespace ssoctl
