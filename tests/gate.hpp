// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>

/// Blocks a server's thread until a test opens the gate. Initially open.
class gate {
public:
  void close() {
    const std::lock_guard lock{mutex_};
    open_ = false;
    arrived_ = 0;
  }
  void open() {
    const std::lock_guard lock{mutex_};
    open_ = true;
    ++openings_;
    changed_.notify_all();
  }

  /// For the server: blocks while the gate is closed.
  void pass() {
    std::unique_lock lock{mutex_};
    ++arrived_;
    changed_.notify_all();
    const auto before = openings_;
    changed_.wait(lock, [&] { return open_ || openings_ != before; });
  }

  /// For the test: returns once a request waits at the closed gate. Throws after half a minute.
  void await_arrival() {
    std::unique_lock lock{mutex_};
    if (!changed_.wait_for(lock, std::chrono::seconds{30}, [this] { return arrived_ != 0; })) {
      throw std::runtime_error{"nothing came to the gate"};
    }
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = true;
  int openings_ = 0;
  int arrived_ = 0;
};
