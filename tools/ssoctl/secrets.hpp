// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/secret.hpp>

#include <string>

namespace ssoctl {

/// Reads the first line of stdin; on a terminal, prompts for `what` without an echo. Throws `usage_error` if it is empty.
[[nodiscard]] sso::secret secret_from_stdin(const std::string& what);

/// The value of an environment variable. Throws `usage_error` if it is not set or empty. The error names the option, not
/// the variable: the user may have passed the secret itself.
[[nodiscard]] sso::secret secret_from_environment(const std::string& name, const std::string& option);

/// The contents of a file; `-` is stdin. Throws `usage_error` if it cannot be read or is empty.
[[nodiscard]] std::string text_of_file(const std::string& name);

}  // namespace ssoctl
