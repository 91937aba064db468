// SPDX-License-Identifier: BSL-1.0
#include "reports.hpp"

#include <sso/doctor/detail/catalog.hpp>
#include <sso/doctor/detail/collector.hpp>
#include <sso/doctor/report.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include <iomanip>
#include <locale>
#include <set>
#include <sstream>

using sso::doctor::finding;
using sso::doctor::report;
using sso::doctor::severity;

namespace {

finding make(const char* id, severity s, const char* subject = "https://idp.example.com") {
  finding out;
  out.id = id;
  out.severity = s;
  out.subject = subject;
  out.message = "Something is wrong.";
  return out;
}

report sample() {
  sso::doctor::detail::collector all;
  auto serious = make("discovery.issuer_mismatch", severity::critical);
  serious.expected = "https://idp.example.com";
  serious.actual = "https://idp.example.com/";
  serious.advice = "Store the other one.";
  all.find(make("discovery.no_pkce", severity::info));
  all.find(serious);
  all.pass("keys.none");
  all.pass("discovery.scopes");
  all.undecided("clock.skew", "no response has a Date");
  return all.finish();
}

struct grouping : std::numpunct<char> {
  std::string do_grouping() const override { return "\1"; }
  char do_thousands_sep() const override { return '\''; }
};

}  // namespace

TEST_CASE("a report prints its findings by descending severity") {
  std::ostringstream out;
  out << sample();
  CHECK(out.str() == "critical discovery.issuer_mismatch (https://idp.example.com): Something is wrong.\n"
                     "  expected: https://idp.example.com\n"
                     "  actual: https://idp.example.com/\n"
                     "  advice: Store the other one.\n"
                     "  source: OIDC Discovery 4.3\n"
                     "info discovery.no_pkce (https://idp.example.com): Something is wrong.\n"
                     "  source: RFC 9700 2.1.1\n"
                     "passed: discovery.scopes keys.none\n"
                     "undecided clock.skew: no response has a Date\n");
}

TEST_CASE("a report prints the same text for any stream state") {
  std::ostringstream plain;
  plain << sample();
  std::ostringstream odd;
  odd.imbue(std::locale{odd.getloc(), new grouping});
  odd << std::hex << std::showbase << std::uppercase << std::left << std::setfill('*') << std::setw(100'000)
      << sample();
  CHECK(odd.str() == plain.str());
  CHECK(odd.width() == 0);
  odd << 255;
  CHECK(odd.str() == plain.str() + "0XF'F");
}

TEST_CASE("a report converts to JSON") {
  const auto value = boost::json::parse(to_json(sample()));
  CHECK(value.at("ok").as_bool() == false);
  CHECK(value.at("worst").as_string() == "critical");
  const auto& first = value.at("findings").as_array().at(0).as_object();
  CHECK(first.at("id").as_string() == "discovery.issuer_mismatch");
  CHECK(first.at("severity").as_string() == "critical");
  CHECK(first.at("subject").as_string() == "https://idp.example.com");
  CHECK(first.at("message").as_string() == "Something is wrong.");
  CHECK(first.at("expected").as_string() == "https://idp.example.com");
  CHECK(first.at("actual").as_string() == "https://idp.example.com/");
  CHECK(first.at("advice").as_string() == "Store the other one.");
  CHECK(first.at("source").as_string() == "OIDC Discovery 4.3");
  CHECK(boost::json::value_to<ids>(value.at("passed")) == ids{"discovery.scopes", "keys.none"});
  CHECK(value.at("undecided").as_array().at(0).at("id").as_string() == "clock.skew");
  CHECK(value.at("undecided").as_array().at(0).at("reason").as_string() == "no response has a Date");
  CHECK(boost::json::parse(to_json(report{})).at("worst").is_null());
}

TEST_CASE("a report without errors is ok") {
  report r;
  CHECK_FALSE(r.worst().has_value());
  CHECK(r.ok());
  r.findings = {make("a", severity::info)};
  CHECK(r.worst() == severity::info);
  CHECK(r.ok());
  r.findings.push_back(make("b", severity::warning));
  CHECK(r.worst() == severity::warning);
  CHECK(r.ok());
  r.findings.push_back(make("c", severity::error));
  CHECK_FALSE(r.ok());
  r.findings = {make("a", severity::info), make("d", severity::critical)};
  CHECK(r.worst() == severity::critical);
  CHECK_FALSE(r.ok());
}

TEST_CASE("each severity prints its name") {
  std::ostringstream out;
  out << severity::info << ' ' << severity::warning << ' ' << severity::error << ' ' << severity::critical;
  CHECK(out.str() == "info warning error critical");
}

TEST_CASE("a collector merges reports of parts") {
  sso::doctor::detail::collector first;
  first.find(make("settings.secret_missing", severity::warning, "client_secret_set"));
  first.pass("issuer.malformed");
  first.pass("keys.none");
  sso::doctor::detail::collector second;
  second.find(make("settings.secret_missing", severity::error, "client_secret_set"));
  second.undecided("issuer.malformed", "there is no issuer");
  second.find(make("keys.none", severity::critical));
  sso::doctor::detail::collector both;
  both.merge(first.finish());
  both.merge(second.finish());
  CHECK(both.found("keys.none"));
  const auto merged = both.finish();
  CHECK(all_found(merged) == ids{"keys.none", "settings.secret_missing"});
  CHECK(the(merged, "settings.secret_missing").severity == severity::error);
  CHECK(merged.passed.empty());
  CHECK(undecided(merged, "issuer.malformed") == "there is no issuer");

  sso::doctor::detail::collector explained;
  explained.find(make("keys.weak", severity::error));
  explained.explain("keys.weak", "keys.none");
  explained.explain("keys.private", "keys.none");
  const auto without = explained.finish();
  CHECK(all_found(without) == ids{});
  CHECK(undecided(without, "keys.weak") == "explained by keys.none");
  CHECK(undecided(without, "keys.private") == "");
}

TEST_CASE("text from outside is escaped and truncated") {
  using sso::doctor::detail::shown;
  CHECK(shown("a b~") == "a b~");
  CHECK(shown(std::string_view{"\0\n\x7f", 3}) == "\\x00\\x0a\\x7f");
  CHECK(shown("\xc3\xa4") == "\\xc3\\xa4");
  CHECK(shown("\xff") == "\\xff");
  CHECK(shown("12345", 5) == "12345");
  CHECK(shown("123456", 5) == "12345...");
  CHECK(shown("1234\n", 5) == "1234...");
  sso::doctor::detail::collector all;
  auto what = make("keys.weak", severity::error);
  what.actual = std::string(5000, 'x');
  all.find(what);
  all.undecided("keys.none", std::string(5000, 'y'));
  check_form(all.finish());
}

TEST_CASE("each check has a unique id") {
  std::set<std::string_view> seen;
  for (const auto& check : sso::doctor::detail::catalog) {
    INFO(check.id);
    CHECK(seen.insert(check.id).second);
    CHECK(check.id.find('.') != std::string_view::npos);
  }
  CHECK(seen.size() == 61);
}
