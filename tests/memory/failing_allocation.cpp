// SPDX-License-Identifier: BSL-1.0
#include "failing_allocation.hpp"

#include <cstddef>
#include <cstdlib>
#include <new>

namespace {

constexpr long none = -1;
thread_local long before_failure = none;

bool is_failing() noexcept {
  return before_failure != none && before_failure-- == 0;
}

}  // namespace

namespace memory_test {

failing_allocation::failing_allocation(long number) noexcept {
  before_failure = number;
}
failing_allocation::~failing_allocation() {
  before_failure = none;
}
bool failing_allocation::has_failed() const noexcept {
  return before_failure == none;
}

}  // namespace memory_test

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return is_failing() ? nullptr : std::malloc(size != 0 ? size : 1);
}
void* operator new(std::size_t size) {
  if (void* const memory = operator new(size, std::nothrow)) return memory;
  throw std::bad_alloc{};
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

void* operator new[](std::size_t size) {
  return operator new(size);
}
void operator delete[](void* memory) noexcept {
  operator delete(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  operator delete(memory);
}

// The linker replaces aligned_alloc by them.
extern "C" {
void* __real_aligned_alloc(std::size_t alignment, std::size_t size);  // NOLINT: the linker's names
void* __wrap_aligned_alloc(std::size_t alignment, std::size_t size);  // NOLINT

void* __wrap_aligned_alloc(std::size_t alignment, std::size_t size) {  // NOLINT
  return is_failing() ? nullptr : __real_aligned_alloc(alignment, size);
}
}
