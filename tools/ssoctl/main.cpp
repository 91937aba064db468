// SPDX-License-Identifier: BSL-1.0
// ssoctl: SSO connections at Keycard and Truto from a shell; see `ssoctl --help`.
#include "arguments.hpp"
#include "escape.hpp"
#include "exit_code.hpp"
#include "printer.hpp"
#include "run.hpp"

#include <algorithm>
#include <csignal>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>

namespace {

using namespace ssoctl;

int run(int argc, char* argv[]) {
  const auto given = read_arguments(argc, argv);
  if (!given) {
    write(std::cout, "");  // fails if the help could not be printed
    return exit_ok;
  }
  const redaction secrets{given->secrets};
  try {
    return run(*given, secrets);
  } catch (const sso::exception& e) {  // invalid options or credentials
    printer{given->common, secrets}.print(e.error(), exit_usage);
    return exit_usage;
  }
}

/// Reports an invalid command line; as JSON if it has `--json`.
int refuse(const usage_error& e, int argc, char* argv[]) {
  common_options common;
  common.json =
      std::any_of(argv, argv + argc, [](const char* word) { return std::string_view{word} == "--json"; });
  if (common.json) {
    const sso::error refused{sso::errc::invalid_argument, sso::outcome::not_sent, e.what()};
    printer{common, redaction{{}}}.print(refused, exit_usage);
  } else {
    std::cerr << "ssoctl: " << terminal_safe(e.what()) << "\nTry ssoctl --help.\n";
  }
  return exit_usage;
}

}  // namespace

int main(int argc, char* argv[]) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed stdout is an error that says whether something was changed
  try {
    try {
      return run(argc, argv);
    } catch (const usage_error& e) {
      return refuse(e, argc, argv);
    }
  } catch (const std::exception& e) {
    std::cerr << "ssoctl: " << terminal_safe(e.what()) << '\n';
    return exit_other;
  }
}
