// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/secret.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace {

template <class T>
concept printable = requires(std::ostream& out, const T& value) {
  out << value;
};

}  // namespace

TEST_CASE("a secret cannot be printed or converted implicitly") {
  STATIC_REQUIRE(printable<std::string>);
  STATIC_REQUIRE_FALSE(printable<sso::secret>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<sso::secret, std::string>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<sso::secret, std::string_view>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<std::string, sso::secret>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<const char*, sso::secret>);
  STATIC_REQUIRE_FALSE(std::equality_comparable_with<sso::secret, std::string>);
  STATIC_REQUIRE(std::is_nothrow_move_constructible_v<sso::secret>);
  STATIC_REQUIRE(std::is_nothrow_move_assignable_v<sso::secret>);
}

TEST_CASE("a secret may contain any bytes") {
  const std::string bytes{"a\0b\xff", 4};
  CHECK(sso::secret{bytes}.reveal() == bytes);
  CHECK(sso::secret{"text"}.reveal() == "text");
  CHECK(sso::secret{std::string_view{"view"}}.reveal() == "view");
  CHECK(sso::secret{}.empty());
  CHECK(sso::secret{""}.empty());
  CHECK(sso::secret{}.reveal().empty());
}

TEST_CASE("a copied secret is independent and a moved-from secret is empty") {
  sso::secret a{"first"};
  sso::secret b = a;
  CHECK(b == a);
  CHECK(b.reveal().data() != a.reveal().data());

  sso::secret c = std::move(a);
  CHECK(c.reveal() == "first");
  CHECK(a.empty());  // NOLINT(bugprone-use-after-move): under test
  CHECK(a.reveal().empty());

  a = c;
  CHECK(a == c);
  auto& same = a;
  a = same;
  CHECK(a.reveal() == "first");
  a = std::move(same);
  CHECK(a.reveal() == "first");

  b = sso::secret{"second"};
  CHECK(b.reveal() == "second");
  b.clear();
  CHECK(b.empty());
}

TEST_CASE("secrets compare by their bytes") {
  CHECK(sso::secret{"same"} == sso::secret{"same"});
  CHECK(sso::secret{} == sso::secret{""});
  CHECK_FALSE(sso::secret{"same"} == sso::secret{"samE"});
  CHECK_FALSE(sso::secret{"same"} == sso::secret{"same "});
  CHECK_FALSE(sso::secret{"same"} == sso::secret{});
}

TEST_CASE("wipe overwrites the bytes of a secret") {
  std::array<char, 8> bytes{'c', 'a', 'n', 'a', 'r', 'y', '!', '!'};
  sso::wipe(bytes.data(), 6);
  CHECK(std::string_view{bytes.data(), 8} == std::string_view{"\0\0\0\0\0\0!!", 8});

  // An emptied string keeps its buffer, so its old bytes can be inspected.
  std::string text{"a canary that is too long for the small buffer"};
  const char* const buffer = text.data();
  const auto size = text.size();
  sso::wipe(text);
  CHECK(text.empty());
  REQUIRE(text.data() == buffer);
  CHECK(std::all_of(buffer, buffer + size, [](char c) { return c == '\0'; }));
}
