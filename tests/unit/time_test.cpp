// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/http/date.hpp>
#include <sso/time.hpp>

#include <string>
#include <string_view>

namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;

constexpr sys_days day(int y, unsigned m, unsigned d) {
  return sys_days{std::chrono::year{y} / std::chrono::month{m} / std::chrono::day{d}};
}

TEST_CASE("parse_timestamp accepts each supported format", "[time]") {
  struct row {
    std::string_view text;
    sso::timestamp moment;
  };
  const row table[] = {
      {"2019-12-27T18:11:19.117Z", day(2019, 12, 27) + 18h + 11min + 19s + 117ms},
      {"2021-08-10T10:00:00.000Z", day(2021, 8, 10) + 10h},
      {"2024-09-01 10:00:00", day(2024, 9, 1) + 10h},
      {"2024-09-01 10:00:00.5", day(2024, 9, 1) + 10h + 500ms},
      {"2024-09-01 10:00:00Z", day(2024, 9, 1) + 10h},
      {"2024-09-01 10:00:00+02:00", day(2024, 9, 1) + 8h},
      {"2024-09-01t10:00:00z", day(2024, 9, 1) + 10h},
      {"2024-02-29T00:00:00Z", day(2024, 2, 29)},
      {"2000-02-29T00:00:00Z", day(2000, 2, 29)},
      {"1970-01-01T00:00:00Z", day(1970, 1, 1)},
      {"1969-12-31T23:59:59.999Z", day(1970, 1, 1) - 1ms},
      {"1969-12-31T23:59:59.9999Z", day(1970, 1, 1) - 1ms},
      {"2020-01-01T00:00:00.1Z", day(2020, 1, 1) + 100ms},
      {"2020-01-01T00:00:00.01Z", day(2020, 1, 1) + 10ms},
      {"2020-01-01T00:00:00.0019Z", day(2020, 1, 1) + 1ms},
      {"2020-01-01T00:00:00.123456789Z", day(2020, 1, 1) + 123ms},
      {"2020-01-01T00:00:00+23:59", day(2020, 1, 1) - 23h - 59min},
      {"2020-01-01T00:00:00-23:59", day(2020, 1, 1) + 23h + 59min},
      {"2020-01-01T00:00:00-00:00", day(2020, 1, 1)},
      {"2020-01-01T00:30:00+01:00", day(2019, 12, 31) + 23h + 30min},
      {"2016-12-31T23:59:60Z", day(2017, 1, 1)},
      {"2016-12-31T23:59:60.25Z", day(2017, 1, 1) + 250ms},
      {"1990-12-31T15:59:60-08:00", day(1991, 1, 1)},
      {"0000-01-01T00:00:00Z", day(0, 1, 1)},
      {"0000-02-29T00:00:00Z", day(0, 2, 29)},
      {"2262-04-11T23:47:16.855Z", day(2262, 4, 11) + 23h + 47min + 16s + 855ms},
      {"3021-08-10T10:00:00Z", day(3021, 8, 10) + 10h},
      {"9999-12-31T23:59:59.999Z", day(10000, 1, 1) - 1ms},
  };
  for (const auto& [text, moment] : table) {
    CAPTURE(text);
    const auto read = sso::parse_timestamp(text);
    REQUIRE(read.has_value());
    CHECK(*read == moment);
    CHECK(sso::parse_timestamp(sso::format_timestamp(moment)) == moment);
  }
}

TEST_CASE("parse_timestamp rejects invalid text", "[time]") {
  const std::string_view table[] = {
      "",
      "2020",
      "2020-01-01",
      "2020-01-01T",
      "2020-01-01T00:00Z",
      "2020-01-01T00:00:00",     // the zone may be absent only after a space
      "2020-01-01T00:00:00.Z",   // a decimal point without digits
      "2020-01-01 00:00:00.",    //
      "2020-01-01T00:00:00,5Z",  //
      "2020-01-01T00:00:00.1234567890Z",
      "2020-01-01T00:00:00ZZ",
      "2020-01-01T00:00:00Z ",
      " 2020-01-01T00:00:00Z",
      "2020-01-01  00:00:00Z",
      "2020-01-01_00:00:00Z",
      "2020-00-01T00:00:00Z",
      "2020-13-01T00:00:00Z",
      "2020-01-00T00:00:00Z",
      "2020-01-32T00:00:00Z",
      "2020-04-31T00:00:00Z",
      "2021-02-29T00:00:00Z",
      "1900-02-29T00:00:00Z",
      "2020-01-01T24:00:00Z",
      "2020-01-01T00:60:00Z",
      "2020-01-01T00:00:61Z",
      "2020-01-01T12:00:60Z",       // no leap second at noon
      "2016-12-31T23:59:60+01:00",  //
      "2020-01-01T00:00:00+24:00",
      "2020-01-01T00:00:00+00:60",
      "2020-01-01T00:00:00+0000",
      "2020-01-01T00:00:00+00",
      "2020-01-01T00:00:00+",
      "2020-01-01T00:00:00*00:00",
      "0000-01-01T00:00:00+00:01",  // before the year 0000
      "9999-12-31T23:59:59-00:01",  // after the year 9999
      "9999-12-31T23:59:60Z",
      "-001-01-01T00:00:00Z",
      "+020-01-01T00:00:00Z",
      "20-01-01T00:00:00Z",
      "12020-01-01T00:00:00Z",
      "2020-1-01T00:00:00Z",
      "2020/01/01T00:00:00Z",
      "2020-01-01T00.00.00Z",
      "２020-01-01T00:00:00Z",
  };
  for (const auto text : table) {
    CAPTURE(text);
    CHECK(!sso::parse_timestamp(text));
  }
  const std::string_view whole = "2019-12-27T18:11:19.117+01:00";
  for (std::size_t length = 0; length != whole.size(); ++length) {
    CAPTURE(length);
    CHECK(!sso::parse_timestamp(whole.substr(0, length)));
  }
  CHECK(!sso::parse_timestamp(std::string_view{"2020-01-01T00:00:00\0Z", 21}));
}

