// SPDX-License-Identifier: BSL-1.0
#include "own_transport.hpp"

#include <sso/testing/fake_transport.hpp>
#include <sso/testing/run.hpp>

#include <cstdio>

int main() {
  sso::testing::fake_transport server;
  server.reply(404, R"({"message":"SSO is not enabled","code":"not_found","status":404})");

  sso::keycard::basic_client keycard{traced{server}, sso::bearer_token{"token"}};
  const auto connection = sso::testing::run(keycard.retrieve("acme"));

  const auto sent = server.requests();
  const bool good = !connection && connection.error().code() == sso::errc::not_found && sent.size() == 1 &&
                    sent[0].headers.get("traceparent") == current_traceparent();
  if (!good) std::fputs("the transport of the README did not pass the trace on\n", stderr);
  return good ? 0 : 1;
}
