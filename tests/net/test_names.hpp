// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <vector>

/// Defines names under `.test` for this program, by a replacement of `getaddrinfo`. Thread-safe.
namespace net_test {

/// Sets the addresses of `name`, in order; empty: it does not resolve.
void define_name(const std::string& name, std::vector<std::string> addresses);

/// Lookups of `name` do not return during its lifetime.
class stalled_name {
public:
  explicit stalled_name(std::string name);
  stalled_name(const stalled_name&) = delete;
  stalled_name& operator=(const stalled_name&) = delete;
  ~stalled_name();

private:
  std::string name_;
};

/// The number of lookups of `name`.
[[nodiscard]] int lookups_of(const std::string& name);

}  // namespace net_test
