// SPDX-License-Identifier: BSL-1.0
// Shows the operations on an SSO connection at Keycard and at Truto, and the doctor, step by step.
//
//     demo                            fakes of both vendors on loopback, over TLS
//     demo [keycard] ORGANIZATION     reads one connection of the real Keycard; needs
//                                     KEYCARD_API_CLIENT_ID and KEYCARD_API_CLIENT_SECRET
//     demo [truto] CONNECTION         reads one connection of the real Truto; needs TRUTO_API_TOKEN
//
// SSO_DEMO_ORGANIZATION and SSO_DEMO_CONNECTION name them too. Exits with 0 if every step had the expected outcome.
#include "narrator.hpp"

#include <sso/client.hpp>
#include <sso/doctor.hpp>
#include <sso/testing/fake_idp.hpp>
#include <sso/testing/fake_keycard.hpp>
#include <sso/testing/fake_truto.hpp>
#include <sso/testing/loopback_server.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

std::string join(const std::vector<std::string>& parts) {
  std::string out;
  for (const auto& part : parts) out.append(out.empty() ? "" : ", ").append(part);
  return out;
}

std::string describe(const sso::keycard::sso_connection& c) {
  std::string out = "id " + c.id + ", identifier " + c.identifier + ", client id " +
                    c.client_id.value_or("(none)") +
                    (c.client_secret_set ? ", with a secret" : ", without a secret");
  if (c.protocols && c.protocols->oauth2 && c.protocols->oauth2->token_endpoint) {
    out += ", token endpoint " + *c.protocols->oauth2->token_endpoint;
  }
  return out;
}

std::string permissions_of(const sso::keycard::sso_connection& c) {
  std::vector<std::string> granted;
  if (c.permissions) {
    for (const auto& [resource, actions] : *c.permissions) {
      for (const auto& [action, allowed] : actions) {
        if (allowed) granted.push_back(resource + ":" + action);
      }
    }
  }
  return granted.empty() ? "you have no permissions on it" : "you may " + join(granted);
}

std::string describe(const sso::truto::sso_connection& c) {
  std::string out{c.protocol ? c.protocol->str() : "unknown protocol"};
  out += c.is_active.value_or(false) ? ", active" : ", not active";
  out += c.enforced.value_or(false) ? ", enforced" : ", not enforced";
  if (c.config && c.config->issuer) out += ", issuer " + *c.config->issuer;
  if (c.config && c.config->idp_entity_id) out += ", entity id " + *c.config->idp_entity_id;
  if (c.default_role) out += ", default role " + *c.default_role;
  return out;
}

// All operations at Keycard. `backend` is the fake, to set its faults.
asio::awaitable<void> walk_keycard(narrator& tell, sso::keycard::client keycard,
                                   sso::testing::fake_keycard backend) {
  using namespace sso::keycard;

  tell.step("read acme before SSO is enabled");
  const auto absent = co_await keycard.retrieve("acme");
  if (tell.expect(sso::errc::not_found, absent))
    tell.note("not enabled; the client also requested an access token");

  tell.step("enable it");
  const auto enabled =
      co_await keycard.enable("acme", enable_params{"acme-client", "https://idp.example.com"}
                                          .client_secret(sso::secret{"a secret that is never shown again"})
                                          .protocols(protocols_params{}.oauth2(oauth2_params{}.token_endpoint(
                                              "https://idp.example.com/token"))));
  if (tell.expect(201, enabled)) {
    tell.note(describe(*enabled));
    tell.judge(enabled->client_secret_set, "the secret was not stored");
  }

  tell.step("enable it again");
  const auto again = co_await keycard.enable("acme", enable_params{"acme-client", "https://idp.example.com"});
  if (tell.expect(sso::errc::conflict, again)) {
    tell.note("the write was not executed: outcome " + std::string{to_string(again.error().outcome())});
  }

  tell.step("read it with its permissions");
  const auto read = co_await keycard.retrieve("acme", retrieve_params{}.expand(expansion::permissions));
  if (tell.expect(200, read)) {
    tell.note(permissions_of(*read));
    tell.judge(read->permissions.has_value(), "the requested permissions are missing");
  }

  tell.step("change the issuer, remove the secret");
  const auto updated = co_await keycard.update(
      "acme", update_params{}.identifier("https://login.example.com/").client_secret(sso::null));
  if (tell.expect(200, updated)) {
    tell.note(describe(*updated));
    tell.judge(updated->identifier == "https://login.example.com/", "another identifier");
    tell.judge(!updated->client_secret_set, "the secret is still there");
    tell.judge(updated->client_id == "acme-client", "the client id was not kept");
  }

  backend.fail_next(503, {{"Retry-After-Ms", "120"}});
  tell.step("read it while the server is busy");
  const auto patient = co_await keycard.retrieve("acme");
  if (tell.expect(200, patient)) {
    tell.note("the first response was 503 with Retry-After-Ms: 120");
    tell.judge(patient->http.attempts == 2, "expected 2 attempts");
  }

  backend.revoke_tokens();
  tell.step("read it after all tokens were revoked");
  const auto renewed = co_await keycard.retrieve("acme");
  if (tell.expect(200, renewed)) {
    tell.note("the token was refused and refreshed; tokens issued: " +
              std::to_string(backend.tokens_issued()));
    tell.judge(backend.tokens_issued() == 2, "expected 2 tokens");
  }

  tell.step("disable it");
  const auto disabled = co_await keycard.disable("acme");
  tell.expect(204, disabled);
  tell.judge(!backend.enabled("acme"), "it is still enabled");
}

