// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/error.hpp>

namespace ssoctl {

/// The exit codes. `exit_code_help` describes them.
enum exit_code : int {
  exit_ok = 0,
  exit_other = 1,
  exit_usage = 2,
  exit_credentials = 3,
  exit_not_found = 4,
  exit_refused = 5,
  exit_temporary = 6,
  exit_network = 7,
  exit_maybe_executed = 8,
  exit_not_verified = 9,
  exit_unhealthy = 10,
};

inline constexpr const char* exit_code_help =
    "Exit codes:\n"
    "  0    done\n"
    "  1    any other failure, such as a response that the API does not document\n"
    "  2    the command line, the environment or a parameter is wrong; nothing was sent\n"
    "  3    the credentials are rejected, or lack a permission\n"
    "  4    not found: the resource does not exist, or SSO is not enabled\n"
    "  5    refused: a conflict with the current state, or a value that the server rejects\n"
    "  6    the server is busy or broken: the same call may succeed later\n"
    "  7    no response: network, TLS or timeout\n"
    "  8    a change that may have been made: read the state before you try again\n"
    "  9    the domain is not verified\n"
    "  10   the doctor found an error: some or all users cannot sign in\n"
    "  130  interrupted (Ctrl-C); 143: terminated\n";

/// The exit code for a failed call.
[[nodiscard]] int exit_code_of(const sso::error& failed);

}  // namespace ssoctl
