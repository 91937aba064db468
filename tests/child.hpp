// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// Another program, run as a person or a shell would run it.
class child {
public:
  struct start {
    std::string program;
    std::vector<std::string> arguments;
    /// All of its environment.
    std::map<std::string, std::string> environment;
    std::string input;
    /// Its stderr is a terminal of 80 columns.
    bool terminal = false;
    /// Its stdin is a terminal; `input` is not used, but `type`.
    bool terminal_input = false;
    /// Its stdout is this file instead of what `until_out` and `wait` read.
    std::string output_file = {};
    /// It is started with SIGINT ignored.
    bool ignores_interrupt = false;
  };

  /// How it ended and what it wrote.
  struct ending {
    int status = -1;  ///< the exit code; 128 and the signal's number where a signal ended it
    std::string out;
    std::string err;
  };

  explicit child(const start& what);
  child(const child&) = delete;
  child& operator=(const child&) = delete;
  /// Kills it if it runs.
  ~child();

  /// Whether this machine has terminals to give.
  [[nodiscard]] static bool has_terminals();

  void signal(int number);
  /// Returns once a signal has stopped it, or it has written `instead` to stderr: nothing stops a program that no shell
  /// could continue. Throws after half a minute.
  void await_stop(std::string_view instead);
  /// Types a text on its terminal.
  void type(std::string_view text);
  /// Whether its terminal shows what is typed.
  [[nodiscard]] bool echoes() const;
  /// Returns once it has written `text` to stdout (or stderr); what it wrote until then. Throws if it ends without,
  /// or after half a minute.
  std::string until_out(std::string_view text);
  std::string until_err(std::string_view text);
  /// Waits for its end. Throws after half a minute.
  ending wait();

private:
  struct state;
  std::unique_ptr<state> state_;
};

/// Runs a program to its end.
child::ending run_program(const child::start& what);
