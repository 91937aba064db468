// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// A child process, run as from a shell.
class child {
public:
  struct start {
    std::string program;
    std::vector<std::string> arguments;
    /// The complete environment.
    std::map<std::string, std::string> environment;
    std::string input;
    /// stderr is a terminal of 80 columns.
    bool terminal = false;
    /// stdin is a terminal; use `type` instead of `input`.
    bool terminal_input = false;
    /// stdout is this file; `until_out` and `wait` do not see it.
    std::string output_file = {};
    /// The program starts with SIGINT ignored.
    bool ignores_interrupt = false;
  };

  /// The exit status and the output.
  struct ending {
    int status = -1;  ///< the exit code, or 128 plus the signal's number
    std::string out;
    std::string err;
  };

  explicit child(const start& what);
  child(const child&) = delete;
  child& operator=(const child&) = delete;
  /// Kills the program if it runs.
  ~child();

  /// Whether the system has pseudo-terminals.
  [[nodiscard]] static bool has_terminals();

  void signal(int number);
  /// Waits until a signal has stopped the process, or the process has written `instead` to stderr: the system
  /// does not stop a process that no shell can continue. Throws after 30 s.
  void await_stop(std::string_view instead);
  /// Types text on its terminal.
  void type(std::string_view text);
  /// Whether its terminal echoes input.
  [[nodiscard]] bool echoes() const;
  /// Waits until it has written `text` to stdout (or stderr), and returns the output so far. Throws if it ends without
  /// that, or after half a minute.
  std::string until_out(std::string_view text);
  std::string until_err(std::string_view text);
  /// Waits for its end. Throws after half a minute.
  ending wait();

private:
  struct state;
  std::unique_ptr<state> state_;
};

/// Runs a program and waits for its end.
child::ending run_program(const child::start& what);
