// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/json/decode.hpp>

#include <array>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace decode_test {

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
  std::optional<std::string> nullable;
  std::vector<leaf> leaves;
  std::vector<std::optional<std::string>> holes;
  std::map<std::string, std::map<std::string, bool>> rights;
  sso::secret token;
  sso::null_t nothing;
};

/// All members are optional, so that a test sets only the ones it needs.
struct some {
  std::optional<std::string> text;
  std::optional<bool> flag;
  std::optional<std::int64_t> integer;
  std::optional<double> number;
  std::optional<sso::timestamp> moment;
  std::optional<sso::open_enum<colour>> shade;
  std::optional<leaf> inner;
  std::optional<std::vector<std::string>> texts;
  std::optional<std::vector<std::vector<leaf>>> leaves;
  std::optional<std::map<std::string, std::map<std::string, leaf>>> groups;
  sso::field<std::string> change{};
  sso::field<leaf> part{};

  friend bool operator==(const some&, const some&) = default;
};

}  // namespace decode_test

template <>
struct sso::enum_names<decode_test::colour> {
  static constexpr std::array<std::pair<decode_test::colour, std::string_view>, 2> names{
      {{decode_test::colour::red, "red"}, {decode_test::colour::green, "green"}}};
};

template <>
struct sso::json::description<decode_test::leaf> {
  using self = decode_test::leaf;
  static constexpr auto members = json::members(member<&self::name>("name"), member<&self::size>("size"));
};

template <>
struct sso::json::description<decode_test::everything> {
  using self = decode_test::everything;
  static constexpr auto members = json::members(
      member<&self::text>("text"), member<&self::flag>("flag"), member<&self::integer>("integer"),
      member<&self::number>("number"), member<&self::moment>("moment"), member<&self::shade>("shade"),
      member<&self::inner>("inner"), member<&self::nullable>("nullable", required),
      member<&self::leaves>("leaves"), member<&self::holes>("holes"), member<&self::rights>("rights"),
      member<&self::token>("token"), member<&self::nothing>("nothing"));
};

template <>
struct sso::json::description<decode_test::some> {
  using self = decode_test::some;
  static constexpr auto members = json::members(
      member<&self::text>("text"), member<&self::flag>("flag"), member<&self::integer>("integer"),
      member<&self::number>("number"), member<&self::moment>("moment"), member<&self::shade>("shade"),
      member<&self::inner>("inner"), member<&self::texts>("texts"), member<&self::leaves>("leaves"),
      member<&self::groups>("groups"), member<&self::change>("change"), member<&self::part>("part"));
};

namespace {

using namespace decode_test;

some read(std::string_view text) {
  auto value = sso::json::decode<some>(text);
  INFO(text);
  if (!value) FAIL(value.error().message());
  return *value;
}

sso::error refuse(std::string_view text) {
  auto value = sso::json::decode<some>(text);
  INFO(text);
  REQUIRE(!value);
  CHECK(value.error().code() == sso::errc::decode_failed);
  CHECK(value.error().outcome() == sso::outcome::maybe_executed);
  return value.error();
}

TEST_CASE("decoding reads a member of every type", "[json]") {
  const auto value = sso::json::decode<everything>(R"( {
    "text": "t", "flag": true, "integer": -7, "number": 2.5, "moment": "1970-01-01T00:00:01Z",
    "shade": "green", "inner": {"name": "n", "size": 3}, "nullable": null,
    "leaves": [{"name": "a"}, {"name": "b", "size": null}], "holes": [null, "x"],
    "rights": {"users": {"read": true, "list": false}, "": {}}, "token": "s3cret", "nothing": null } )");
  REQUIRE(value.has_value());
  CHECK(value->text == "t");
  CHECK(value->flag);
  CHECK(value->integer == -7);
  CHECK(value->number == 2.5);
  CHECK(value->moment == sso::timestamp{std::chrono::seconds{1}});
  CHECK(value->shade == colour::green);
  CHECK(value->inner == leaf{"n", 3});
  CHECK(!value->nullable);
  CHECK(value->leaves == std::vector<leaf>{{"a", {}}, {"b", {}}});
  CHECK(value->holes == std::vector<std::optional<std::string>>{std::nullopt, "x"});
  CHECK(value->rights == std::map<std::string, std::map<std::string, bool>>{
                             {"users", {{"read", true}, {"list", false}}}, {"", {}}});
  CHECK(value->token.reveal() == "s3cret");
}

