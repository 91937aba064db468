// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/http/headers.hpp>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

std::vector<std::pair<std::string, std::string>> listed(const sso::http::headers& h) {
  std::vector<std::pair<std::string, std::string>> fields;
  for (const auto field : h) fields.emplace_back(field.name, field.value);
  return fields;
}

using fields = std::vector<std::pair<std::string, std::string>>;

}  // namespace

TEST_CASE("headers keep order and duplicates and compare names without case") {
  sso::http::headers h{{"Accept", "application/json"}, {"Via", "a"}};
  h.add("via", "b").add("X-Empty", "");
  CHECK(h.size() == 4);
  CHECK(listed(h) == fields{{"Accept", "application/json"}, {"Via", "a"}, {"via", "b"}, {"X-Empty", ""}});
  CHECK(h.get("ACCEPT") == "application/json");
  CHECK(h.get("via") == "a");
  CHECK(h.get("x-empty") == "");
  CHECK_FALSE(h.get("Accep"));
  CHECK_FALSE(h.get("Accept:"));
  CHECK_FALSE(h.get(""));
  CHECK(h.contains("x-EMPTY"));
  CHECK(h.wire() == "Accept: application/json\r\nVia: a\r\nvia: b\r\nX-Empty: \r\n");
}

TEST_CASE("set replaces all headers of the name at the position of the first") {
  sso::http::headers h{{"A", "1"}, {"b", "2"}, {"C", "3"}, {"B", "4"}};
  h.set("B", "new");
  CHECK(listed(h) == fields{{"A", "1"}, {"B", "new"}, {"C", "3"}});
  h.set("D", "5");
  CHECK(listed(h) == fields{{"A", "1"}, {"B", "new"}, {"C", "3"}, {"D", "5"}});
}

TEST_CASE("erase removes all headers of the name and keeps the others") {
  sso::http::headers h{{"A", "1"}, {"b", "22"}, {"C", "333"}, {"B", "4444"}, {"D", "55555"}};
  CHECK(h.erase("B") == 2);
  CHECK(h.erase("B") == 0);
  CHECK(listed(h) == fields{{"A", "1"}, {"C", "333"}, {"D", "55555"}});
  CHECK(h.wire() == "A: 1\r\nC: 333\r\nD: 55555\r\n");
  h.add("E", "6");
  CHECK(h.get("e") == "6");
  h.clear();
  CHECK(h.empty());
  CHECK(h.wire().empty());
}

TEST_CASE("add and set accept views into the same headers object") {
  sso::http::headers h{{"Location", "https://example.com/a-rather-long-path-that-is-not-short"}};
  for (int i = 0; i != 64; ++i) h.add(h[0].name, *h.get("location"));
  h.set("Other", *h.get("location"));
  REQUIRE(h.size() == 66);
  for (std::size_t i = 0; i != 65; ++i) {
    CHECK(h[i].name == "Location");
    CHECK(h[i].value == "https://example.com/a-rather-long-path-that-is-not-short");
  }
  CHECK(h.get("Other") == "https://example.com/a-rather-long-path-that-is-not-short");
  h.set(h[0].name, *h.get("other"));
  CHECK(h.size() == 2);
  CHECK(h.get("Location") == h.get("Other"));
}

TEST_CASE("headers compare equal only with the same order and letter case") {
  CHECK(sso::http::headers{{"A", "1"}} == sso::http::headers{{"A", "1"}});
  CHECK_FALSE(sso::http::headers{{"A", "1"}} == sso::http::headers{{"a", "1"}});
  CHECK_FALSE(sso::http::headers{{"A", "1"}, {"B", "2"}} == sso::http::headers{{"B", "2"}, {"A", "1"}});
}

TEST_CASE("headers have forward iterators") {
  STATIC_REQUIRE(std::forward_iterator<sso::http::headers::const_iterator>);
  const sso::http::headers h{{"A", "1"}, {"B", "2"}};
  auto i = h.begin();
  CHECK((*i++).name == "A");
  CHECK((*i).value == "2");
  CHECK(++i == h.end());
  CHECK(std::distance(h.begin(), h.end()) == 2);
}

TEST_CASE("a header name must be a token") {
  for (const std::string_view good : {"A", "x-request-id", "X_Y", "!#$%&'*+-.^_`|~", "0"}) {
    CAPTURE(good);
    CHECK(sso::http::is_header_name(good));
  }
  for (const std::string_view bad :
       {"", " A", "A ", "A:", "A B", "A\r\n", "\xc3\xa4", "a/b", "(a)", "a\"b"}) {
    CAPTURE(bad);
    CHECK_FALSE(sso::http::is_header_name(bad));
  }
}

TEST_CASE("a header value must not contain control characters") {
  for (const std::string_view good : {"", "text", "a\tb", "caf\xc3\xa9", "  "}) {
    CAPTURE(good);
    CHECK(sso::http::is_header_value(good));
  }
  for (const std::string_view bad :
       {std::string_view{"a\rb"}, std::string_view{"a\nb"}, std::string_view{"a\0b", 3},
        std::string_view{"a\x7f"}, std::string_view{"\x1b"}}) {
    CHECK_FALSE(sso::http::is_header_value(bad));
  }
}

TEST_CASE("fault names the first invalid header and the broken rule") {
  CHECK_FALSE(sso::http::headers{{"A", "1"}, {"B", "2"}}.fault());

  const auto name = sso::http::headers{{"A", "1"}, {"B\n", "2"}, {"C", "\n"}}.fault();
  REQUIRE(name);
  CHECK(name->name == "B\\x0a");
  CHECK(name->rule.find("token") != std::string_view::npos);

  const auto value = sso::http::headers{{"A", "1"}, {"Authorization", "Bearer canary\r\nX: y"}}.fault();
  REQUIRE(value);
  CHECK(value->name == "Authorization");
  CHECK(value->rule.find("CR, LF, NUL") != std::string_view::npos);
  CHECK(value->rule.find("canary") == std::string_view::npos);
}

TEST_CASE("erase accepts a view into the same headers object", "[headers]") {
  sso::http::headers h{{"A", "1"}, {"B", "2"}, {"A", "3"}};
  CHECK(h.erase(h[2].name) == 2);
  CHECK(h.wire() == "B: 2\r\n");
}
