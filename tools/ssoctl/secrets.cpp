// SPDX-License-Identifier: BSL-1.0
#include "secrets.hpp"

#include "command.hpp"

#include <sso/detail/ascii.hpp>
#include <sso/detail/utf8.hpp>

#include <array>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <poll.h>
#include <string>
#include <string_view>
#include <termios.h>
#include <unistd.h>
#include <utility>

namespace ssoctl {
namespace {

// The signals that can end or suspend the program at the prompt.
constexpr std::array prompt_signals{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGALRM, SIGUSR1, SIGUSR2};

// Linux drops what is typed after that many bytes of a line.
constexpr std::size_t terminal_line_limit = 4095;

volatile std::sig_atomic_t caught = 0;

void remember(int signal) {
  caught = signal;
}

/// Turns off the echo of the terminal at stdin, and blocks the prompt's signals outside `read` unless they are ignored.
/// Restores both on destruction.
class silent_terminal {
public:
  explicit silent_terminal(const termios& before) : before_{before} {
    sigset_t waiting;
    ::sigemptyset(&waiting);
    struct sigaction note {};
    note.sa_handler = remember;
    for (std::size_t i = 0; i != prompt_signals.size(); ++i) {
      ::sigaction(prompt_signals[i], nullptr, &actions_[i]);
      if (actions_[i].sa_handler == SIG_IGN) continue;
      ::sigaddset(&waiting, prompt_signals[i]);
      ::sigaction(prompt_signals[i], &note, nullptr);
    }
    ::sigprocmask(SIG_BLOCK, &waiting, &mask_);
    auto silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  silent_terminal(const silent_terminal&) = delete;
  silent_terminal& operator=(const silent_terminal&) = delete;
  ~silent_terminal() {
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    for (std::size_t i = 0; i != prompt_signals.size(); ++i) {
      ::sigaction(prompt_signals[i], &actions_[i], nullptr);
    }
    ::sigprocmask(SIG_SETMASK, &mask_, nullptr);
  }

  /// Reads a line; false if a signal interrupted it.
  bool read(std::string& line) {
    for (;;) {
      pollfd in{STDIN_FILENO, POLLIN, 0};
      if (::ppoll(&in, 1, nullptr, &mask_) < 0) {
        if (caught != 0) return false;
        continue;
      }
      char next = 0;
      if (::read(STDIN_FILENO, &next, 1) != 1 || next == '\n') return true;
      line += next;
    }
  }

private:
  termios before_;
  std::array<struct sigaction, prompt_signals.size()> actions_{};
  sigset_t mask_{};
};

/// Prompts on the terminal for a line. A signal is raised again once the terminal is restored; if the program was only
/// suspended, the prompt is repeated.
std::string ask(const std::string& what, const termios& before) {
  for (;;) {
    std::string line;
    bool complete = false;
    {
      silent_terminal terminal{before};
      std::cerr << what << ": " << std::flush;
      complete = terminal.read(line);
    }
    std::cerr << '\n';
    if (complete && line.size() >= terminal_line_limit) {
      throw usage_error{"the terminal may have cut the " + what + ", at " +
                        std::to_string(terminal_line_limit) + " bytes; pass it through a pipe or a variable"};
    }
    if (complete) return line;
    const int signal = caught;
    caught = 0;
    ::raise(signal);
  }
}

/// Refuses a value that an editor or a file has changed. `place` names its source.
void check_secret(std::string_view value, const std::string& place) {
  if (value.starts_with(sso::detail::byte_order_mark))
    throw usage_error{place + " must not begin with a byte order mark"};
  if (sso::detail::has_control(value)) {
    throw usage_error{place + " must not have control characters, such as a line end"};
  }
}

}  // namespace

sso::secret secret_from_stdin(const std::string& what) {
  std::string line;
  termios before{};
  if (::isatty(STDIN_FILENO) == 1 && ::tcgetattr(STDIN_FILENO, &before) == 0) {
    line = ask(what, before);
  } else {
    std::getline(std::cin, line);
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  if (line.empty()) throw usage_error{"stdin has no " + what};
  check_secret(line, "the " + what + " from stdin");
  return sso::secret{std::move(line)};
}

sso::secret secret_from_environment(const std::string& name, const std::string& option) {
  const char* const value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0')
    throw usage_error{option + ": the environment variable is not set or empty"};
  check_secret(value, option + ": the environment variable " + name);
  return sso::secret{value};
}

std::string text_of_file(const std::string& name, std::string_view option) {
  const auto refuse = [&](const char* why) {
    throw usage_error{std::string{option}.append(": ").append(why)};
  };
  if (name.find_first_of("\r\n") != std::string::npos || name.find("-----BEGIN") != std::string::npos ||
      name.starts_with('<')) {
    refuse("holds the text, not the name of a file");
  }
  std::ifstream file;
  if (name != "-") file.open(name, std::ios::binary);
  std::istream& in = name == "-" ? std::cin : file;
  constexpr std::size_t limit = 1024 * 1024;
  std::string text(limit + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad() || (text.empty() && !in.eof())) refuse("cannot read the file");
  if (text.empty()) refuse("the file is empty");
  if (text.size() > limit) refuse("the file is larger than 1 MiB");
  return text;
}

}  // namespace ssoctl
