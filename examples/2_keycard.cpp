// SPDX-License-Identifier: BSL-1.0
// 2. All operations of Keycard: enables SSO for an organization, reads it, changes it, and disables it again.
//
//     2_keycard                  at a fake on loopback, over TLS
//     2_keycard ORGANIZATION     at the real service, for an organization without SSO; needs KEYCARD_API_CLIENT_ID and
//                                KEYCARD_API_CLIENT_SECRET
#include "stand_in.hpp"

#include <sso/client.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <exception>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>

namespace asio = boost::asio;
namespace keycard = sso::keycard;
using namespace std::chrono_literals;

namespace {

void print(const char* what, const sso::response<keycard::sso_connection>& c) {
  std::cout << what << ": " << c.identifier << ", client " << c.client_id.value_or("(none)")
            << (c.client_secret_set ? ", with a secret" : ", without a secret") << ", updated "
            << sso::format_timestamp(c.updated_at) << '\n';
  if (c.protocols && c.protocols->oauth2 && c.protocols->oauth2->scopes_supported) {
    std::cout << "  scopes:";
    for (const auto& scope : *c.protocols->oauth2->scopes_supported) std::cout << ' ' << scope;
    std::cout << '\n';
  }
}

// How a service can react to a failure, without looking at status codes.
const char* advice(const sso::error& e) {
  // The connection broke after the write was sent, or the server failed. The library does not send it again.
  if (e.unsettled()) return "read the connection to see whether the call was executed";
  if (e.code() == sso::condition::retryable) return "call again later";  // e.retry_after() may say when
  if (e.code() == sso::errc::conflict) return "read the connection and update it";
  if (e.code() == sso::condition::authorization) return "fix the credentials";
  if (e.code() == sso::condition::client_mistake) return "fix the request";
  return "look at the log";
}

asio::awaitable<void> enable(keycard::client client, std::string organization) {
  // Setters have the names of the API's members. Members that are not set are not sent.
  const auto oauth2 = keycard::oauth2_params{}
                          .authorization_endpoint("https://idp.example.com/authorize")
                          .token_endpoint("https://idp.example.com/token")
                          .jwks_uri("https://idp.example.com/keys")
                          .registration_endpoint("https://idp.example.com/register")
                          .code_challenge_methods_supported("S256")
                          .scopes_supported("openid", "email");
  const auto openid = keycard::openid_params{}.userinfo_endpoint("https://idp.example.com/userinfo");
  const auto params = keycard::enable_params{"portal", "https://idp.example.com"}
                          .client_secret(sso::secret{"from the identity provider"})
                          .protocols(keycard::protocols_params{}.oauth2(oauth2).openid(openid));

  const auto enabled = co_await client.enable(organization, params);
  print("enabled", enabled.value());  // value() throws sso::exception if the call failed

  // A second `enable` is a conflict: SSO is enabled already.
  const auto again = co_await client.enable(organization, params);
  if (again || again.error().code() != sso::errc::conflict) throw std::runtime_error{"enabled twice"};
  std::cout << "enabled already: " << again.error() << "\n  so: " << advice(again.error()) << '\n';
}

asio::awaitable<void> read(keycard::client client, std::string organization) {
  // An expansion may be a string, for those that this library does not know.
  const auto read = co_await client.retrieve(
      organization, keycard::retrieve_params{}.expand(keycard::expansion::permissions, "total_count"),
      sso::call_options{}.timeout(10s).max_retries(4));
  print("read", read.value());
  if (read->permissions) {
    for (const auto& [resource, actions] : *read->permissions) {
      for (const auto& [action, allowed] : actions) {
        std::cout << "  " << resource << ':' << action << (allowed ? " allowed" : " denied") << '\n';
      }
    }
  }
  // The raw body, for members that this library does not know.
  const auto json = read->http.json();
  std::cout << "  " << boost::json::serialize(json.value().at("id")) << " in " << read->http.attempts
            << " attempt(s), request id " << read->http.request_id << '\n';
}

asio::awaitable<void> change(keycard::client client, std::string organization) {
  // A member is replaced by a value and removed by sso::null. Members that are not set are kept.
  const auto moved =
      co_await client.update(organization, keycard::update_params{}
                                               .identifier("https://login.example.com/")
                                               .client_secret(sso::null)
                                               .protocols(keycard::protocols_params{}.openid(sso::null)));
  print("changed", moved.value());

  // Arguments that break a rule are refused before anything is sent.
  const auto refused = co_await client.update(organization, keycard::update_params{}.identifier(""));
  if (refused) throw std::runtime_error{"an empty identifier was accepted"};
  std::cout << "refused: " << refused.error() << "\n  so: " << advice(refused.error()) << '\n';
}

asio::awaitable<void> disable(keycard::client client, std::string organization) {
  const auto disabled = co_await client.disable(organization);
  // A 404 is the desired state. After a retry, the first attempt may have removed the connection.
  if (!disabled && disabled.error().code() != sso::errc::not_found) disabled.value();
  std::cout << "disabled\n";
}

asio::awaitable<void> tour(keycard::client client, std::string organization) {
  const auto before = co_await client.retrieve(organization);
  if (before) throw std::runtime_error{organization + " has SSO already, which this example would overwrite"};
  if (before.error().code() != sso::errc::not_found) throw sso::exception{before.error()};

  co_await enable(client, organization);
  co_await read(client, organization);
  co_await change(client, organization);
  co_await disable(client, organization);

  // `request` sends any other call, with the same token, retries and errors.
  const auto other =
      co_await client.request(sso::http::method::get, "/organizations/" + organization + "/sso-connection");
  if (other || other.error().code() != sso::errc::not_found) throw std::runtime_error{"not disabled"};
  std::cout << "gone: " << other.error() << '\n';
}

}  // namespace

int main(int argc, char* argv[]) {
  if (argc > 2) {
    std::cerr << "usage: 2_keycard [ORGANIZATION]\n";
    return 2;
  }
  try {
    std::optional<stand_in::keycard> fake;
    asio::io_context io;
    if (argc == 1) fake.emplace();
    const auto client =
        fake ? fake->client(io.get_executor()) : keycard::client::from_environment(io.get_executor());
    stand_in::run(io, tour(client, argc == 1 ? "acme" : argv[1]));
    return 0;
  } catch (const sso::exception& e) {
    std::cerr << e.error() << "\n  so: " << advice(e.error()) << '\n';
    return 1;
  } catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 1;
  }
}
