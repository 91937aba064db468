// SPDX-License-Identifier: BSL-1.0
#pragma once

// Catch2 3 where it is installed, else 2.13 (Debian 12): the tests use what both have.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif

#include <sso/result.hpp>

#include <string>

/// A failed `REQUIRE(result)` prints the error; values need not be printable.
template <class T>
struct Catch::StringMaker<boost::system::result<T, sso::error>> {
  static std::string convert(const boost::system::result<T, sso::error>& r) {
    return r ? std::string{"a value"} : r.error().message();
  }
};
