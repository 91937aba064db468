// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/retry_policy.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace sso::pipeline {

/// The client-wide retry budget. It prevents a retry storm during an outage. Thread-safe.
class retry_budget {
public:
  explicit retry_budget(const retry_policy& policy) noexcept
      : capacity_{static_cast<std::int64_t>(policy.budget) * unit},
        refill_{static_cast<std::int64_t>(policy.budget_refill * unit)},
        left_{capacity_} {}

  /// Takes one retry from the budget. Returns false if the budget is exhausted.
  [[nodiscard]] bool withdraw() noexcept {
    if (capacity_ == 0) return true;
    auto left = left_.load(std::memory_order_relaxed);
    while (left >= unit) {
      if (left_.compare_exchange_weak(left, left - unit, std::memory_order_relaxed)) return true;
    }
    return false;
  }

  /// Adds `budget_refill`, up to the capacity, after a call whose first attempt does not fail transiently.
  void deposit() noexcept {
    auto left = left_.load(std::memory_order_relaxed);
    while (left < capacity_) {
      if (left_.compare_exchange_weak(left, std::min(capacity_, left + refill_), std::memory_order_relaxed))
        return;
    }
  }

private:
  static constexpr std::int64_t unit = 1000;

  std::int64_t capacity_;
  std::int64_t refill_;
  std::atomic<std::int64_t> left_;
};

}  // namespace sso::pipeline
