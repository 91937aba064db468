// SPDX-License-Identifier: BSL-1.0
// Heap figures of a process with heap_counter.so preloaded.
#pragma once

#include <dlfcn.h>

#include <cstdint>

namespace bench {

struct heap_figures {
  std::uint64_t allocations = 0;  ///< calls of malloc, calloc, realloc and similar, including operator new
  std::uint64_t allocated_bytes = 0;  ///< the requested bytes
  std::uint64_t live_bytes = 0;       ///< the bytes in use, as rounded by the allocator
};

using heap_counter = void(heap_figures*);

inline heap_counter* find_heap_counter() noexcept {
  return reinterpret_cast<heap_counter*>(dlsym(RTLD_DEFAULT, "bench_heap_counter"));
}

inline bool heap_is_counted() noexcept {
  return find_heap_counter() != nullptr;
}

/// All zero if heap_counter.so is not loaded.
inline heap_figures heap_now() noexcept {
  heap_figures out;
  if (auto* const counter = find_heap_counter()) counter(&out);
  return out;
}

}  // namespace bench
