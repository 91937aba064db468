// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/json/decode.hpp>
#include <sso/json/encode.hpp>

#include <array>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace encode_test {

enum class colour { red, green };

struct leaf {
  std::string name;
  std::optional<std::int64_t> size;

  friend bool operator==(const leaf&, const leaf&) = default;
};

struct everything {
  std::string text;
  bool flag = false;
  std::int64_t integer = 0;
  double number = 0;
  sso::timestamp moment;
  sso::open_enum<colour> shade;
  leaf inner;
  std::optional<std::string> optional;
  std::optional<std::string> nullable;
  std::vector<leaf> leaves;
  std::vector<std::optional<std::string>> holes;
  std::map<std::string, std::map<std::string, bool>> rights;
  sso::field<std::string> change{};
  sso::secret token;
  sso::null_t nothing;

  friend bool operator==(const everything&, const everything&) = default;
};

}  // namespace encode_test

template <>
struct sso::enum_names<encode_test::colour> {
  static constexpr std::array<std::pair<encode_test::colour, std::string_view>, 2> names{
      {{encode_test::colour::red, "red"}, {encode_test::colour::green, "green"}}};
};

template <>
struct sso::json::description<encode_test::leaf> {
  using self = encode_test::leaf;
  static constexpr auto members = json::members(member<&self::name>("name"), member<&self::size>("size"));
};

template <>
struct sso::json::description<encode_test::everything> {
  using self = encode_test::everything;
  static constexpr auto members = json::members(
      member<&self::text>("text"), member<&self::flag>("flag"), member<&self::integer>("integer"),
      member<&self::number>("number"), member<&self::moment>("moment"), member<&self::shade>("shade"),
      member<&self::inner>("inner"), member<&self::optional>("optional"),
      member<&self::nullable>("nullable", required), member<&self::leaves>("leaves"),
      member<&self::holes>("holes"), member<&self::rights>("rights"), member<&self::change>("change"),
      member<&self::token>("token"), member<&self::nothing>("nothing"));
};

namespace {

using namespace encode_test;

TEST_CASE("encoding writes members in the order of their description", "[json]") {
  everything value;
  CHECK(
      sso::json::encode(value) ==
      R"({"text":"","flag":false,"integer":0,"number":0E0,"moment":"1970-01-01T00:00:00.000Z","shade":"",)"
      R"("inner":{"name":""},"nullable":null,"leaves":[],"holes":[],"rights":{},"token":"","nothing":null})");

  value.text = "t";
  value.flag = true;
  value.integer = std::numeric_limits<std::int64_t>::min();
  value.moment = sso::timestamp{std::chrono::milliseconds{1577470279117}};
  value.shade = colour::green;
  value.inner = {"n", 3};
  value.optional = "o";
  value.nullable = "x";
  value.leaves = {{"a", 1}, {"b", {}}};
  value.holes = {std::nullopt, "h"};
  value.rights = {{"users", {{"read", true}, {"list", false}}}, {"none", {}}};
  value.change = sso::null;
  value.token = sso::secret{"s"};
  CHECK(
      sso::json::encode(value) ==
      R"({"text":"t","flag":true,"integer":-9223372036854775808,"number":0E0,)"
      R"("moment":"2019-12-27T18:11:19.117Z","shade":"green","inner":{"name":"n","size":3},"optional":"o",)"
      R"("nullable":"x","leaves":[{"name":"a","size":1},{"name":"b"}],"holes":[null,"h"],)"
      R"("rights":{"none":{},"users":{"list":false,"read":true}},"change":null,"token":"s","nothing":null})");

  value.change = "new";
  value.number = -2.5;
  const auto back = sso::json::decode<everything>(sso::json::encode(value));
  REQUIRE(back.has_value());
  CHECK(*back == value);
}

TEST_CASE("encoding an empty optional or container gives null or an empty container", "[json]") {
  CHECK(sso::json::encode(std::optional<leaf>{}) == "null");
  CHECK(sso::json::encode(std::map<std::string, leaf>{}) == "{}");
  CHECK(sso::json::encode(std::vector<leaf>{}) == "[]");
}

TEST_CASE("encoding escapes strings and keys", "[json]") {
  const std::pair<std::string, std::string> table[] = {
      {"", R"("")"},
      {"plain", R"("plain")"},
      {"\"\\/", R"("\"\\/")"},
      {"\b\f\n\r\t", R"("\b\f\n\r\t")"},
      {std::string{"\0\x01\x1f\x7f", 4}, "\"\\u0000\\u0001\\u001f\x7f\""},
      {"é€😀", R"("é€😀")"},
  };
  for (const auto& [text, json] : table) {
    CAPTURE(json);
    CHECK(sso::json::encode(text) == json);
    CHECK(sso::json::encode(std::map<std::string, bool>{{text, true}}) == "{" + json + ":true}");
    CHECK(sso::json::encode(sso::secret{text}) == json);
    CHECK(sso::json::decode<std::string>(json).value() == text);
  }
  std::string long_text;
  for (int i = 0; i != 3000; ++i) long_text += i % 7 == 0 ? "\n" : "é";
  CHECK(sso::json::decode<std::string>(sso::json::encode(long_text)).value() == long_text);
}

TEST_CASE("encoding numbers keeps their value when decoded again", "[json]") {
  for (const double number : {0.0, 1.0, -1.5, 0.125, 1024.25, 1e15, -65536.0}) {
    CHECK(sso::json::decode<double>(sso::json::encode(number)).value() == number);
  }
  for (const std::int64_t number :
       {std::int64_t{0}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::max(),
        std::numeric_limits<std::int64_t>::min()}) {
    CHECK(sso::json::encode(number) == std::to_string(number));
  }
}

TEST_CASE("encoding writes unknown enumeration values unchanged", "[json]") {
  CHECK(sso::json::encode(sso::open_enum<colour>{"ultraviolet"}) == R"("ultraviolet")");
}

}  // namespace
