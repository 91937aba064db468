// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "command.hpp"

#include <optional>

namespace ssoctl {

/// Reads the command line, and the secrets and files that it names. Empty if it printed the help or the version. Throws
/// `usage_error`.
[[nodiscard]] std::optional<command> read_arguments(int argc, char* argv[]);

}  // namespace ssoctl
