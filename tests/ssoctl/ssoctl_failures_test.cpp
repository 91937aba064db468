// SPDX-License-Identifier: BSL-1.0
#include "ssoctl_fixture.hpp"

#include <sso/testing/certificate.hpp>

#include <csignal>

namespace {

struct expected {
  unsigned status;
  int read;   ///< the exit code of a read
  int write;  ///< the exit code of a write
};

}  // namespace

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl has an exit code for each class of failure", "[ssoctl]") {
  keycard.add_connection("acme");
  for (const expected e : {expected{400, 5, 5},
                           {403, 3, 3},
                           {404, 4, 4},
                           {409, 5, 5},
                           {422, 5, 5},
                           {429, 6, 6},
                           {500, 6, 8},
                           {503, 6, 6},
                           {418, 1, 1},
                           {302, 1, 1}}) {
    CAPTURE(e.status);
    keycard.fail_next(e.status).fail_next(e.status);
    CHECK(run({"keycard", "get", "acme", "--max-retries", "0"}).status == e.read);
    CHECK(run({"keycard", "update", "acme", "--client-id", "x", "--max-retries", "0"}).status == e.write);
  }
  CHECK(run({"keycard", "get", "globex"}).status == 4);
  CHECK(run({"truto", "get", "1ba1f401-7183-47c5-9e39-000000000000"}).status == 4);

  truto.revoke_tokens();
  CHECK(run({"truto", "get", id}).status == 3);
  environment["KEYCARD_API_CLIENT_SECRET"] = "wrong";
  CHECK(run({"keycard", "get", "acme"}).status == 3);
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl without a response exits with status 7", "[ssoctl]") {
  auto start = this->start({"keycard", "get", "acme", "--max-retries", "0"});
  std::string code;
  SECTION("the connection is refused") {
    start.arguments = {"keycard", "get", "acme", "--max-retries", "0", "--base-url", "https://127.0.0.1:1"};
    code = "connect_failed";
  }
  SECTION("the server certificate is not trusted") {
    start.arguments = {"keycard", "get", "acme", "--base-url", server.base_url(), "--ca-file"};
    const sso::testing::certificate_authority other;
    const temporary_file wrong{other.pem()};
    start.arguments.push_back(wrong.name());
    const auto ended = run_program(start);
    CHECK(ended.status == 7);
    CHECK(has(ended.err, "tls_failed"));
    return;
  }
  SECTION("the server does not respond") {
    hold.close();
    start.arguments.insert(start.arguments.end(), {"--timeout", "200ms"});
    code = "timeout";
  }
  const auto ended = run_program(start);
  CHECK(ended.status == 7);
  CHECK(has(ended.err, code));
  CHECK(ended.out.empty());
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl exits with status 8 if the response to a write is lost",
                 "[ssoctl]") {
  keycard.fail_next(0);  // the server closes the connection without a response
  const auto lost = run({"keycard", "enable", "acme", "--client-id", "c", "--identifier", "i", "--json"});
  CHECK(lost.status == 8);
  const auto error = boost::json::parse(lost.err).at("error").as_object();
  CHECK(error.at("code") == "transport_failed");
  CHECK(error.at("outcome") == "maybe_executed");
  CHECK(error.at("unsettled") == true);
  CHECK(error.at("exit_code") == 8);
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl --json prints the start of the response body of a failed call",
                 "[ssoctl]") {
  keycard.add_connection("acme");
  const std::string page = "<html>the gateway's own page</html>" + std::string(5000, '.');
  keycard.fail_next(502, {{"Content-Type", "text/html"}}, page);
  const auto refused = run({"keycard", "get", "acme", "--max-retries", "0", "--json"});
  CHECK(refused.status == 6);
  const auto error = boost::json::parse(refused.err).at("error").as_object();
  CHECK(text(error.at("body")) == page.substr(0, 4096));
  CHECK(error.at("unsettled") == false);

  const auto unsent = run({"keycard", "get", "..", "--json"});
  CHECK(boost::json::parse(unsent.err).at("error").at("body") == "");
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl accepts the levels of KEYCARD_API_LOG and refuses other values",
                 "[ssoctl]") {
  keycard.add_connection("acme");
  const auto log_at = [&](const std::string& level) {
    environment["KEYCARD_API_LOG"] = level;
    keycard.fail_next(503, {{"Retry-After-Ms", "1"}});
    const auto told = run({"keycard", "get", "acme"});
    CHECK(told.status == 0);
    return told.err;
  };
  CHECK(has(log_at("info"), "finished 200"));
  const auto warnings = log_at("warn");
  CHECK(has(warnings, "attempt 1 failed: 503"));
  CHECK_FALSE(has(warnings, "finished 200"));
  CHECK(log_at("error").empty());
  CHECK(log_at("off").empty());

  environment["KEYCARD_API_LOG"] = "loud";
  const auto refused = run({"keycard", "get", "acme"});
  CHECK(refused.status == 2);
  CHECK(has(refused.err, "KEYCARD_API_LOG: must be 'debug', 'info', 'warn', 'error' or 'off'"));
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl refuses an invalid command line and sends nothing", "[ssoctl]") {
  const std::vector<words> wrong{
      {},
      {"keycard"},
      {"keycard", "get"},
      {"keycard", "get", "acme", "surplus"},
      {"keycard", "get", "acme", "--no-such-option"},
      {"keycard", "get", ".."},
      {"keycard", "get", std::string(256, 'x')},
      {"keycard", "get", "acme", "--timeout", "0"},
      {"keycard", "get", "acme", "--timeout", "soon"},
      {"keycard", "get", "acme", "--max-retries", "21"},
      {"keycard", "enable", "acme", "--client-id", "c"},
      {"keycard", "enable", "acme", "--client-id", "c", "--identifier", ""},
      {"keycard", "enable", "acme", "--client-id", "c", "--identifier", "i", "--client-secret", "given-away"},
      {"keycard", "enable", "acme", "--client-id", "c", "--identifier", "i", "--client-secret-env",
       "NOT_SET"},
      {"keycard", "enable", "acme", "--client-id", "c", "--identifier", "i", "--client-secret-stdin"},
      {"keycard", "enable", "acme", "--client-id", "c", "--identifier", "i", "--oauth2-jwks-uri", "no uri"},
      {"keycard", "update", "acme"},
      {"keycard", "update", "acme", "--clear", "identifier"},
      {"keycard", "update", "acme", "--clear", "client_id", "--client-id", "c"},
      {"keycard", "update", "acme", "--clear", "protocols", "--oauth2-jwks-uri", "https://i"},
      {"keycard", "update", "acme", "--clear", "protocols,protocols.oauth2"},
      {"truto", "get", "no-uuid"},
      {"truto", "update", id},
      {"truto", "update", id, "--enforced", "perhaps"},
      {"truto", "update", id, "--config-idp-x509-cert", "/no/such/file"},
      {"truto", "update", id, "--config-idp-x509-cert", "-", "--client-secret-stdin"},
      {"truto", "add-domain", id, "no domain"},
      {"truto", "verify-domain", id, "a.example", "--interval", "1s"},
      {"truto", "get", id, "--token-url", "/token"},
      {"keycard", "ensure", "acme", "--client-id", "c"},
      {"keycard", "ensure", "acme", "--client-id", "c", "--identifier", "i", "--rotate-secret"},
      {"keycard", "ensure", "acme", "--client-id", "c", "--identifier", "i", "--clear", "client_secret"},
      {"keycard", "ensure", "acme", "--client-id", "c", "--identifier", "i", "--oauth2-jwks-uri", "no uri"},
      {"truto", "ensure", id},
      {"truto", "ensure", id, "--domain", "no domain"},
      {"truto", "ensure", id, "--client-secret-env", "TERM"},
      {"truto", "ensure", id, "--config-idp-metadata-xml", "-"},
      {"doctor"},
      {"doctor", ""},
      {"truto", "doctor", "no-uuid"},
      {"keycard", "get", "acme", "--allow-private"},
      {"keycard", "get", "acme", "--token-url", ""},
      {"keycard", "get", "acme", "--token-stdin=given-away"},
      {"keycard", "enable", "acme", "--client-id", "c", "--identifier", "i",
       "--client-secret-stdin=given-away"},
      {"keycard", "enable", "acme", "--client-id", "c", "--identifier", "i", "--client-secret-env",
       "given-away"},
      {"keycard", "enable", "acme", "--client-id", "c", "--identifier", "i", "--client-secret-env", ""},
  };
  for (const auto& arguments : wrong) {
    std::string shown;
    for (const auto& one : arguments) shown += one + ' ';
    CAPTURE(shown);
    const auto ended = run(arguments);
    CHECK(ended.status == 2);
    CHECK(ended.out.empty());
    CHECK(has(ended.err, "ssoctl: "));
    CHECK_FALSE(has(ended.err, "given-away"));
  }
  const auto told = run({"keycard", "get", "acme", "--no-such-option", "--json"});
  CHECK(told.status == 2);
  CHECK(text(boost::json::parse(told.err).at("error").at("code")) == "invalid_argument");
  // An empty value must not mean production.
  CHECK(run_program({ssoctl_program, {"keycard", "get", "acme", "--base-url", "", "--dry-run"}, {}, {}})
            .status == 2);

  auto start = this->start({"keycard", "get", "acme"});
  start.environment.clear();
  CHECK(run_program(start).status == 2);
  start.arguments = {"keycard", "get", "acme", "--ca-file", "/no/such/file"};
  start.environment = environment;
  CHECK(run_program(start).status == 2);
  CHECK(server.connections() == 0);
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl refuses a text in place of a file name and does not print it",
                 "[ssoctl]") {
  for (const std::string option : {"--config-idp-x509-cert", "--config-idp-metadata-xml"}) {
    for (const std::string text : {"-----BEGIN PRIVATE KEY-----\ngiven-away\n-----END PRIVATE KEY-----\n",
                                   "-----BEGIN PRIVATE KEY----- given-away",
                                   "<EntityDescriptor>given-away</EntityDescriptor>", "given\ngiven-away"}) {
      CAPTURE(option, text);
      const auto refused = run({"truto", "update", id, option, text});
      CHECK(refused.status == 2);
      CHECK(has(refused.err, option + ": holds the text, not the name of a file"));
      CHECK_FALSE(has(refused.err, "given-away"));
    }
    const auto missing = run({"truto", "update", id, option, "given-away"});
    CHECK(missing.status == 2);
    CHECK(has(missing.err, option + ": cannot read the file"));
    CHECK_FALSE(has(missing.err, "given-away"));
  }
  CHECK(server.connections() == 0);
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl refuses a certificate's file that is not one", "[ssoctl]") {
  const bool is_dry = GENERATE(false, true);
  const auto refusal = [&](const std::string& name) {
    words update{"truto", "update", id, "--config-idp-x509-cert", name, "--json"};
    if (is_dry) update.push_back("--dry-run");
    const auto refused = run(update);
    CHECK(refused.status == 2);
    CHECK(refused.out.empty());
    CHECK_FALSE(has(refused.err, "given-away"));
    return ::text(boost::json::parse(refused.err).at("error").at("message"));
  };
  const std::string option = "--config-idp-x509-cert: ";
  SECTION("a private key") {
    const temporary_file key{"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
                             "-----BEGIN RSA PRIVATE KEY-----\ngiven-away\n-----END RSA PRIVATE KEY-----\n"};
    CHECK(has(refusal(key.name()), option + "the file holds a private key, not only a certificate"));
  }
  SECTION("a directory") {
    CHECK(has(refusal("/tmp"), option + "cannot read the file"));
  }
  SECTION("an empty file") {
    CHECK(has(refusal("/dev/null"), option + "the file is empty"));
  }
  SECTION("a file without end") {
    CHECK(has(refusal("/dev/full"), option + "the file is larger than 1 MiB"));
  }
  CHECK(server.connections() == 0);
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl refuses a secret with control characters or a byte order mark",
                 "[ssoctl]") {
  words enable{"keycard", "enable", "acme", "--client-id", "c", "--identifier", "i"};
  const auto refuses = [&](const words& more, const std::string& input, const std::string& message) {
    CAPTURE(message);
    auto all = enable;
    all.insert(all.end(), more.begin(), more.end());
    const auto refused = run(all, input);
    CHECK(refused.status == 2);
    CHECK(has(refused.err, message));
    CHECK_FALSE(has(refused.err, "given-away"));
  };
  const std::string controls = " must not have control characters, such as a line end";
  const std::string mark = " must not begin with a byte order mark";
  for (const std::string value : {"given-away\n", "given-away\x01", "\tgiven-away"}) {
    environment["IDP_SECRET"] = value;
    refuses({"--client-secret-env", "IDP_SECRET"}, {},
            "--client-secret-env: the environment variable IDP_SECRET" + controls);
  }
  environment["IDP_SECRET"] = "\xef\xbb\xbfgiven-away";
  refuses({"--client-secret-env", "IDP_SECRET"}, {}, "IDP_SECRET" + mark);
  refuses({"--client-secret-stdin"}, "\xef\xbb\xbfgiven-away\n", "the client secret from stdin" + mark);
  refuses({"--client-secret-stdin"}, std::string{"given-away\0x\n", 13},
          "the client secret from stdin" + controls);
  refuses({"--token-stdin"}, "given-away\x01\n", "the access token from stdin" + controls);
  CHECK(server.connections() == 0);

  enable.push_back("--client-secret-stdin");
  CHECK(run(enable, "of the pipe\r\n").status == 0);
  CHECK(keycard.has_client_secret("acme", "of the pipe"));
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl names an unknown command and not the value of an unknown option",
                 "[ssoctl]") {
  CHECK(has(run({"keycard", "bogus"}).err, "unknown command bogus\n"));
  CHECK(has(run({"bogus"}).err, "unknown command bogus\n"));
  CHECK_FALSE(has(run({"keycard", "--client-secret", "given-away"}).err, "given-away"));
  CHECK_FALSE(has(run({"keycard", "enable", "given-away", "given-away"}).err, "given-away"));
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl names the variable with a header that the client refuses",
                 "[ssoctl]") {
  environment["KEYCARD_API_CUSTOM_HEADERS"] = "X-Client-Request-ID: x";
  const auto refused = run({"keycard", "get", "acme"});
  CHECK(refused.status == 2);
  CHECK(has(refused.err, "KEYCARD_API_CUSTOM_HEADERS: X-Client-Request-ID differs with every call"));
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl prints its help and version", "[ssoctl]") {
  const auto help = run_program({ssoctl_program, {"--help"}, {}, {}});
  CHECK(help.status == 0);
  CHECK(has(help.out, "8    a change that may have been made"));
  CHECK(help.err.empty());
  CHECK(has(run_program({ssoctl_program, {"keycard", "update", "--help"}, {}, {}}).out, "--clear"));
  CHECK(run_program({ssoctl_program, {"--version"}, {}, {}}).out.starts_with("ssoctl 0."));
}