asio::awaitable<void> walk_truto(narrator& tell, sso::truto::client truto, sso::testing::fake_truto backend) {
  using namespace sso::truto;
  const std::string id{sso::testing::fake_truto::example_id};

  tell.step("read the connection");
  const auto read = co_await truto.retrieve(id);
  if (tell.expect(200, read)) tell.note(describe(*read));

  tell.step("change issuer and role, enforce it");
  const auto updated = co_await truto.update(id, update_params{}.enforced(true).default_role("viewer").config(
                                                     config_params{}.issuer("https://login.example.com/")));
  if (tell.expect(200, updated)) {
    tell.note(describe(*updated));
    tell.judge(updated->enforced == true, "it is not enforced");
    tell.judge(updated->config && updated->config->issuer == "https://login.example.com/", "another issuer");
    tell.judge(updated->config && updated->config->client_id.has_value(), "the rest of config is gone");
  }

  tell.step("add the domain acme.example");
  const auto added = co_await truto.add_domain(id, "acme.example");
  std::string record;
  if (tell.expect(201, added)) {
    record = added->verification_record.value_or("");
    tell.note("publish this TXT record: " + record);
    tell.judge(record.starts_with("truto-domain-verification="), "no record to publish");
  }

  tell.step("verify it before the record is published");
  const auto early = co_await truto.verify_domain(id, "acme.example");
  if (tell.expect(200, early)) {
    tell.note((early->verified ? "verified" : "not verified: ") + early->detail.value_or(""));
    tell.judge(!early->verified, "verified without a record");
  }

  backend.publish_txt("acme.example", record, 250ms);
  tell.step("publish it, wait until it is verified");
  const auto verified = co_await truto.wait_until_verified(
      id, "acme.example", sso::truto::poll{}.interval(100ms).max_interval(200ms).timeout(10s));
  if (tell.expect(200, verified)) {
    tell.note(verified->verified ? "verified" : "not verified");
    tell.judge(verified->verified, "not verified");
  }

  tell.step("list the domains");
  const auto domains = co_await truto.list_domains(id);
  if (tell.expect(200, domains)) {
    for (const auto& d : domains->items) {
      tell.note(d.domain + (d.verified.value_or(false) ? ", verified" : ", not verified"));
    }
    tell.judge(domains->items.size() == 1 && domains->items.front().verified == true,
               "expected one verified domain");
  }
}

std::string describe(const std::vector<sso::member_change>& changes) {
  std::string out;
  for (const auto& change : changes) {
    out.append(out.empty() ? "" : ", ").append(change.member).append(": ");
    out.append(change.from.empty() ? "nothing" : change.from).append(" -> ").append(change.to);
  }
  return out;
}

// The same specification twice, then another one.
asio::awaitable<void> walk_ensure(narrator& tell, sso::keycard::client keycard, std::string issuer) {
  sso::keycard::connection_spec wanted{"acme-client", issuer};
  wanted.client_secret(sso::secret{"a secret that is never shown again"});

  tell.step("bring acme to a desired state");
  const auto first = co_await keycard.ensure("acme", wanted);
  if (tell.expect(sso::action::created, first)) tell.note(describe(first->changes));

  tell.step("call ensure again");
  const auto second = co_await keycard.ensure("acme", wanted);
  if (tell.expect(sso::action::unchanged, second)) {
    tell.note("nothing was written");
    tell.judge(second->connection.updated_at == first->connection.updated_at, "something was written");
  }

  wanted.protocols(sso::keycard::protocols_params{}.oauth2(
      sso::keycard::oauth2_params{}.token_endpoint(issuer + "/token")));
  tell.step("plan the changes of a longer specification");
  const auto planned = co_await keycard.ensure("acme", wanted, sso::ensure_options{}.plan_only());
  if (tell.expect(sso::action::updated, planned)) tell.note(describe(planned->changes));
}

