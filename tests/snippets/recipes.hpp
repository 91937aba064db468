// SPDX-License-Identifier: BSL-1.0
#pragma once

// Several snippets share a program. Each registers a function, and the program runs the one that is named.

#undef NDEBUG
#include <cassert>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace recipes {

struct recipe {
  recipe(std::string_view name, void (*run)());
};

/// Throws unless the snippet did what its document says.
inline void check(bool good, std::string_view what) {
  if (!good) throw std::runtime_error{"not so: " + std::string{what}};
}

}  // namespace recipes

/// RECIPE(name) { ... } runs the snippet `name`.
#define RECIPE(name)                                                                                         \
  static void recipe_##name();                                                                               \
  static const recipes::recipe registered_##name{#name, &recipe_##name};                                     \
  static void recipe_##name()

#define CHECK_THAT(condition) recipes::check(static_cast<bool>(condition), #condition)
