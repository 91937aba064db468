// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

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

/// During its lifetime, looks for a text in the memory that this thread frees with `operator delete`. One at a time.
class freed_text {
public:
  /// `text` must outlive the object.
  explicit freed_text(std::string_view text) noexcept;
  freed_text(const freed_text&) = delete;
  freed_text& operator=(const freed_text&) = delete;
  ~freed_text();

  [[nodiscard]] bool was_found() const noexcept;
};

}  // namespace memory_test