TEST_CASE("decoding without a required member fails and names the member", "[json]") {
  const std::vector<std::pair<std::string, std::string>> members = {{"text", R"("t")"},
                                                                    {"flag", "true"},
                                                                    {"integer", "1"},
                                                                    {"number", "1"},
                                                                    {"moment", R"("1970-01-01T00:00:01Z")"},
                                                                    {"shade", R"("red")"},
                                                                    {"inner", R"({"name":"n"})"},
                                                                    {"nullable", "null"},
                                                                    {"leaves", "[]"},
                                                                    {"holes", "[]"},
                                                                    {"rights", "{}"},
                                                                    {"token", R"("s")"},
                                                                    {"nothing", "null"}};
  for (const auto& [missing, unused] : members) {
    std::string text = "{";
    for (const auto& [name, value] : members) {
      if (name == missing) continue;
      if (text.size() > 1) text += ',';
      text.append("\"").append(name).append("\":").append(value);
    }
    text += '}';
    CAPTURE(text);
    const auto value = sso::json::decode<everything>(text);
    REQUIRE(!value);
    CHECK(value.error().what() == missing + ": required member is missing");
    CHECK(!value.error().cause());
  }
}

TEST_CASE("decoding leaves absent and null optional members empty", "[json]") {
  CHECK(read("{}") == some{});
  CHECK(read(R"({"text":null,"flag":null,"integer":null,"number":null,"moment":null,"shade":null,"inner":null,
                 "texts":null,"leaves":null,"groups":null})") == some{});
}

TEST_CASE("decoding into a field distinguishes absent from null", "[json]") {
  CHECK(read("{}").change.is_keep());
  CHECK(read(R"({"change":null})").change.is_null());
  CHECK(read(R"({"change":"v"})").change == sso::field<std::string>{"v"});
  CHECK(read(R"({"part":null})").part.is_null());
  CHECK(read(R"({"part":{"name":"n"}})").part == sso::field<leaf>{leaf{"n", {}}});
}

TEST_CASE("decoding ignores unknown members of any type", "[json]") {
  for (const std::string_view unknown :
       {"1", "-1.5e300", "18446744073709551615", "true", "null", R"("text")", R"("esc\n\u00e9aped")", "[]",
        "{}", R"([1,[2,{"text":3}],null])", R"({"text":7,"inner":{"name":[{}]}})"}) {
    const std::string value{unknown};
    CAPTURE(value);
    CHECK(read(R"({"x":)" + value + R"(,"text":"t"})").text == "t");
    CHECK(read(R"({"text":"t","x":)" + value + "}").text == "t");
    CHECK(read(R"({"inner":{"x":)" + value + R"(,"name":"n"},"text":"t"})").inner == leaf{"n", {}});
    CHECK(read(R"({"leaves":[[{"name":"n","x":)" + value + "}]]}").leaves->at(0).at(0).name == "n");
  }
  CHECK(read(R"({"te":1,"textt":1,"Text":1,"":1,"\u0074ext":"escaped key"})").text == "escaped key");
}

TEST_CASE("decoding keeps unknown enumeration values", "[json]") {
  CHECK(read(R"({"shade":"red"})").shade == colour::red);
  CHECK(read(R"({"shade":"ultraviolet"})").shade->str() == "ultraviolet");
  CHECK(!read(R"({"shade":"ultraviolet"})").shade->known());
  CHECK(read(R"({"shade":""})").shade->str().empty());
}

TEST_CASE("decoding a duplicate member keeps only the last value", "[json]") {
  CHECK(read(R"({"text":"a","text":"b"})").text == "b");
  CHECK(read(R"({"text":"a","text":null})").text == std::nullopt);
  CHECK(read(R"({"texts":["a","b"],"flag":true,"texts":["c"]})").texts == std::vector<std::string>{"c"});
  CHECK(read(R"({"inner":{"name":"a","size":1},"inner":{"name":"b"}})").inner == leaf{"b", {}});
  CHECK(read(R"({"change":"a","change":null})").change.is_null());
  const auto groups = read(R"({"groups":{"g":{"a":{"name":"1","size":1}},"g":{"b":{"name":"2"}}}})").groups;
  CHECK(groups == std::map<std::string, std::map<std::string, leaf>>{{"g", {{"b", {"2", {}}}}}});
  CHECK(refuse(R"({"inner":{"name":"a"},"inner":{}})").what() == "inner.name: required member is missing");

  const auto value = sso::json::decode<leaf>(R"({"name":"a","size":1,"name":"b"})");
  REQUIRE(value.has_value());
  CHECK(*value == leaf{"b", 1});
}

