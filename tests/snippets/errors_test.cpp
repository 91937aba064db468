// SPDX-License-Identifier: BSL-1.0
// Compares docs/errors.md with the library: all codes are listed, each has a section, and the columns "retried" and
// "conditions" of the table are correct.
#include "recipes.hpp"

#include <sso/errc.hpp>
#include <sso/error.hpp>
#include <sso/keycard.hpp>
#include <sso/pipeline/decide.hpp>
#include <sso/testing/fake_transport.hpp>
#include <sso/testing/manual_runtime.hpp>
#include <sso/testing/run.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "alias.hpp"

namespace {

std::string page() {
  std::ifstream in{DOCUMENT};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::string in_backticks(std::string_view name) {
  return "`" + std::string{name} + "`";
}

/// The cells of the table's row of a code.
std::vector<std::string> row_of(const std::string& text, std::string_view code) {
  const auto at = text.find("\n| " + in_backticks(code) + " |");
  recipes::check(at != std::string::npos, "the table has a row for " + std::string{code});
  const auto line = text.substr(at + 1, text.find('\n', at + 1) - at - 1);
  std::vector<std::string> cells;
  for (std::size_t begin = line.find('|') + 1; begin < line.size();) {
    const auto end = line.find('|', begin);
    auto cell = line.substr(begin, end - begin);
    cell.erase(0, cell.find_first_not_of(' '));
    cell.erase(cell.find_last_not_of(' ') + 1);
    cells.push_back(cell);
    begin = end + 1;
  }
  recipes::check(cells.size() == 5, "the row of " + std::string{code} + " has five cells");
  return cells;
}

sso::pipeline::attempt_report report_of(sso::errc code) {
  sso::pipeline::attempt_report report;
  for (const unsigned status : {400u, 401u, 403u, 404u, 409u, 422u, 429u, 500u, 302u}) {
    if (sso::errc_of_status(status) == code) {
      report.status = status;
      return report;
    }
  }
  report.failure = code;
  return report;
}

std::string conditions_of(sso::errc code) {
  std::string names;
  for (const auto c : {sso::condition::retryable, sso::condition::authorization, sso::condition::no_response,
                       sso::condition::client_mistake}) {
    if (!sso::belongs_to(code, c)) continue;
    names += (names.empty() ? "" : ", ") + in_backticks(sso::make_error_condition(c).message());
  }
  return names;
}

namespace handling_text {
#include "handling.hpp"
}

namespace switching_text {
#include "switching.hpp"
}

}  // namespace

RECIPE(every_code) {
  const auto text = page();
  int codes = 0;
  for (int value = 1; sso::to_string(static_cast<sso::errc>(value)) != "unknown"; ++value, ++codes) {
    const auto code = static_cast<sso::errc>(value);
    const std::string name{sso::to_string(code)};
    recipes::check(text.find("\n### " + in_backticks(name) + "\n") != std::string::npos,
                   "a section for " + name);
    const auto row = row_of(text, name);
    recipes::check(row[4] == conditions_of(code), name + " belongs to " + conditions_of(code));
    if (const auto status = report_of(code).status; status != 0) {
      const auto expected = sso::to_string(sso::pipeline::outcome_of_status(status));
      recipes::check(row[2].starts_with(in_backticks(expected)), "the outcome of " + name);
    }
    const bool retried = row[3] == "where safe";
    recipes::check(retried == sso::pipeline::is_transient(report_of(code)),
                   name + " is retried as the table says");
  }
  CHECK_THAT(codes == 20);
  for (const unsigned status : {408u, 600u}) {
    sso::pipeline::attempt_report report;
    report.status = status;
    CHECK_THAT(sso::pipeline::is_transient(report));
    CHECK_THAT(sso::pipeline::outcome_of_status(status) == sso::outcome::maybe_executed);
  }
  for (const auto o : {sso::outcome::not_sent, sso::outcome::maybe_executed, sso::outcome::rejected}) {
    recipes::check(text.find("\n| " + in_backticks(sso::to_string(o)) + " |") != std::string::npos,
                   "every outcome");
  }
}

RECIPE(handling) {
  using handling_text::next;
  const auto ends = [](auto script) {
    sso::testing::manual_runtime time;
    sso::testing::fake_transport server{time};
    script(server);
    const sso::keycard::basic_client keycard{server, sso::bearer_token{std::string{"token"}}, {}, time};
    return sso::testing::run(handling_text::switch_off(keycard, "acme"));
  };
  CHECK_THAT(ends([](auto server) { server.reply(204); }) == next::done);
  CHECK_THAT(ends([](auto server) { server.reply(404); }) == next::done);
  CHECK_THAT(ends([](auto server) { server.reply(403); }) == next::give_up);
  CHECK_THAT(ends([](auto server) { server.reply(429, "", {{"Retry-After", "3600"}}); }) == next::later);
  CHECK_THAT(ends([](auto server) { server.stall().stall().stall(); }) == next::look_first);
}

RECIPE(switching) {
  using switching_text::advice;
  CHECK_THAT(advice(sso::error{sso::errc::conflict}) == "SSO is enabled already");
  CHECK_THAT(advice(sso::error{sso::errc::forbidden}) == "check the service account");
  CHECK_THAT(advice(sso::error{sso::errc::timeout}) == "see the log");
  CHECK_THAT(advice(sso::error{}) == "see the log");
}

RECIPE(which_text) {
  const auto text = page();
  const auto shown = [&](const std::string& member, const std::string& of_404,
                         const std::string& of_argument) {
    const auto cell = [](const std::string& value) {
      return value.empty() ? " |" : " " + in_backticks(value) + " |";
    };
    const auto at = text.find("\n| " + in_backticks(member) + " | ", text.find("## Which text"));
    recipes::check(at != std::string::npos, "a row for " + member);
    const auto line = text.substr(at + 1, text.find('\n', at + 1) - at - 1);
    recipes::check(line.ends_with(" |" + cell(of_404) + cell(of_argument)), member + " in: " + line);
  };
  sso::testing::fake_transport server;
  server.reply(404, R"({"message": "no such organization", "code": "not_found", "status": 404})");
  const sso::keycard::basic_client keycard{server, sso::bearer_token{std::string{"token"}}};
  const auto absent = sso::testing::run(keycard.retrieve("acme")).error();
  const auto refused = sso::testing::run(keycard.retrieve("")).error();
  const auto whole = absent.message();
  shown("code().message()", absent.code().message(), refused.code().message());
  shown("what()", absent.what(), refused.what());
  shown("server_message()", absent.server_message(), refused.server_message());
  shown("message()", whole.substr(0, whole.find(" (")) + " (...)", refused.message());
  CHECK_THAT(sso::exception{absent}.what() == absent.message());
}

RECIPE(unsettled) {
  const auto ends = [](auto call) {
    sso::testing::fake_transport server;
    server.fail(sso::errc::protocol_error, sso::outcome::maybe_executed);
    return sso::testing::run(
        call(sso::keycard::basic_client{server, sso::bearer_token{std::string{"token"}}}));
  };
  CHECK_THAT(ends([](auto keycard) { return keycard.disable("acme"); }).error().unsettled());
  CHECK_THAT(!ends([](auto keycard) { return keycard.retrieve("acme"); }).error().unsettled());
}

RECIPE(the_line) {
  sso::testing::manual_runtime time;
  sso::testing::fake_transport server{time};
  for (int i = 0; i != 3; ++i) {
    server.reply(429, R"({"message": "slow down", "code": "too_many", "status": 429})",
                 {{"Retry-After", "7"}, {"X-Request-Id", "req-9"}});
  }
  const sso::keycard::basic_client keycard{server, sso::bearer_token{std::string{"token"}}, {}, time};
  const auto failed = sso::testing::run(keycard.retrieve(
      "acme", {}, sso::call_options{}.client_request_id("5f0c9d4e-3a52-4d0e-9c41-0f6f2f0a7b11")));
  auto text = page();
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; ++at) text[at] = ' ';
  recipes::check(text.find(failed.error().message()) != std::string::npos,
                 "the line shown is " + failed.error().message());
}