TEST_CASE("format_timestamp writes milliseconds", "[time]") {
  CHECK(sso::format_timestamp(day(2019, 12, 27) + 18h + 11min + 19s + 117ms) == "2019-12-27T18:11:19.117Z");
  CHECK(sso::format_timestamp(day(1970, 1, 1)) == "1970-01-01T00:00:00.000Z");
  CHECK(sso::format_timestamp(day(1970, 1, 1) - 1ms) == "1969-12-31T23:59:59.999Z");
  CHECK(sso::format_timestamp(day(0, 3, 1)) == "0000-03-01T00:00:00.000Z");
  CHECK(sso::format_timestamp(day(3021, 8, 10) + 9h + 5min) == "3021-08-10T09:05:00.000Z");
  CHECK(sso::format_timestamp(sso::timestamp::min()) == "0000-01-01T00:00:00.000Z");
  CHECK(sso::format_timestamp(sso::timestamp::max()) == "9999-12-31T23:59:59.999Z");
}

TEST_CASE("HTTP dates are parsed in their three formats", "[time]") {
  struct row {
    std::string_view text;
    std::chrono::sys_seconds moment;
  };
  const auto example = day(1994, 11, 6) + 8h + 49min + 37s;
  const row table[] = {
      {"Sun, 06 Nov 1994 08:49:37 GMT", example},
      {"Sunday, 06-Nov-94 08:49:37 GMT", example},
      {"Sun Nov  6 08:49:37 1994", example},
      {"Sun Nov 06 08:49:37 1994", example},
      {"Mon, 06 Nov 1994 08:49:37 GMT", example},  // the wrong day of the week
      {"Thu, 29 Feb 2024 00:00:00 GMT", day(2024, 2, 29)},
      {"Sat, 31 Dec 2016 23:59:60 GMT", day(2017, 1, 1)},
      {"Sat Dec 31 23:59:60 2016", day(2017, 1, 1)},
      {"Fri, 31 Dec 9999 23:59:59 GMT", day(9999, 12, 31) + 23h + 59min + 59s},
      {"Saturday, 01-Jan-00 00:00:00 GMT", day(2000, 1, 1)},
      {"Monday, 01-Jan-00 00:00:00 GMT", day(1900, 1, 1)},
      {"Thursday, 31-Dec-26 12:00:00 GMT", day(2026, 12, 31) + 12h},
      {"Sunday, 06-Nov-33 08:49:37 GMT", day(2033, 11, 6) + 8h + 49min + 37s},
      {"Friday, 06-Nov-26 00:00:00 GMT", day(2026, 11, 6)},
      {"Saturday, 06-Nov-26 00:00:00 GMT", day(1926, 11, 6)},
      {"Tuesday, 06-Nov-26 00:00:00 GMT", day(2026, 11, 6)},  // not a Tuesday in either century
      {"Tuesday, 29-Feb-00 00:00:00 GMT", day(2000, 2, 29)},  // 1900 had no such day
  };
  for (const auto& [text, moment] : table) {
    CAPTURE(text);
    const auto read = sso::parse_http_date(text);
    REQUIRE(read.has_value());
    CHECK(*read == moment);
  }
}

TEST_CASE("an invalid HTTP date is rejected", "[time]") {
  const std::string_view table[] = {
      "",
      "120",
      ",",
      "Sun,",
      "Sun, 06 Nov 1994 08:49:37",
      "Sun, 06 Nov 1994 08:49:37 UTC",
      "Sun, 06 Nov 1994 08:49:37 GMT ",
      "Sun, 06 Nov 1994 08:49:37 +0000",
      "Sun,06 Nov 1994 08:49:37 GMT",
      "Sun, 6 Nov 1994 08:49:37 GMT",
      "Sun, 06 nov 1994 08:49:37 GMT",
      "sun, 06 Nov 1994 08:49:37 GMT",
      "Xyz, 06 Nov 1994 08:49:37 GMT",
      "Sun, 06 Foo 1994 08:49:37 GMT",
      "Sun, 31 Nov 1994 08:49:37 GMT",
      "Sun, 00 Nov 1994 08:49:37 GMT",
      "Wed, 29 Feb 2023 00:00:00 GMT",
      "Sun, 06 Nov 94 08:49:37 GMT",
      "Sun, 06 Nov 1994 24:00:00 GMT",
      "Sun, 06 Nov 1994 08:60:37 GMT",
      "Sun, 06 Nov 1994 08:49:60 GMT",
      "Sunday, 06-Nov-1994 08:49:37 GMT",
      "Sun, 06-Nov-94 08:49:37 GMT",
      "Sunday, 06 Nov 94 08:49:37 GMT",
      "Sunday, 30-Feb-94 08:49:37 GMT",
      "Sun Nov 6 08:49:37 1994",
      "Sun Nov   6 08:49:37 1994",
      "Sun Nov  6 08:49:37 1994 GMT",
      "Sun Nov  6 08:49:37 94",
      "1994-11-06T08:49:37Z",
  };
  for (const auto text : table) {
    CAPTURE(text);
    CHECK(!sso::parse_http_date(text));
  }
  for (const std::string_view whole :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}) {
    for (std::size_t length = 0; length != whole.size(); ++length) {
      CAPTURE(whole, length);
      CHECK(!sso::parse_http_date(whole.substr(0, length)));
    }
  }
}

}  // namespace
