// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/open_enum.hpp>
#include <sso/page.hpp>

#include <array>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

namespace {

enum class colour { red, dark_green };

}  // namespace

template <>
struct sso::enum_names<colour> {
  static constexpr std::array names{std::pair{colour::red, std::string_view{"red"}},
                                    std::pair{colour::dark_green, std::string_view{"dark-green"}}};
};

TEST_CASE("an open_enum converts between enumerators and wire names") {
  using open = sso::open_enum<colour>;
  CHECK(open{colour::dark_green}.str() == "dark-green");
  CHECK(open{"dark-green"}.known() == colour::dark_green);
  CHECK(open{std::string{"red"}} == colour::red);
  CHECK(open{std::string_view{"red"}} == open{colour::red});
  CHECK_FALSE(open{"red"} == colour::dark_green);
}

TEST_CASE("an open_enum keeps an unknown value") {
  const sso::open_enum<colour> later{"ultra\tviolet"};
  CHECK_FALSE(later.known());
  CHECK(later.str() == "ultra\tviolet");
  CHECK_FALSE(later == colour::red);
  CHECK(later == sso::open_enum<colour>{"ultra\tviolet"});
  CHECK_FALSE(later == sso::open_enum<colour>{"Red"});

  std::ostringstream out;
  out << later << ' ' << sso::open_enum<colour>{colour::red};
  CHECK(out.str() == "ultra\tviolet red");
}

TEST_CASE("an open_enum compares wire names exactly") {
  CHECK_FALSE(sso::open_enum<colour>{"Red"}.known());
  CHECK_FALSE(sso::open_enum<colour>{"red "}.known());
  CHECK_FALSE(sso::open_enum<colour>{""}.known());
  CHECK(sso::open_enum<colour>{}.str().empty());
}

TEST_CASE("pages compare equal if their items and cursors are equal") {
  const sso::page<int> last{{1, 2}, {}};
  const sso::page<int> more{{1, 2}, "cursor"};
  CHECK(last == sso::page<int>{{1, 2}, {}});
  CHECK_FALSE(last == more);
}
