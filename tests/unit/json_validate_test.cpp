// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/json/validate.hpp>

#include <limits>
#include <map>
#include <string>
#include <vector>

namespace validate_test {

struct part {
  std::optional<std::string> uri;
  std::optional<std::vector<std::string>> uuids;
};

struct form {
  std::string name = "n";
  std::optional<std::string> note;
  std::int64_t count = 1;
  std::int64_t at_least = 0;
  double ratio = 0;
  sso::field<part> nested{};
  std::vector<part> parts;
  std::map<std::string, std::string> labels;
  sso::secret token;
};

}  // namespace validate_test

template <>
struct sso::json::description<validate_test::part> {
  using self = validate_test::part;
  static constexpr auto members =
      json::members(member<&self::uri>("uri", format::uri), member<&self::uuids>("uuids", format::uuid));
};

template <>
struct sso::json::description<validate_test::form> {
  using self = validate_test::form;
  static constexpr auto members = json::members(
      member<&self::name>("name", length(1, 4)), member<&self::note>("note", length(2)),
      member<&self::count>("count", range(1, 9)), member<&self::at_least>("at_least", range(0)),
      member<&self::ratio>("ratio"), member<&self::nested>("nested"), member<&self::parts>("parts"),
      member<&self::labels>("labels", length(0, 3)), member<&self::token>("token"));
};

namespace {

using namespace validate_test;
using sso::json::fault;

std::optional<fault> check(const form& value) {
  return sso::json::validate(value);
}

TEST_CASE("validation accepts a value that meets all rules", "[json]") {
  form value;
  CHECK(!check(value));
  value.name = "äöü€";
  value.note = "long enough";
  value.count = 9;
  value.nested = part{"https://example.com", {{"1ba1f401-7183-47c5-9e39-e8e257e3c795"}}};
  value.labels = {{"a", "abc"}, {"b", ""}};
  value.token = sso::secret{"t"};
  CHECK(!check(value));
  value.nested = sso::null;
  CHECK(!check(value));
}

TEST_CASE("validation counts string lengths in code points", "[json]") {
  form value;
  value.name = "";
  CHECK(check(value) == fault{"name", "must not be empty"});
  value.name = "12345";
  CHECK(check(value) == fault{"name", "must have 1 to 4 characters, but has 5"});
  value.name = "€€€€";
  CHECK(!check(value));
  value.name = "😀😀😀😀😀";
  CHECK(check(value) == fault{"name", "must have 1 to 4 characters, but has 5"});
  value.name = "n";
  value.note = "1";
  CHECK(check(value) == fault{"note", "must have at least 2 characters, but has 1"});
  value.note.reset();
  value.labels = {{"a", "abc"}, {"b", "abcd"}};
  CHECK(check(value) == fault{"labels.b", "must have at most 3 characters, but has 4"});
}

TEST_CASE("validation checks the bounds of numbers", "[json]") {
  form value;
  value.count = 10;
  CHECK(check(value) == fault{"count", "must be 1 to 9, but is 10"});
  value.count = 0;
  CHECK(check(value) == fault{"count", "must be 1 to 9, but is 0"});
  value.count = 1;
  value.at_least = -1;
  CHECK(check(value) == fault{"at_least", "must be at least 0, but is -1"});
  value.at_least = std::numeric_limits<std::int64_t>::max();
  CHECK(!check(value));
  value.ratio = std::numeric_limits<double>::infinity();
  CHECK(check(value) == fault{"ratio", "must be finite"});
  value.ratio = std::numeric_limits<double>::quiet_NaN();
  CHECK(check(value) == fault{"ratio", "must be finite"});
}

TEST_CASE("validation requires a scheme in URIs", "[json]") {
  form value;
  for (const auto* good : {"https://example.com", "http://a/b?c#d", "https://[::1]:8080/x",
                           "urn:ietf:wg:oauth:2.0:oob", "https://login.example.com/%7Etenant/v2.0"}) {
    CAPTURE(good);
    value.nested = part{good, {}};
    CHECK(!check(value));
  }
  for (const auto* bad :
       {"", "example.com", "/path", "//example.com/x", "?q", "https://a b", "https://a/\n", "https://a/%zz",
        "ht tp://a", "https://exämple.com", "1http://a", ":x", "https://a/{tenant}"}) {
    CAPTURE(bad);
    value.nested = part{bad, {}};
    CHECK(check(value) == fault{"nested.uri", "must be an absolute URI (RFC 3986)"});
  }
  value.nested = part{std::string{"https://a/\0b", 12}, {}};
  CHECK(check(value).has_value());
}

TEST_CASE("validation requires 36 characters in five groups in UUIDs", "[json]") {
  form value;
  const std::string good = "1ba1f401-7183-47C5-9e39-E8E257E3C795";
  value.parts = {part{}, part{{}, {{good}}}};
  CHECK(!check(value));
  for (std::size_t i = 0; i != good.size(); ++i) {
    auto bad = good;
    bad[i] = bad[i] == '-' ? '0' : 'g';
    CAPTURE(bad);
    value.parts[1].uuids = {good, bad};
    CHECK(check(value) == fault{"parts[1].uuids[1]", "must be a UUID"});
  }
  for (const auto& bad : {std::string{}, good.substr(1), good + "0", "{" + good + "}"}) {
    value.parts[1].uuids = {bad};
    CHECK(check(value) == fault{"parts[1].uuids[0]", "must be a UUID"});
  }
}

TEST_CASE("validation requires valid UTF-8 in every string", "[json]") {
  const std::string_view table[] = {"\x80",
                                    "a\xff",
                                    "\xc3",
                                    "\xc0\xaf",          // an overlong slash
                                    "\xe2\x82",          // cut short
                                    "\xed\xa0\x80",      // a surrogate
                                    "\xf4\x90\x80\x80",  // beyond U+10FFFF
                                    "\xf5\x80\x80\x80"};
  for (const auto text : table) {
    const std::string bad{text};
    const std::string rule = "must be valid UTF-8";
    form value;
    value.name = bad;
    CHECK(check(value) == fault{"name", rule});
    value = {};
    value.token = sso::secret{bad};
    CHECK(check(value) == fault{"token", rule});
    value = {};
    value.labels = {{"a", bad}};
    CHECK(check(value) == fault{"labels.a", rule});
    value.labels = {{bad, "a"}};
    CHECK(check(value) == fault{"labels", "must have keys that are valid UTF-8"});
    value = {};
    value.nested = part{bad, {}};
    CHECK(check(value) == fault{"nested.uri", rule});
  }
}

TEST_CASE("validation reports the first fault in member order", "[json]") {
  form value;
  value.name = "";
  value.count = 0;
  CHECK(check(value)->path == "name");
}

TEST_CASE("validation does not print the invalid value", "[json]") {
  form value;
  value.name = "canary";
  value.token = sso::secret{"canary\xff"};
  value.nested = part{"canary", {{"canary"}}};
  while (const auto broken = check(value)) {
    CHECK(broken->rule.find("canary") == std::string::npos);
    if (broken->path == "name") value.name = "n";
    if (broken->path == "nested.uri") value.nested.value().uri.reset();
    if (broken->path == "nested.uuids[0]") value.nested = sso::null;
    if (broken->path == "token") value.token.clear();
  }
}

}  // namespace
