// SPDX-License-Identifier: BSL-1.0
#include "recipes.hpp"

#include <exception>
#include <iostream>
#include <map>

namespace recipes {
namespace {

std::map<std::string_view, void (*)()>& all() {
  static std::map<std::string_view, void (*)()> registered;
  return registered;
}

}  // namespace

recipe::recipe(std::string_view name, void (*run)()) {
  all().emplace(name, run);
}

}  // namespace recipes

int main(int argc, char* argv[]) {
  const auto found = recipes::all().find(argc == 2 ? argv[1] : "");
  if (found == recipes::all().end()) {
    std::cerr << "usage: " << argv[0] << " SNIPPET, one of:\n";
    for (const auto& [name, run] : recipes::all()) std::cerr << "  " << name << '\n';
    return 2;
  }
  try {
    found->second();
    return 0;
  } catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 1;
  }
}
