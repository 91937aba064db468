// SPDX-License-Identifier: BSL-1.0
#include "child.hpp"

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <fcntl.h>
#include <mutex>
#include <pty.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <system_error>
#include <termios.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace {

constexpr std::chrono::seconds patience{30};

void check(int error, const char* what) {
  if (error != 0) throw std::system_error{error, std::generic_category(), what};
}

/// A file descriptor that is not inherited.
class descriptor {
public:
  descriptor() = default;
  explicit descriptor(int fd) : fd_{fd} {}
  descriptor(descriptor&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~descriptor() { close(); }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  [[nodiscard]] int get() const { return fd_; }

private:
  int fd_ = -1;
};

struct both_ends {
  descriptor read;
  descriptor write;
};

both_ends make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) check(errno, "pipe2");
  return {descriptor{ends[0]}, descriptor{ends[1]}};
}

both_ends make_terminal() {
  winsize size{24, 80, 0, 0};
  int ours = -1;
  int theirs = -1;
  if (::openpty(&ours, &theirs, nullptr, nullptr, &size) != 0) check(errno, "openpty");
  ::fcntl(ours, F_SETFD, FD_CLOEXEC);
  ::fcntl(theirs, F_SETFD, FD_CLOEXEC);
  return {descriptor{ours}, descriptor{theirs}};
}

/// Reads a file descriptor on its own thread.
class collector {
public:
  explicit collector(descriptor from) : from_{std::move(from)}, thread_{[this] { collect(); }} {}
  ~collector() {
    if (thread_.joinable()) thread_.join();
  }

  std::string until(std::string_view text) {
    std::unique_lock lock{mutex_};
    const bool came =
        changed_.wait_for(lock, patience, [&] { return ended_ || text_.find(text) != text_.npos; });
    if (!came || text_.find(text) == text_.npos) {
      throw std::runtime_error{"'" + std::string{text} + "' was not written, but: " + text_};
    }
    return text_;
  }
  std::string so_far() {
    const std::lock_guard lock{mutex_};
    return text_;
  }
  std::string all() {
    std::unique_lock lock{mutex_};
    if (!changed_.wait_for(lock, patience, [&] { return ended_; }))
      throw std::runtime_error{"no end of: " + text_};
    return text_;
  }

private:
  void collect() {
    char buffer[4096];
    for (;;) {
      const auto size = ::read(from_.get(), buffer, sizeof buffer);
      if (size < 0 && errno == EINTR) continue;
      const std::lock_guard lock{mutex_};
      ended_ = size <= 0;  // a closed terminal gives an error
      if (!ended_) text_.append(buffer, static_cast<std::size_t>(size));
      changed_.notify_all();
      if (ended_) return;
    }
  }

  descriptor from_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string text_;
  bool ended_ = false;
  std::thread thread_;  // last: it uses the other members
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& one : texts) out.push_back(one.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

struct child::state {
  pid_t pid = -1;
  both_ends terminal;  // the program's stdin; `read` is its end
  std::unique_ptr<collector> out;
  std::unique_ptr<collector> err;

  /// The status from `waitpid`; -1 if it still runs after a while.
  int reap() {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    int status = 0;
    // Its pipes are closed, so it is about to exit.
    while (::waitpid(pid, &status, WNOHANG) == 0) {
      if (std::chrono::steady_clock::now() > deadline) return -1;
      std::this_thread::yield();
    }
    pid = -1;
    return status;
  }
};

child::child(const start& what) : state_{std::make_unique<state>()} {
  auto in = what.terminal_input ? make_terminal() : make_pipe();
  if (what.terminal_input) std::swap(in.read, in.write);  // the program's end is used for both
  auto out = make_pipe();
  if (!what.output_file.empty()) {
    out.write = descriptor{::open(what.output_file.c_str(), O_WRONLY | O_CLOEXEC)};
    if (out.write.get() < 0) check(errno, what.output_file.c_str());
  }
  auto err = what.terminal ? make_terminal() : make_pipe();

  std::vector<std::string> arguments{what.program};
  arguments.insert(arguments.end(), what.arguments.begin(), what.arguments.end());
  std::vector<std::string> environment;
  for (const auto& [name, value] : what.environment) environment.push_back(name + '=' + value);

  posix_spawn_file_actions_t files;
  check(::posix_spawn_file_actions_init(&files), "posix_spawn_file_actions_init");
  ::posix_spawn_file_actions_adddup2(&files, in.read.get(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&files, out.write.get(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&files, err.write.get(), STDERR_FILENO);
  // An ignored signal stays ignored in the program.
  const auto interrupt = what.ignores_interrupt ? std::signal(SIGINT, SIG_IGN) : SIG_ERR;
  const int failed = ::posix_spawn(&state_->pid, what.program.c_str(), &files, nullptr,
                                   pointers(arguments).data(), pointers(environment).data());
  if (interrupt != SIG_ERR) std::signal(SIGINT, interrupt);
  ::posix_spawn_file_actions_destroy(&files);
  check(failed, what.program.c_str());

  if (what.terminal_input) {
    state_->terminal = std::move(in);
  } else {
    in.read.close();
  }
  out.write.close();
  err.write.close();
  state_->out = std::make_unique<collector>(std::move(out.read));
  state_->err = std::make_unique<collector>(std::move(err.read));
  if (what.terminal_input) return;
  // Fits into a pipe. Fails if the program has already exited.
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  const auto written = ::write(in.write.get(), what.input.data(), what.input.size());
  std::signal(SIGPIPE, before);
  if (written != static_cast<ssize_t>(what.input.size()) && errno != EPIPE) check(errno, "write");
}

child::~child() {
  if (state_->pid < 0) return;
  ::kill(state_->pid, SIGKILL);
  ::waitpid(state_->pid, nullptr, 0);
}

void child::signal(int number) {
  if (::kill(state_->pid, number) != 0) check(errno, "kill");
}

bool child::has_terminals() {
  int ours = -1;
  int theirs = -1;
  if (::openpty(&ours, &theirs, nullptr, nullptr, nullptr) != 0) return false;
  ::close(ours);
  ::close(theirs);
  return true;
}

void child::await_stop(std::string_view instead) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < deadline) {
    siginfo_t seen{};
    const auto pid = static_cast<id_t>(state_->pid);
    if (::waitid(P_PID, pid, &seen, WSTOPPED | WNOHANG | WNOWAIT) == 0 && seen.si_pid == state_->pid) return;
    if (state_->err->so_far().find(instead) != std::string::npos) return;
    std::this_thread::yield();
  }
  throw std::runtime_error{"the program is not stopped"};
}

void child::type(std::string_view text) {
  const auto written = ::write(state_->terminal.write.get(), text.data(), text.size());
  if (written != static_cast<ssize_t>(text.size())) check(errno, "write");
}

bool child::echoes() const {
  termios settings{};
  if (::tcgetattr(state_->terminal.read.get(), &settings) != 0) check(errno, "tcgetattr");
  return (settings.c_lflag & ECHO) != 0;
}

std::string child::until_out(std::string_view text) {
  return state_->out->until(text);
}
std::string child::until_err(std::string_view text) {
  return state_->err->until(text);
}

child::ending child::wait() {
  ending how;
  how.out = state_->out->all();
  how.err = state_->err->all();
  const int status = state_->reap();
  if (status == -1) throw std::runtime_error{"the program does not end"};
  how.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return how;
}

child::ending run_program(const child::start& what) {
  return child{what}.wait();
}
