// SPDX-License-Identifier: BSL-1.0
#include "test_names.hpp"

#include <dlfcn.h>
#include <netdb.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string_view>
#include <utility>

namespace {

struct name_table {
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::string, std::vector<std::string>> addresses;
  std::set<std::string> stalled;
  std::map<std::string, int> lookups;
};

name_table& names() {
  static name_table table;
  return table;
}

using lookup_function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);

lookup_function real_lookup() {
  return reinterpret_cast<lookup_function>(dlsym(RTLD_NEXT, "getaddrinfo"));
}

}  // namespace

extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** found) {
  const std::string name = node != nullptr ? node : "";
  if (!std::string_view{name}.ends_with(".test")) return real_lookup()(node, service, hints, found);
  std::vector<std::string> addresses;
  {
    auto& table = names();
    std::unique_lock lock{table.mutex};
    ++table.lookups[name];
    table.changed.wait(lock, [&] { return !table.stalled.contains(name); });
    addresses = table.addresses[name];
  }
  addrinfo* first = nullptr;
  for (auto at = addresses.rbegin(); at != addresses.rend(); ++at) {
    addrinfo* one = nullptr;
    const int failed = real_lookup()(at->c_str(), service, hints, &one);
    if (failed != 0) return failed;
    one->ai_next = first;
    first = one;
  }
  *found = first;
  return first != nullptr ? 0 : EAI_NONAME;
}

namespace net_test {

void define_name(const std::string& name, std::vector<std::string> addresses) {
  const std::lock_guard lock{names().mutex};
  names().addresses[name] = std::move(addresses);
}

stalled_name::stalled_name(std::string name) : name_{std::move(name)} {
  const std::lock_guard lock{names().mutex};
  names().stalled.insert(name_);
}

stalled_name::~stalled_name() {
  const std::lock_guard lock{names().mutex};
  names().stalled.erase(name_);
  names().changed.notify_all();
}

int lookups_of(const std::string& name) {
  const std::lock_guard lock{names().mutex};
  return names().lookups[name];
}

}  // namespace net_test
