// SPDX-License-Identifier: BSL-1.0
// Counts the allocations of a process: LD_PRELOAD=.../heap_counter.so PROGRAM
#include "heap.hpp"

#include <malloc.h>

#include <atomic>
#include <cerrno>
#include <cstddef>

namespace {

std::atomic<std::uint64_t> allocations;
std::atomic<std::uint64_t> allocated_bytes;
std::atomic<std::uint64_t> live_bytes;

void* count(void* block, std::size_t size) noexcept {
  if (block == nullptr) return nullptr;
  allocations.fetch_add(1, std::memory_order_relaxed);
  allocated_bytes.fetch_add(size, std::memory_order_relaxed);
  live_bytes.fetch_add(malloc_usable_size(block), std::memory_order_relaxed);
  return block;
}

void release(void* block) noexcept {
  if (block != nullptr) live_bytes.fetch_sub(malloc_usable_size(block), std::memory_order_relaxed);
}

}  // namespace

// The GNU C library's own functions, under which a replacement can call them.
extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* block);

void bench_heap_counter(bench::heap_figures* out) {
  *out = {allocations.load(), allocated_bytes.load(), live_bytes.load()};
}

void* malloc(std::size_t size) noexcept {
  return count(__libc_malloc(size), size);
}

void* calloc(std::size_t items, std::size_t size) noexcept {
  return count(__libc_calloc(items, size), items * size);
}

void* realloc(void* block, std::size_t size) noexcept {
  const auto before = block == nullptr ? 0 : malloc_usable_size(block);
  void* const moved = __libc_realloc(block, size);
  if (moved != nullptr || size == 0) live_bytes.fetch_sub(before, std::memory_order_relaxed);
  return count(moved, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  return count(__libc_memalign(alignment, size), size);
}

void* memalign(std::size_t alignment, std::size_t size) noexcept {
  return count(__libc_memalign(alignment, size), size);
}

int posix_memalign(void** out, std::size_t alignment, std::size_t size) noexcept {
  void* const block = count(__libc_memalign(alignment, size), size);
  if (block == nullptr) return ENOMEM;
  *out = block;
  return 0;
}

void free(void* block) noexcept {
  release(block);
  __libc_free(block);
}
}
