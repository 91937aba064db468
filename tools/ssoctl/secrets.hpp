// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/secret.hpp>

#include <string>
#include <string_view>

namespace ssoctl {

/// Reads the first line of stdin; on a terminal, prompts for `what` without an echo. Throws `usage_error` if it is
/// empty, has a byte order mark or control characters, or reaches the terminal's limit of a line.
[[nodiscard]] sso::secret secret_from_stdin(const std::string& what);

/// The value of an environment variable. Throws `usage_error` if it is not set, empty, or has a byte order mark or
/// control characters. The error names a variable only if it is set: the user may have passed the secret itself.
[[nodiscard]] sso::secret secret_from_environment(const std::string& name, const std::string& option);

/// The contents of a file of at most 1 MiB; `-` is stdin. Throws `usage_error` if it is larger or empty, or cannot be
/// read. The error names the option, not the file: the user may have passed its text, which may be a private key.
[[nodiscard]] std::string text_of_file(const std::string& name, std::string_view option);

}  // namespace ssoctl
