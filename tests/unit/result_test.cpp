// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/response.hpp>
#include <sso/result.hpp>

#include <boost/json/value.hpp>

#include <sstream>
#include <string>
#include <type_traits>

namespace {

struct model {
  std::string name;
};

sso::result<int> half(int n) {
  if (n % 2 != 0) return sso::error{sso::errc::invalid_argument, sso::outcome::not_sent, "n: must be even"};
  return n / 2;
}

}  // namespace

TEST_CASE("a result is a value or an error") {
  const auto good = half(8);
  REQUIRE(good.has_value());
  CHECK(*good == 4);

  const auto bad = half(7);
  REQUIRE_FALSE(bad);
  CHECK(bad.error().code() == sso::errc::invalid_argument);
}

TEST_CASE("value of a failed result throws the error") {
  CHECK(half(8).value() == 4);
  try {
    (void)half(7).value();
    FAIL("no exception");
  } catch (const sso::exception& e) {
    CHECK(e.error().code() == sso::errc::invalid_argument);
    CHECK(std::string{e.what()} == "invalid_argument: n: must be even");
  }
}

TEST_CASE("a failed result prints its error and a successful one does not print its value") {
  sso::result<model> r = model{"confidential"};
  std::ostringstream good;
  good << r;
  CHECK(good.str() == "value");
  CHECK(r);  // compiles: Catch2 prints a result even if its value is not printable

  r = sso::error{sso::errc::timeout, sso::outcome::not_sent, "no time left"};
  std::ostringstream bad;
  bad << r;
  CHECK(bad.str() == r.error().message());
}

TEST_CASE("a response is its model with the HTTP exchange") {
  STATIC_REQUIRE(std::is_base_of_v<model, sso::response<model>>);

  sso::response<model> r;
  r.name = "acme";
  r.http.status = 201;
  r.http.body = R"({"name":"acme","later":[1]})";
  const model& m = r;
  CHECK(m.name == "acme");

  const auto json = r.http.json();
  REQUIRE(json);
  CHECK(json->at("later").at(0) == 1);

  sso::response<void> nothing;
  nothing.http.body = "<html>";
  const auto failed = nothing.http.json();
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code() == sso::errc::decode_failed);
  CHECK(failed.error().cause());
}
