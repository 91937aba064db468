// SPDX-License-Identifier: BSL-1.0
#include "heap.hpp"

#include <cstddef>
#include <cstdlib>
#include <new>
#include <string_view>

#include <malloc.h>

namespace {

constexpr long none = -1;
thread_local long before_failure = none;

thread_local std::string_view sought;
thread_local bool found = false;

void look_into(void* memory) noexcept {
  if (sought.empty()) return;
  const std::string_view freed{static_cast<const char*>(memory), ::malloc_usable_size(memory)};
  if (freed.find(sought) != std::string_view::npos) found = true;
}

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

freed_text::freed_text(std::string_view text) noexcept {
  sought = text;
  found = false;
}
freed_text::~freed_text() {
  sought = {};
}
bool freed_text::was_found() const noexcept {
  return found;
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
  look_into(memory);
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  operator delete(memory);
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
