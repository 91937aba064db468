// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <vector>

/// Names under `.test` resolve in this program as told here; `getaddrinfo` is replaced for that. Thread-safe.
namespace net_test {

/// The addresses that `name` has from now on, in order; none: it does not resolve.
void define_name(const std::string& name, std::vector<std::string> addresses);

/// While one lives, lookups of `name` do not return.
class stalled_name {
public:
  explicit stalled_name(std::string name);
  stalled_name(const stalled_name&) = delete;
  stalled_name& operator=(const stalled_name&) = delete;
  ~stalled_name();

private:
  std::string name_;
};

/// How often `name` has been looked up.
[[nodiscard]] int lookups_of(const std::string& name);

}  // namespace net_test