TEST_CASE("decoding strings resolves escapes and accepts any character", "[json]") {
  CHECK(read(R"({"text":"\"\\\/\b\f\n\r\t"})").text == "\"\\/\b\f\n\r\t");
  CHECK(read(R"({"text":"a\u00e9\u20ac\ud83d\ude00z"})").text == "aé€😀z");
  CHECK(read(R"({"text":"é€😀"})").text == "é€😀");
  CHECK(read(R"({"text":"a\u0000b"})").text == std::string{"a\0b", 3});
  CHECK(read(R"({"texts":["","\u0041","B\u0043"]})").texts == std::vector<std::string>{"", "A", "BC"});
  CHECK(read(R"({"moment":"1970-01-01T00:00:0\u0031Z"})").moment == sso::timestamp{std::chrono::seconds{1}});
  const std::string long_text(100'000, 'x');
  CHECK(read(R"({"text":")" + long_text + R"("})").text == long_text);
  CHECK(read(R"({"text":"\n)" + long_text + R"(\n"})").text == "\n" + long_text + "\n");
}

TEST_CASE("decoding numbers accepts exactly the range of the type", "[json]") {
  CHECK(read(R"({"integer":9223372036854775807})").integer == std::numeric_limits<std::int64_t>::max());
  CHECK(read(R"({"integer":-9223372036854775808})").integer == std::numeric_limits<std::int64_t>::min());
  CHECK(read(R"({"integer":3600.0})").integer == 3600);
  CHECK(read(R"({"integer":1e3})").integer == 1000);
  CHECK(read(R"({"number":3})").number == 3.0);
  CHECK(read(R"({"number":18446744073709551615})").number == 18446744073709551615.0);
  for (const auto* number : {"9223372036854775808", "18446744073709551616", "1.5", "1e300", "-1e300"}) {
    CHECK(refuse(std::string{R"({"integer":)"} + number + "}").what() == "integer: expected integer");
  }
}

TEST_CASE("decoding a value of the wrong type fails and names its path", "[json]") {
  const std::pair<std::string, std::string> table[] = {
      {R"([])", "expected object"},
      {R"("x")", "expected object"},
      {R"(1)", "expected object"},
      {R"(-1)", "expected object"},
      {R"(18446744073709551615)", "expected object"},
      {R"(1.5)", "expected object"},
      {R"(true)", "expected object"},
      {R"(null)", "expected object"},
      {R"({"text":1})", "text: expected string"},
      {R"({"text":-1})", "text: expected string"},
      {R"({"text":18446744073709551615})", "text: expected string"},
      {R"({"text":1.5})", "text: expected string"},
      {R"({"text":true})", "text: expected string"},
      {R"({"text":[]})", "text: expected string"},
      {R"({"text":{}})", "text: expected string"},
      {R"({"flag":"true"})", "flag: expected boolean"},
      {R"({"flag":1})", "flag: expected boolean"},
      {R"({"integer":"1"})", "integer: expected integer"},
      {R"({"integer":true})", "integer: expected integer"},
      {R"({"number":"1"})", "number: expected number"},
      {R"({"moment":1577470279})", "moment: expected RFC 3339 date-time"},
      {R"({"moment":"yesterday"})", "moment: expected RFC 3339 date-time"},
      {R"({"moment":"2021-02-29T00:00:00Z"})", "moment: expected RFC 3339 date-time"},
      {R"({"shade":1})", "shade: expected string"},
      {R"({"inner":[]})", "inner: expected object"},
      {R"({"inner":"x"})", "inner: expected object"},
      {R"({"inner":{}})", "inner.name: required member is missing"},
      {R"({"inner":{"name":null}})", "inner.name: expected string"},
      {R"({"inner":{"name":"n","size":"3"}})", "inner.size: expected integer"},
      {R"({"texts":"x"})", "texts: expected array"},
      {R"({"texts":{}})", "texts: expected array"},
      {R"({"texts":[1]})", "texts[0]: expected string"},
      {R"({"texts":["a","b",null]})", "texts[2]: expected string"},
      {R"({"texts":["a",["b"]]})", "texts[1]: expected string"},
      {R"({"leaves":[[],[{"name":"a"},{"name":2}]]})", "leaves[1][1].name: expected string"},
      {R"({"leaves":[[{}]]})", "leaves[0][0].name: required member is missing"},
      {R"({"leaves":[{}]})", "leaves[0]: expected array"},
      {R"({"groups":[]})", "groups: expected object"},
      {R"({"groups":{"a":true}})", "groups.a: expected object"},
      {R"({"groups":{"a":{"b":1}}})", "groups.a.b: expected object"},
      {R"({"groups":{"a":{"b":{"name":1}}}})", "groups.a.b.name: expected string"},
      {R"({"groups":{"line\nbreak":1}})", "groups.line\\x0abreak: expected object"},
      {R"({"change":1})", "change: expected string"},
      {R"({"part":{"name":"n","size":[]}})", "part.size: expected integer"},
      {R"({"x":[{"y":1}],"text":1})", "text: expected string"},
  };
  for (const auto& [text, what] : table) {
    CAPTURE(text);
    const auto error = refuse(text);
    CHECK(error.what() == what);
    CHECK(!error.cause());
  }
}

