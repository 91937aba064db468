// SPDX-License-Identifier: BSL-1.0
#define CATCH_CONFIG_RUNNER  // for Catch2 2; Catch2 3 links its runner
#include "catch.hpp"

int main(int argc, char* argv[]) {
  return Catch::Session().run(argc, argv);
}
