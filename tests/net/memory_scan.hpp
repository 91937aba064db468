// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

namespace net_test {

/// The number of occurrences of `first` + `second` in the writable memory of this process. They are passed separately so
/// that the arguments do not count. Skips mappings above 64 MiB, which belong to sanitizers.
inline std::size_t count_in_memory(const std::string& first, const std::string& second) {
  const int memory = ::open("/proc/self/mem", O_RDONLY);
  std::ifstream maps{"/proc/self/maps"};
  std::size_t count = 0;
  std::vector<char> bytes;
  bytes.reserve(64 * 1024 * 1024);  // allocated now: the copy must not change the mappings
  for (std::string line; std::getline(maps, line);) {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    char dash = 0;
    std::string rights;
    std::istringstream{line} >> std::hex >> begin >> dash >> end >> rights;
    const auto own = reinterpret_cast<std::uintptr_t>(bytes.data());
    const auto size = end - begin;
    if (!rights.starts_with("rw") || size > bytes.capacity() || (begin <= own && own < end)) continue;
    bytes.resize(size);
    const auto n = ::pread(memory, bytes.data(), size, static_cast<off_t>(begin));
    if (n <= 0) continue;
    const std::boyer_moore_horspool_searcher search{first.begin(), first.end()};
    for (auto at = bytes.begin(); at != bytes.begin() + n;) {
      at = std::search(at, bytes.begin() + n, search);
      if (at == bytes.begin() + n) break;
      at += static_cast<std::ptrdiff_t>(first.size());
      const auto left = static_cast<std::size_t>(bytes.begin() + n - at);
      if (left >= second.size() && std::equal(second.begin(), second.end(), at)) ++count;
    }
  }
  ::close(memory);
  return count;
}

}  // namespace net_test
