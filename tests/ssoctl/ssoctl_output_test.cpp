// SPDX-License-Identifier: BSL-1.0
#include "ssoctl_fixture.hpp"

#include <boost/json/serialize.hpp>

#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl --dry-run sends nothing and shows no secret", "[ssoctl]") {
  environment = {{"KEYCARD_API_CUSTOM_HEADERS", "X-Key: canary-1"}};
  const words arguments{"keycard",      "enable",     "ac me",     "--client-id",          "portal",
                        "--identifier", "https://i/", "--dry-run", "--client-secret-stdin"};
  const auto shown = run(arguments, "canary-2\n");
  CHECK(shown.status == 0);
  CHECK(shown.out.starts_with("POST " + server.base_url() + "/organizations/ac%20me/sso-connection\n"));
  CHECK(has(shown.out, "\nX-Key: [redacted]\n"));
  CHECK(has(shown.out, "\nAuthorization: [redacted]\n"));
  CHECK(has(shown.out, "\nContent-Type: application/json\n"));
  const auto body = R"_({"client_id":"portal","identifier":"https://i/","client_secret":"[redacted]"})_";
  CHECK(has(shown.out, body));

  const auto request = json(arguments, "canary-2\n").as_object();
  CHECK(request.at("method") == "POST");
  CHECK(request.at("body").at("identifier") == "https://i/");
  CHECK_FALSE(has(shown.out + shown.err + boost::json::serialize(request), "canary"));

  const auto cleared =
      json({"keycard", "update", "acme", "--clear", "client_secret", "--dry-run"}).as_object();
  CHECK(boost::json::serialize(cleared.at("body")) == R"({"client_secret":null})");

  const auto base = server.base_url();
  CHECK(text(json({"keycard", "get", "acme", "--expand", "permissions", "--dry-run"}).at("url")) ==
        base + "/organizations/acme/sso-connection?expand=permissions");
  CHECK(text(json({"keycard", "get", "--expand", "permissions", "acme", "--dry-run"}).at("url")) ==
        base + "/organizations/acme/sso-connection?expand=permissions");
  CHECK(json({"keycard", "disable", "acme", "--dry-run"}).at("method") == "DELETE");
  environment["KEYCARD_API_CLIENT_ID"] = environment["KEYCARD_API_CLIENT_SECRET"] = "";
  CHECK(json({"keycard", "disable", "acme", "--dry-run"}).at("method") == "DELETE");
  CHECK(text(json({"truto", "get", id, "--dry-run"}).at("url")) == base + "/sso-connection/" + id);
  CHECK(text(json({"truto", "domains", id, "--page-size", "5", "--dry-run"}).at("url")) ==
        base + "/sso-connection/" + id + "/domains?limit=5");
  CHECK(json({"truto", "update", id, "--enforced", "true", "--dry-run"}).at("method") == "PATCH");
  CHECK(json({"truto", "add-domain", id, "a.example", "--dry-run"}).at("body").at("domain") == "a.example");
  CHECK(json({"truto", "verify-domain", id, "a.example", "--wait", "--dry-run"}).at("method") == "POST");
  CHECK(server.connections() == 0);
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl --dry-run checks --token-url and requests no token", "[ssoctl]") {
  const words get{"keycard", "get", "acme", "--dry-run", "--token-url"};
  const auto with = [&](const std::string& url) {
    auto all = get;
    all.push_back(url);
    return all;
  };
  CHECK(text(json(with("/token")).at("url")) == server.base_url() + "/organizations/acme/sso-connection");
  const auto refused = run(with("token"));
  CHECK(refused.status == 2);
  CHECK(has(refused.err, "token_url: "));
  CHECK(server.connections() == 0);
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl --quiet prints the result of a dry run and no other", "[ssoctl]") {
  keycard.add_connection("acme");
  const words ensure{"keycard", "ensure", "acme", "--client-id", "new", "--identifier", "i", "--quiet"};
  auto plan = ensure;
  plan.push_back("--dry-run");
  CHECK(has(run(plan).out, "would be updated"));
  CHECK(has(run({"keycard", "disable", "acme", "--quiet", "--dry-run"}).out, "DELETE "));
  CHECK(run(ensure).out.empty());
  CHECK(run({"keycard", "get", "acme", "--quiet"}).out.empty());
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl sends the items of a list without blanks around them", "[ssoctl]") {
  const auto body = [&](const std::string& list) {
    return boost::json::serialize(
        json({"keycard", "update", "acme", "--oauth2-scopes-supported", list, "--dry-run"}).at("body"));
  };
  CHECK(body(" a, b ,c") == R"({"protocols":{"oauth2":{"scopes_supported":["a","b","c"]}}})");
  CHECK(body("") == R"({"protocols":{"oauth2":{"scopes_supported":[]}}})");
  CHECK(text(json({"keycard", "get", "acme", "--expand", "a, b", "--dry-run"}).at("url"))
            .ends_with("?expand=a&expand=b"));
  CHECK(boost::json::serialize(
            json({"keycard", "update", "acme", "--clear", "client_id, protocols", "--dry-run"}).at("body")) ==
        R"({"client_id":null,"protocols":null})");
  for (const std::string wrong : {"a,,b", "a,", ",a", "a, ,b", " "}) {
    CAPTURE(wrong);
    const auto refused = run({"keycard", "update", "acme", "--oauth2-scopes-supported", wrong});
    CHECK(refused.status == 2);
    CHECK(has(refused.err, "--oauth2-scopes-supported: an item of the list is empty"));
  }
  CHECK(server.connections() == 0);
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl redacts the values of custom headers of 8 characters or more",
                 "[ssoctl]") {
  keycard.add_connection("acme");
  environment["KEYCARD_API_CUSTOM_HEADERS"] = "X-Key: canary-header\nX-Mode: shadows";
  const auto shown = json({"keycard", "update", "acme", "--client-id", "canary-header of shadows"});
  CHECK(shown.at("client_id") == "[redacted] of shadows");
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl escapes control characters in responses", "[ssoctl]") {
  // ESC, C1 CSI, a change of writing direction, and an invalid UTF-8 byte.
  const std::string hostile = "a\x1b[2Jb\xc2\x9b"
                              "c\xe2\x80\xaeg\xff"
                              "d";
  const auto harmless = [](const std::string& text) {
    return !has(text, "\x1b") && !has(text, "\xc2\x9b") && !has(text, "\xe2\x80\xae") && !has(text, "\xff");
  };
  const std::string body =
      R"({"message":"a\u001b[2Jb\u009bc\u202eg","code":"\u001b]0;title\u0007","status":422})";
  keycard.add_connection("acme");
  keycard.fail_next(422, {}, body);
  const auto refused = run({"keycard", "get", "acme"});
  CHECK(refused.status == 5);
  CHECK(has(refused.err, "a\\x1b[2Jb"));
  CHECK(harmless(refused.err));

  keycard.fail_next(422, {}, body);
  const auto as_json = run({"keycard", "get", "acme", "--json"});
  CHECK(harmless(as_json.err));
  CHECK(boost::json::parse(as_json.err).at("error").at("server_message") == "a\x1b[2Jb\xc2\x9b"
                                                                            "c\xe2\x80\xaeg");

  keycard.fail_next(503,
                    {{"X-Request-Id", "a\xc2\x9b"
                                      "b"}},
                    hostile);
  const auto broken = run({"keycard", "get", "acme", "--max-retries", "0", "--verbose"});
  CHECK(broken.status == 6);
  CHECK(harmless(broken.err));

  json({"keycard", "update", "acme", "--client-id",
        "a\x1b[2Jb\xc2\x9b"
        "c\xe2\x80\xaeg"});
  const auto table = run({"keycard", "get", "acme"});
  CHECK(has(table.out, "a\\x1b[2Jb\\u{009b}c\\u{202e}g\n"));
  CHECK(harmless(table.out));
  const auto line = run({"keycard", "get", "acme", "--json"});
  CHECK(harmless(line.out));
  CHECK(boost::json::parse(line.out).at("client_id") == "a\x1b[2Jb\xc2\x9b"
                                                        "c\xe2\x80\xaeg");
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl does not print a secret even if the server repeats it", "[ssoctl]") {
  keycard.add_connection("acme").add_client("id", "canary-one");
  environment["KEYCARD_API_CLIENT_SECRET"] = "canary-one";
  environment["TRUTO_API_TOKEN"] = "canary-two";
  environment["IDP_SECRET"] = "canary-\"three\"";
  truto.accept_token("canary-two");
  std::string all;
  const auto take = [&](const child::ending& ended) { all += ended.out + ended.err; };

  for (const std::string form : {"--json", "--quiet", "--verbose", "--dry-run"}) {
    // The program does not know a secret that is only stored at the server.
    const std::string known = R"({"message":"canary-one","code":"canary-one","client_secret":"canary-one"})";
    const std::string echo =
        R"({"message":"canary-one canary-\"three\"","code":"canary-one","client_secret":"canary-\"three\""})";
    take(run({"keycard", "update", "acme", "--client-secret-env", "IDP_SECRET", form}));
    keycard.fail_next(422, {{"X-Request-Id", "canary-one"}}, echo);
    take(run({"keycard", "update", "acme", "--client-secret-env", "IDP_SECRET", form}));
    for (const std::string body : {"<p>canary-one canary-\"three\"</p>", R"({"cut":["canary-\"three\")"}) {
      keycard.fail_next(422, {{"Content-Type", "text/html; canary-one"}}, body);
      take(run({"keycard", "update", "acme", "--client-secret-env", "IDP_SECRET", form}));
    }
    keycard.fail_next(200, {}, known);
    take(run({"keycard", "get", "acme", form}));
    keycard.fail_next(302, {{"Location", "https://canary-one.example/canary-one"}}, known);
    take(run({"keycard", "get", "acme", form}));
    keycard.fail_next_token(401, {}, known);
    take(run({"keycard", "get", "acme", form}));
    truto.fail_next(400, {}, R"({"statusCode":400,"error":"canary-two","message":"canary-two"})");
    take(run({"truto", "update", id, "--client-secret-env", "IDP_SECRET", form}));
    take(run({"keycard", "get", "acme", "--token-stdin", form}, "canary-four\n"));
  }
  CHECK(keycard.has_client_secret("acme", environment["IDP_SECRET"]));
  CHECK(has(all, "[redacted]"));
  CAPTURE(all);
  CHECK_FALSE(has(all, "canary"));
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl --verbose logs each attempt", "[ssoctl]") {
  keycard.add_connection("acme");
  keycard.fail_next(503, {{"Retry-After-Ms", "20"}});
  const auto told = run({"keycard", "get", "acme", "--verbose", "--json"});
  CHECK(told.status == 0);
  CHECK(boost::json::parse(told.out).is_object());
  CHECK(has(told.err, "attempt 1: GET /organizations/acme/sso-connection\n"));
  CHECK(has(told.err, "attempt 1 failed: 503, retry in 20 ms\n"));
  CHECK(has(told.err, "finished 200 after 2 attempts"));
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl shows progress only on a terminal", "[ssoctl]") {
  if (!child::has_terminals()) {
    WARN("skipped: this machine has no pseudo-terminals");
    return;
  }
  keycard.add_connection("acme");
  auto start = this->start({"keycard", "get", "acme"});
  start.terminal = true;

  SECTION("during an attempt") {
    hold.close();
    child running{start};
    running.until_err("attempt 1, ");
    hold.open();
    const auto ended = running.wait();
    CHECK(ended.status == 0);
    CHECK(has(ended.err, " s  GET /organizations/acme/sso-connection\x1b[K"));
    CHECK(ended.err.ends_with("\r\x1b[K"));
    CHECK_FALSE(has(ended.out, "\x1b"));
  }
  SECTION("during the backoff before the next attempt") {
    keycard.fail_next(503, {{"Retry-After", "59"}});
    child running{start};
    running.until_err("attempt 1 failed: 503, retry in 5");
    running.signal(SIGINT);
    const auto ended = running.wait();
    CHECK(ended.status == 130);
    CHECK(has(ended.err, "\r\x1b[Kssoctl: GET /organizations/acme/sso-connection: cancelled"));
  }
  SECTION("during the wait for an access token") {
    keycard.fail_next_token(503, {{"Retry-After", "59"}});
    child running{start};
    running.until_err("no access token, retry in 5");
    running.signal(SIGINT);
    CHECK(running.wait().status == 130);
  }
  SECTION("during the wait for the next check of a domain") {
    json({"truto", "add-domain", id, "acme.example"});
    start.arguments = this->start({"truto", "verify-domain", id, "acme.example", "--wait", "--interval", "1h",
                                   "--timeout", "2h"})
                          .arguments;
    child running{start};
    running.until_err("1 check, next in ");
    running.signal(SIGINT);
    const auto ended = running.wait();
    CHECK(ended.status == 130);
    CHECK(has(ended.err, " left  no TXT record on acme.example has "));
    CHECK(has(ended.err, ", 119:5"));
    CHECK_FALSE(has(ended.err, "attempt"));
  }
  SECTION("during the backoff of a check of a domain") {
    json({"truto", "add-domain", id, "acme.example"});
    truto.fail_next(503, {{"Retry-After", "59"}});
    start.arguments = this->start({"truto", "verify-domain", id, "acme.example", "--wait"}).arguments;
    child running{start};
    running.until_err("0 checks, next in 5");
    running.signal(SIGINT);
    CHECK(has(running.wait().err, " left  acme.example: a check failed: 503\x1b[K"));
  }
  SECTION("during a check of a domain") {
    json({"truto", "add-domain", id, "acme.example"});
    hold.close();
    const bool waits = GENERATE(false, true);
    start.arguments = this->start({"truto", "verify-domain", id, "acme.example"}).arguments;
    if (waits) start.arguments.push_back("--wait");
    child running{start};
    running.until_err(waits ? "0 checks, checking, 14:5" : "attempt 1, ");
    running.signal(SIGINT);
    CHECK(has(running.wait().err, "  acme.example\x1b[K"));
  }
  SECTION("during an examination of a provider") {
    hold.close();
    start.arguments = this->start({"doctor", issuer, "--allow-private"}).arguments;
    child running{start};
    running.until_err("examining the provider, ");
    running.signal(SIGINT);
    CHECK(running.wait().status == 130);
  }
  SECTION("with the log off") {
    hold.close();
    start.environment["KEYCARD_API_LOG"] = "off";
    child running{start};
    running.until_err("attempt 1, ");
    hold.open();
    CHECK(running.wait().status == 0);
  }
  SECTION("not with --json or --quiet or --dry-run") {
    const std::string form = GENERATE("--json", "--quiet", "--dry-run");
    keycard.fail_next(503, {{"Retry-After-Ms", "400"}});
    start.arguments.push_back(form);
    CHECK(run_program(start).err.empty());
  }
  SECTION("not with the debug log") {
    keycard.fail_next(503, {{"Retry-After-Ms", "400"}});
    start.environment["KEYCARD_API_LOG"] = "debug";
    const auto told = run_program(start).err;
    CHECK(has(told, "attempt 1: GET /organizations/acme/sso-connection"));
    CHECK_FALSE(has(told, "\x1b"));
  }
  SECTION("not on a dumb terminal") {
    keycard.fail_next(503, {{"Retry-After-Ms", "400"}});
    start.environment["TERM"] = "dumb";
    CHECK(run_program(start).err.empty());
  }
  SECTION("not without a terminal") {
    keycard.fail_next(503, {{"Retry-After-Ms", "400"}});
    start.terminal = false;
    CHECK(run_program(start).err.empty());
  }
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl prints numbers unchanged from the response", "[ssoctl]") {
  keycard.add_connection("acme");
  std::string body = run({"keycard", "get", "acme", "--json"}).out;
  body.replace(body.rfind('}'), 1,
               R"(,"much":1e400,"id_of_theirs":123456789012345678901234567890,"small":-0.10})");
  keycard.fail_next(200, {{"Content-Type", "application/json"}}, body);
  const auto shown = run({"keycard", "get", "acme", "--json"});
  CHECK(shown.status == 0);
  CHECK(shown.out.ends_with(R"(,"much":1e400,"id_of_theirs":123456789012345678901234567890,"small":-0.10})"
                            "\n"));
  keycard.fail_next(200, {{"Content-Type", "application/json"}}, body);
  const auto table = run({"keycard", "get", "acme"}).out;
  CHECK(has(table, "  1e400\n"));
  CHECK(has(table, "  123456789012345678901234567890\n"));
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl redacts a secret that is a common word in values and not in names",
                 "[ssoctl]") {
  const std::string word = GENERATE("secret", "client_id", "identifier");
  environment["IDP_SECRET"] = word;
  const words enable{"keycard",     "enable",       "acme",       "--client-id",
                     "our " + word, "--identifier", "https://i/", "--client-secret-env",
                     "IDP_SECRET"};
  auto dry = enable;
  dry.push_back("--dry-run");
  CHECK(has(run(dry).out,
            R"_({"client_id":"our [redacted]","identifier":"https://i/","client_secret":"[redacted]"})_"));
  const auto table = run(enable);
  CHECK(table.status == 0);
  CHECK(has(table.out, "client_id          our [redacted]\n"));
  CHECK(has(table.out, "client_secret_set  true\n"));
  keycard.fail_next(422, {}, R"({"message":"bad )" + word + R"(","code":"x"})");
  auto again = enable;
  again.push_back("--json");
  const auto refused = boost::json::parse(run(again).err).at("error").as_object();
  CHECK(refused.at("server_message") == "bad [redacted]");
  CHECK(refused.at("outcome") == "rejected");
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl fails if its output cannot be written", "[ssoctl]") {
  keycard.add_connection("acme").add_organization("globex");
  const auto to_full_disk = [&](words arguments) {
    auto start = this->start(std::move(arguments));
    start.output_file = "/dev/full";
    return run_program(start);
  };
  const auto read = to_full_disk({"keycard", "get", "acme"});
  CHECK(read.status == 1);
  CHECK(has(read.err, "ssoctl: cannot write to stdout\n"));
  const auto change = to_full_disk({"keycard", "enable", "globex", "--client-id", "c", "--identifier", "i"});
  CHECK(change.status == 8);
  CHECK(has(change.err, "ssoctl: cannot write to stdout; the change was made\n"));
  CHECK(keycard.enabled("globex"));
  const auto error_of = [](const child::ending& ended) {
    INFO(ended.err);
    return boost::json::parse(ended.err).at("error").as_object();
  };
  const auto disabled = to_full_disk({"keycard", "disable", "globex", "--json"});
  CHECK(disabled.status == 8);
  const auto error = error_of(disabled);
  CHECK(error.at("code") == "output_failed");
  CHECK(error.at("message") == "cannot write to stdout; the change was made");
  CHECK(error.at("unsettled") == true);
  CHECK(error.at("exit_code") == 8);
  const auto unread = error_of(to_full_disk({"keycard", "get", "acme", "--json"}));
  CHECK(unread.at("message") == "cannot write to stdout");
  CHECK(unread.at("exit_code") == 1);
  CHECK(error_of(to_full_disk({"keycard", "get", "acme", "--dry-run", "--json"})).at("exit_code") == 1);
  const words ensure{"keycard", "ensure", "globex", "--client-id", "c", "--identifier", "i"};
  CHECK(to_full_disk(ensure).status == 8);
  CHECK(to_full_disk(ensure).status == 1);  // no change was made
  CHECK(to_full_disk({"keycard", "disable", "acme", "--quiet"}).status == 0);
  CHECK(to_full_disk({"keycard", "disable", "acme", "--dry-run"}).status == 1);
  auto help = child::start{ssoctl_program, {"--help"}, {}, {}};
  help.output_file = "/dev/full";
  CHECK(run_program(help).status == 1);
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl reports a change whose output meets a closed pipe", "[ssoctl]") {
  const temporary_file place{""};
  const auto pipe = place.name() + ".pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  keycard.add_organization("globex");
  auto begin = start({"keycard", "enable", "globex", "--client-id", "c", "--identifier", "i"});
  begin.output_file = pipe;
  hold.close();
  child program{begin};
  hold.await_arrival();
  ::close(reader);
  hold.open();
  const auto ended = program.wait();
  std::remove(pipe.c_str());
  CHECK(ended.status == 8);
  CHECK(has(ended.err, "ssoctl: cannot write to stdout; the change was made\n"));
}
