// SPDX-License-Identifier: BSL-1.0
// Figures of the heap in a process that was started with heap_counter.so preloaded.
#pragma once

#include <dlfcn.h>

#include <cstdint>

namespace bench {

struct heap_figures {
  std::uint64_t allocations =
      0;  ///< calls of malloc, calloc, realloc and their kin, hence of operator new too
  std::uint64_t allocated_bytes = 0;  ///< what they asked for
  std::uint64_t live_bytes = 0;       ///< what is allocated now, as the allocator rounds it
};

using heap_counter = void(heap_figures*);

inline heap_counter* find_heap_counter() noexcept {
  return reinterpret_cast<heap_counter*>(dlsym(RTLD_DEFAULT, "bench_heap_counter"));
}

inline bool heap_is_counted() noexcept {
  return find_heap_counter() != nullptr;
}

/// All zero where nothing is counted.
inline heap_figures heap_now() noexcept {
  heap_figures out;
  if (auto* const counter = find_heap_counter()) counter(&out);
  return out;
}

}  // namespace bench