TEST_CASE_METHOD(ssoctl_fixture,
                 "ssoctl interrupted by a signal cancels its call and exits with 128 plus the signal",
                 "[ssoctl]") {
  keycard.add_connection("acme");
  hold.close();
  child running{start({"keycard", "get", "acme"})};
  hold.await_arrival();
  const int signal = GENERATE(SIGINT, SIGTERM);
  running.signal(signal);
  const auto ended = running.wait();
  CHECK(ended.status == 128 + signal);
  CHECK(has(ended.err, "cancelled"));
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl started with SIGINT ignored is not interrupted", "[ssoctl]") {
  keycard.add_connection("acme");
  hold.close();
  auto start = this->start({"keycard", "get", "acme"});
  start.ignores_interrupt = true;
  child running{start};
  hold.await_arrival();
  running.signal(SIGINT);
  hold.open();
  CHECK(running.wait().status == 0);
}

TEST_CASE_METHOD(ssoctl_fixture, "ssoctl refuses a secret that the terminal may have cut", "[ssoctl]") {
  if (!child::has_terminals()) {
    WARN("skipped: this machine has no pseudo-terminals");
    return;
  }
  auto start = this->start({"keycard", "get", "acme", "--token-stdin"});
  start.terminal_input = true;
  child running{start};
  running.until_err("access token: ");
  running.type(std::string(4095, 'x') + '\n');
  const auto ended = running.wait();
  CHECK(ended.status == 2);
  CHECK(has(ended.err, "the terminal may have cut the access token, at 4095 bytes"));
  CHECK_FALSE(has(ended.err, "xx"));
  CHECK(running.echoes());
  CHECK(server.connections() == 0);
}

