// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace memory_test {

/// While one lives, the allocation of this thread numbered `number` from 0 fails, and no other: `operator new`, and
/// the `aligned_alloc` that Asio uses. OpenSSL's do not.
class failing_allocation {
public:
  explicit failing_allocation(long number) noexcept;
  failing_allocation(const failing_allocation&) = delete;
  failing_allocation& operator=(const failing_allocation&) = delete;
  ~failing_allocation();

  /// Whether there were as many.
  [[nodiscard]] bool has_failed() const noexcept;
};

}  // namespace memory_test
