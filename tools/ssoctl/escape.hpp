// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <string_view>

/// Escapes untrusted text: control characters (C0, DEL, C1), invalid UTF-8, Unicode line ends and characters that change
/// the writing direction.
namespace ssoctl {

/// For a terminal, as `\xNN` or `\u{N}`.
[[nodiscard]] std::string terminal_safe(std::string_view text);

/// A JSON string, in quotes. Invalid UTF-8 becomes the replacement character.
[[nodiscard]] std::string json_string(std::string_view text);

}  // namespace ssoctl
