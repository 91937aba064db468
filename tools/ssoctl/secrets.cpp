// SPDX-License-Identifier: BSL-1.0
#include "secrets.hpp"

#include "command.hpp"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <termios.h>
#include <unistd.h>
#include <utility>

namespace ssoctl {
namespace {

/// While it lives, a terminal at stdin does not show what is typed.
class silent_terminal {
public:
  silent_terminal() {
    active_ = ::isatty(STDIN_FILENO) == 1 && ::tcgetattr(STDIN_FILENO, &before_) == 0;
    if (!active_) return;
    auto silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  silent_terminal(const silent_terminal&) = delete;
  silent_terminal& operator=(const silent_terminal&) = delete;
  ~silent_terminal() {
    if (!active_) return;
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    std::cerr << '\n';
  }
  [[nodiscard]] bool active() const { return active_; }

private:
  termios before_{};
  bool active_ = false;
};

}  // namespace

sso::secret secret_from_stdin(const std::string& what) {
  const silent_terminal terminal;
  if (terminal.active()) std::cerr << what << ": " << std::flush;
  std::string line;
  std::getline(std::cin, line);
  if (!line.empty() && line.back() == '\r') line.pop_back();
  if (line.empty()) throw usage_error{"stdin has no " + what};
  return sso::secret{std::move(line)};
}

sso::secret secret_from_environment(const std::string& name, const std::string& option) {
  const char* const value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0')
    throw usage_error{option + ": there is no environment variable of this name, or it is empty"};
  return sso::secret{value};
}

std::string text_of_file(const std::string& name) {
  std::ifstream file;
  if (name != "-") file.open(name, std::ios::binary);
  std::istream& in = name == "-" ? std::cin : file;
  std::string text{std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
  if (in.bad() || text.empty()) throw usage_error{"cannot read " + name + ", or it is empty"};
  return text;
}

}  // namespace ssoctl