// The doctor's report on the connection of `walk_ensure`, before and after the provider has faults.
asio::awaitable<void> walk_doctor(narrator& tell, sso::keycard::client keycard, sso::beast_transport web,
                                  sso::beast_transport public_web, sso::testing::fake_idp provider) {
  const auto stored = co_await keycard.retrieve("acme");
  if (!stored) throw std::runtime_error{stored.error().message()};
  const auto on_loopback = sso::doctor::options{}.allow_private();

  tell.step("examine a correct provider");
  const auto good = co_await sso::doctor::examine(*stored, web, on_loopback);
  tell.expect(std::nullopt, good);

  provider.fault("discovery.issuer_mismatch").fault("keys.id_missing");
  tell.step("examine it with two faults");
  const auto broken = co_await sso::doctor::examine(*stored, web, on_loopback);
  tell.expect(sso::doctor::severity::critical, broken);

  tell.step("examine it over public addresses only");
  const auto refused = co_await sso::doctor::examine(*stored, public_web);
  tell.expect(sso::doctor::severity::critical, refused);
}

// The error messages of failed calls.
asio::awaitable<void> walk_failures(narrator& tell, sso::keycard::client keycard,
                                    sso::keycard::client distrustful, sso::testing::fake_keycard backend) {
  tell.step("read the disabled connection");
  const auto gone = co_await keycard.retrieve("acme");
  if (tell.expect(sso::errc::not_found, gone)) tell.note(gone.error().message());

  tell.step("call a server that stays busy");
  for (int i = 0; i != 3; ++i) backend.fail_next(503, {{"Retry-After-Ms", "20"}});
  const auto busy = co_await keycard.disable("acme");
  if (tell.expect(sso::errc::server_error, busy)) {
    tell.note(busy.error().message());
    tell.judge(busy.error().attempts() == 3, "expected 3 attempts");
    tell.judge(busy.error().code() == sso::condition::retryable, "expected it to be retryable");
  }

  tell.step("trust only the system's authorities");
  const auto stranger = co_await distrustful.retrieve("acme");
  if (tell.expect(sso::errc::tls_failed, stranger)) {
    tell.note(stranger.error().what());  // message() also has the call and its ids
    tell.judge(stranger.error().outcome() == sso::outcome::not_sent, "something was sent");
  }

  tell.step("use an invalid organization id");
  const auto refused = co_await keycard.retrieve("..");
  if (tell.expect(sso::errc::invalid_argument, refused)) tell.note(refused.error().message());
}

// Runs coroutines one after another on an event loop.
void run(asio::io_context& io, asio::awaitable<void> work) {
  asio::co_spawn(io, std::move(work), [](std::exception_ptr thrown) {
    if (thrown) std::rethrow_exception(thrown);
  });
  io.restart();
  io.run();
}

sso::client_options options_for(const sso::testing::loopback_server& server) {
  sso::client_options options;
  options.base_url = server.base_url();
  return options;
}

void walk_loopback(narrator& tell) {
  sso::testing::fake_keycard keycard_backend;
  keycard_backend.add_organization("acme").add_client("demo", "demo-secret");
  const sso::testing::loopback_server keycard_server{keycard_backend};
  sso::testing::fake_truto truto_backend;
  truto_backend.add_connection().accept_token("demo-token");
  const sso::testing::loopback_server truto_server{truto_backend};
  sso::testing::fake_idp provider;
  const sso::testing::loopback_server provider_server{provider};
  provider.issuer(provider_server.base_url());

  asio::io_context io;
  sso::beast_options network;
  network.tls.ca_pem = keycard_server.ca_pem() + truto_server.ca_pem() + provider_server.ca_pem();
  const sso::beast_transport transport{io.get_executor(), network};
  const sso::client_credentials credentials{"demo", sso::secret{"demo-secret"}};
  const sso::keycard::client keycard{transport, credentials, options_for(keycard_server)};
  const sso::truto::client truto{transport, sso::bearer_token{"demo-token"}, options_for(truto_server)};
  const sso::keycard::client distrustful{sso::beast_transport{io.get_executor()}, credentials,
                                         options_for(keycard_server)};

  tell.chapter("Keycard at " + keycard_server.base_url() +
               " (a fake over TLS, with a certificate made at run time)");
  run(io, walk_keycard(tell, keycard, keycard_backend));
  tell.chapter("Truto at " + truto_server.base_url() + " (a fake; one connection pool serves both)");
  run(io, walk_truto(tell, truto, truto_backend));
  tell.chapter("Failed calls");
  run(io, walk_failures(tell, keycard, distrustful, keycard_backend));
  tell.chapter("ensure: a desired state");
  run(io, walk_ensure(tell, keycard, provider.issuer()));
  tell.chapter("The doctor: why users cannot sign in, with a provider at " + provider.issuer());
  run(io, walk_doctor(tell, keycard, transport, sso::doctor_transport(io.get_executor()), provider));

  const auto stats = transport.stats();
  std::cout << '\n'
            << stats.opened << " connections opened, " << stats.reused << " requests on a reused one; ";
}