TEST_CASE_METHOD(ssoctl_fixture, "the terminal echo is restored when a hidden prompt ends", "[ssoctl]") {
  if (!child::has_terminals()) {
    WARN("skipped: this machine has no pseudo-terminals");
    return;
  }
  keycard.add_connection("acme").accept_token("typed");
  auto start = this->start({"keycard", "get", "acme", "--token-stdin"});
  start.terminal_input = true;
  child running{start};
  running.until_err("access token: ");
  CHECK_FALSE(running.echoes());

  SECTION("with the requested input") {
    running.type("typed\n");
    CHECK(running.wait().status == 0);
  }
  SECTION("by a signal") {
    const int signal = GENERATE(SIGINT, SIGTERM, SIGHUP, SIGQUIT);
    running.signal(signal);
    CHECK(running.wait().status == 128 + signal);
  }
  SECTION("after a stop and continue") {
    const std::string again = "access token: \naccess token: ";
    running.signal(SIGTSTP);
    running.await_stop(again);
    running.signal(SIGCONT);
    running.until_err(again);
    CHECK_FALSE(running.echoes());
    running.type("typed\n");
    CHECK(running.wait().status == 0);
  }
  SECTION("with empty input") {
    running.type("\n");
    CHECK(running.wait().status == 2);
  }
  CHECK(running.echoes());
}
