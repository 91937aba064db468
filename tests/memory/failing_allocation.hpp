// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace memory_test {

/// During its lifetime, one allocation of this thread fails: that with index `number`, from 0. Counts `operator new` and
/// Asio's `aligned_alloc`, not OpenSSL's allocations.
class failing_allocation {
public:
  explicit failing_allocation(long number) noexcept;
  failing_allocation(const failing_allocation&) = delete;
  failing_allocation& operator=(const failing_allocation&) = delete;
  ~failing_allocation();

  /// Whether that many allocations happened.
  [[nodiscard]] bool has_failed() const noexcept;
};

}  // namespace memory_test