asio::awaitable<void> read_keycard(narrator& tell, sso::keycard::client keycard, std::string organization) {
  tell.step("read the connection of " + organization);
  const auto read = co_await keycard.retrieve(
      organization, sso::keycard::retrieve_params{}.expand(sso::keycard::expansion::permissions));
  if (!tell.expect(200, read)) co_return;
  tell.note(describe(*read));
  tell.note(permissions_of(*read));
  tell.note("created " + sso::format_timestamp(read->created_at) + ", updated " +
            sso::format_timestamp(read->updated_at));
}

asio::awaitable<void> read_truto(narrator& tell, sso::truto::client truto, std::string id) {
  tell.step("read connection " + id);
  const auto read = co_await truto.retrieve(id);
  if (!tell.expect(200, read)) co_return;
  tell.note(describe(*read));

  tell.step("list its domains");
  const auto domains = co_await truto.list_domains(id);
  if (!tell.expect(200, domains)) co_return;
  if (domains->items.empty()) tell.note("none");
  for (const auto& d : domains->items) {
    tell.note(d.domain + (d.verified.value_or(false)
                              ? ", verified"
                              : ", not verified; TXT record: " + d.verification_record.value_or("unknown")));
  }
}

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : "";
}

/// The connections to read from a real service; both empty: none.
struct request {
  std::string organization;
  std::string connection;
};

request parse(const std::vector<std::string>& arguments) {
  const bool keycard =
      !variable("KEYCARD_API_CLIENT_ID").empty() && !variable("KEYCARD_API_CLIENT_SECRET").empty();
  const bool truto = !variable("TRUTO_API_TOKEN").empty();
  if (arguments.size() == 2 && arguments[0] == "keycard") return {arguments[1], {}};
  if (arguments.size() == 2 && arguments[0] == "truto") return {{}, arguments[1]};
  if (arguments.size() == 1 && keycard) return {arguments[0], {}};
  if (arguments.size() == 1 && truto) return {{}, arguments[0]};
  if (arguments.empty()) {
    return {keycard ? variable("SSO_DEMO_ORGANIZATION") : "", truto ? variable("SSO_DEMO_CONNECTION") : ""};
  }
  throw std::runtime_error{
      "usage: demo [[keycard] ORGANIZATION | [truto] CONNECTION]\n"
      "To read a real service, set KEYCARD_API_CLIENT_ID and KEYCARD_API_CLIENT_SECRET, or "
      "TRUTO_API_TOKEN."};
}

}  // namespace

int main(int argc, char* argv[]) {
  try {
    const auto wanted = parse({argv + 1, argv + argc});
    narrator tell;
    if (wanted.organization.empty() && wanted.connection.empty()) {
      walk_loopback(tell);
    } else {
      asio::io_context io;
      if (!wanted.organization.empty()) {
        const auto keycard = sso::keycard::client::from_environment(io.get_executor());
        tell.chapter("Keycard (the real service, read only)");
        run(io, read_keycard(tell, keycard, wanted.organization));
      }
      if (!wanted.connection.empty()) {
        const auto truto = sso::truto::client::from_environment(io.get_executor());
        tell.chapter("Truto (the real service, read only)");
        run(io, read_truto(tell, truto, wanted.connection));
      }
    }
    std::cout << tell.steps() << " steps, " << tell.failed() << " with an unexpected outcome\n";
    return tell.failed() == 0 ? 0 : 1;
  } catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 2;
  }
}