TEST_CASE("decoding errors truncate a long key in the path", "[json]") {
  const std::string key(10'000, 'k');
  CHECK(refuse(R"({"groups":{")" + key + R"(":1}})").what().size() < 200);
}

TEST_CASE("decoding invalid JSON fails with the offset and the reason of the parser", "[json]") {
  const std::pair<std::string, std::string> table[] = {
      {"", "nothing where JSON was expected"},
      {" ", "malformed JSON at byte 1"},
      {"<html>", "malformed JSON at byte 0"},
      {"{", "malformed JSON at byte 1"},
      {R"({"text")", "malformed JSON at byte 7"},
      {R"({"text":)", "malformed JSON at byte 8"},
      {R"({"text":"abc)", "malformed JSON at byte 12"},
      {R"({"text":"a"} x)", "malformed JSON at byte 13"},
      {R"({"text":"a"}{})", "malformed JSON at byte 12"},
  };
  for (const auto& [text, what] : table) {
    CAPTURE(text);
    CHECK(refuse(text).what() == what);
  }
  for (const auto* text : {"", "{", "<html>", R"({"text":"a"}{})", R"({"text":"a",})", R"({'text':"a"})",
                           R"({"flag":tru})", R"({"integer":01})", R"({"number":NaN})", "// {}\n{}",
                           "{\"text\":\"a\nb\"}", R"({"text":"\x"})", "\xef\xbb\xbf{}"}) {
    CAPTURE(text);
    CHECK(refuse(text).cause().category().name() == std::string{"boost.json"});
  }
  CHECK(refuse(R"({"text":"a"} x)").cause() != refuse(R"({"text":"a")").cause());
}

TEST_CASE("decoding fails for invalid UTF-8 at any place", "[json]") {
  for (const std::string_view bad :
       {"\x80", "\xff", "\xc3", "\xc0\xaf", "\xe2\x82", "\xed\xa0\x80", "\xf5\x80\x80\x80"}) {
    const std::string text{bad};
    CHECK(refuse(R"({"text":")" + text + R"("})").cause());
    CHECK(refuse(R"({")" + text + R"(":1})").cause());
    CHECK(refuse(R"({"x":[")" + text + R"("]})").cause());
    CHECK(refuse(R"({"groups":{")" + text + R"(":{}}})").cause());
  }
  CHECK(refuse(R"({"text":"\ud800"})").cause());
  CHECK(refuse(R"({"text":"\udc00\ud800"})").cause());
}

TEST_CASE("decoding fails beyond the maximum depth", "[json]") {
  const auto nested = [](std::size_t levels, char open, char close) {
    std::string text(levels, open);
    return text.append(levels, close);
  };
  CHECK(read(R"({"text":"t","x":)" + nested(31, '[', ']') + "}").text == "t");
  CHECK(refuse(R"({"text":"t","x":)" + nested(32, '[', ']') + "}").what() ==
        "JSON of more than 32 levels at byte 47");
  CHECK(refuse(nested(100, '[', ']')).what() == "expected object");
  CHECK(refuse(R"({"x":)" + nested(100'000, '[', ']') + "}").cause());
  std::string objects;
  for (int i = 0; i != 100; ++i) objects += R"({"x":)";
  CHECK(refuse(objects).cause());
}

TEST_CASE("decode_into fills a default-constructed value", "[json]") {
  some value;
  CHECK(sso::json::decode_into(R"({"flag":true})", value).has_value());
  some expected;
  expected.flag = true;
  CHECK(value == expected);
  CHECK(sso::json::decode_into(R"({"flag":0})", value).has_error());
}

TEST_CASE("decoding accepts members in any order", "[json]") {
  CHECK(read(R"({"part":{"size":1,"name":"n"},"flag":false,"text":"t","integer":1})").text == "t");
  const auto value = sso::json::decode<leaf>(R"({"size":1,"name":"n"})");
  REQUIRE(value.has_value());
  CHECK(*value == leaf{"n", 1});
}

}  // namespace
