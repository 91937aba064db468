// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/field.hpp>

#include <string>
#include <type_traits>

TEST_CASE("a field is keep or null or a value") {
  const sso::field<std::string> keep;
  CHECK(keep.is_keep());
  CHECK_FALSE(keep.is_null());
  CHECK_FALSE(keep.has_value());

  const sso::field<std::string> null = sso::null;
  CHECK_FALSE(null.is_keep());
  CHECK(null.is_null());
  CHECK_FALSE(null.has_value());

  const sso::field<std::string> value = std::string{"x"};
  CHECK_FALSE(value.is_keep());
  CHECK_FALSE(value.is_null());
  REQUIRE(value.has_value());
  CHECK(value.value() == "x");

  CHECK(keep != null);
  CHECK(null != value);
  CHECK(value == sso::field<std::string>{std::string{"x"}});
}

TEST_CASE("an empty string is a value of a field and not null") {
  const sso::field<std::string> empty = std::string{};
  CHECK(empty.has_value());
  CHECK_FALSE(empty.is_null());
}

TEST_CASE("a field changes between its states") {
  sso::field<std::string> f = std::string{"x"};
  f = sso::null;
  CHECK(f.is_null());
  CHECK_FALSE(f.has_value());
  f.emplace() = "y";
  CHECK_FALSE(f.is_null());
  REQUIRE(f.has_value());
  CHECK(f.value() == "y");
  f = sso::field<std::string>{};
  CHECK(f.is_keep());
}

namespace {

template <class Field>
concept made_of_empty_braces = requires(void take(Field)) {
  take({});
};

}  // namespace

TEST_CASE("empty braces are rejected for a field") {
  STATIC_REQUIRE(std::is_default_constructible_v<sso::field<std::string>>);
  STATIC_REQUIRE_FALSE(made_of_empty_braces<sso::field<std::string>>);
}
