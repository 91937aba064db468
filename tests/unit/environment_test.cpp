// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/keycard.hpp>
#include <sso/truto/environment.hpp>

#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>
#include <variant>

using namespace sso;

namespace {

struct variable {
  variable(const char* name, const std::string& value) : name_{name} { ::setenv(name, value.c_str(), 1); }
  ~variable() { ::unsetenv(name_); }
  variable(const variable&) = delete;
  variable& operator=(const variable&) = delete;

private:
  const char* name_;
};

std::string refused() {
  try {
    (void)keycard::from_environment();
    return {};
  } catch (const exception& e) {
    return e.what();
  }
}

}  // namespace

TEST_CASE("credentials and options are read from the environment", "[environment]") {
  CHECK(refused().find("KEYCARD_API_CLIENT_ID") != std::string::npos);
  const variable id{"KEYCARD_API_CLIENT_ID", "id"};
  CHECK(refused().find("KEYCARD_API_CLIENT_SECRET") != std::string::npos);
  const variable password{"KEYCARD_API_CLIENT_SECRET", "canary"};
  CHECK(refused().empty());
  const variable base{"KEYCARD_API_BASE_URL", "https://staging.example/v1"};
  const variable headers{"KEYCARD_API_CUSTOM_HEADERS", "X-A: 1\r\n\n X-B :two: 2 \nX-C:"};
  const variable log{"KEYCARD_API_LOG", "debug"};

  client_options given;
  given.headers = {{"x-a", "mine"}};
  const auto found = keycard::from_environment(given);
  CHECK(std::get<client_credentials>(found.credentials).client_id() == "id");
  CHECK(std::get<client_credentials>(found.credentials).client_secret().reveal() == "canary");
  CHECK(found.options.base_url == "https://staging.example/v1");
  CHECK(found.options.headers.get("X-A") == "mine");
  CHECK(found.options.headers.get("X-B") == "two: 2");
  CHECK(found.options.headers.get("X-C") == "");
  CHECK(found.options.observer);

  {
    const variable wrong{"KEYCARD_API_LOG", "loud"};
    CHECK(refused().find("KEYCARD_API_LOG: must be 'debug', 'info', 'warn', 'error' or 'off'") !=
          std::string::npos);
  }
  {
    const variable wrong{"KEYCARD_API_CUSTOM_HEADERS", "X-A: 1\nX B: 2"};
    CHECK(refused().find("KEYCARD_API_CUSTOM_HEADERS: line 2: a header name") != std::string::npos);
  }
  {
    const variable wrong{"KEYCARD_API_BASE_URL", "staging.example"};
    CHECK(refused().find("KEYCARD_API_BASE_URL: must be an absolute URL") != std::string::npos);
  }
  {
    const variable wrong{"KEYCARD_API_BASE_URL", "http://staging.example"};
    CHECK(refused().find("KEYCARD_API_BASE_URL: credentials travel over plain http") != std::string::npos);
  }
  {
    const variable wrong{"KEYCARD_API_CUSTOM_HEADERS", "X-A: 1\nno colon"};
    CHECK(refused().find("KEYCARD_API_CUSTOM_HEADERS: line 2") != std::string::npos);
  }
  {
    const variable wrong{"KEYCARD_API_CUSTOM_HEADERS", "x-client-request-id: x"};
    CHECK(refused().find("KEYCARD_API_CUSTOM_HEADERS: X-Client-Request-ID differs with every call") !=
          std::string::npos);
  }
}

TEST_CASE("credentials with a line end are refused and the environment variable is named", "[environment]") {
  for (const std::string end : {"\n", "\r\n"}) {
    {
      const variable id{"KEYCARD_API_CLIENT_ID", "id" + end};
      const variable password{"KEYCARD_API_CLIENT_SECRET", "canary"};
      CHECK(
          refused().find("KEYCARD_API_CLIENT_ID: must not contain control characters, such as a line end") !=
          std::string::npos);
    }
    const variable id{"KEYCARD_API_CLIENT_ID", "id"};
    const variable password{"KEYCARD_API_CLIENT_SECRET", "canary" + end};
    const auto words = refused();
    CHECK(words.find("KEYCARD_API_CLIENT_SECRET: must not contain control characters, such as a line end") !=
          std::string::npos);
    CHECK(words.find("canary") == std::string::npos);
  }
}

TEST_CASE("options_from_environment works without credentials in the environment", "[environment]") {
  const variable base{"KEYCARD_API_BASE_URL", "https://staging.example/v1"};
  const variable headers{"KEYCARD_API_CUSTOM_HEADERS", "X-A: 1"};
  const auto found = keycard::options_from_environment();
  CHECK(found.base_url == "https://staging.example/v1");
  CHECK(found.headers.get("X-A") == "1");
  client_options given;
  given.base_url = "https://mine.example";
  CHECK(keycard::options_from_environment(given).base_url == "https://mine.example");

  CHECK(truto::options_from_environment().base_url.empty());
  const variable truto_base{"TRUTO_API_BASE_URL", "https://truto.example"};
  CHECK(truto::options_from_environment().base_url == "https://truto.example");
  CHECK(truto::options_from_environment(given).base_url == "https://mine.example");
  CHECK_THROWS_AS(truto::from_environment(), exception);
  const variable token{"TRUTO_API_TOKEN", "canary"};
  const auto all = truto::from_environment();
  CHECK(std::get<bearer_token>(all.credentials).token().reveal() == "canary");
  CHECK(all.options.base_url == "https://truto.example");
  const variable wrong{"TRUTO_API_BASE_URL", "truto.example"};
  std::string refusal;
  try {
    (void)truto::options_from_environment();
  } catch (const exception& e) {
    refusal = e.what();
  }
  CHECK(refusal.find("TRUTO_API_BASE_URL: must be an absolute URL") != std::string::npos);
}

TEST_CASE("KEYCARD_API_LOG accepts the log levels of the official clients", "[environment]") {
  struct row {
    std::string level;
    bool started, retried, failed;  // which events are logged
  };
  const auto one = GENERATE(values<row>({{"debug", true, true, true},
                                         {"info", false, true, true},
                                         {"warn", false, true, true},
                                         {"error", false, false, true},
                                         {"off", false, false, false}}));
  INFO(one.level);
  const variable id{"KEYCARD_API_CLIENT_ID", "id"};
  const variable password{"KEYCARD_API_CLIENT_SECRET", "canary"};
  const variable log{"KEYCARD_API_LOG", one.level};
  const auto observer = keycard::from_environment().options.observer;
  CHECK(bool{observer} == (one.level != "off"));

  std::ostringstream written;
  auto* const before = std::clog.rdbuf(written.rdbuf());
  const sso::events::call_info call{"keycard.retrieve", "id", "GET", "/path"};
  if (observer) {
    observer(sso::events::attempt_started{call, 1});
    observer(sso::events::retry_scheduled{call, 1, 503, std::nullopt, {}});
    observer(sso::events::call_finished{call, 2, 500, sso::errc::server_error, {}, {}});
  }
  std::clog.rdbuf(before);
  const auto text = written.str();
  CHECK((text.find("attempt 1: GET /path") != text.npos) == one.started);
  CHECK((text.find("attempt 1 failed: 503") != text.npos) == one.retried);
  CHECK((text.find("finished 500") != text.npos) == one.failed);
}
