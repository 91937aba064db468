// SPDX-License-Identifier: BSL-1.0
// 3. All operations of Truto: reads a connection, sets another identity provider, and verifies a domain.
//
//     3_truto                         at a fake on loopback, over TLS
//     3_truto CONNECTION              reads a real connection and lists its domains; needs TRUTO_API_TOKEN
//     3_truto CONNECTION DOMAIN       also adds the domain, and waits until its TXT record is found
#include "stand_in.hpp"

#include <sso/client.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>

namespace asio = boost::asio;
namespace truto = sso::truto;
using namespace std::chrono_literals;

namespace {

void print(const char* what, const sso::response<truto::sso_connection>& c) {
  std::cout << what << ": " << (c.protocol ? c.protocol->str() : "no protocol")
            << (c.is_active.value_or(false) ? ", active" : ", not active")
            << (c.enforced.value_or(false) ? ", enforced" : ", not enforced");
  if (c.config && c.config->issuer) std::cout << ", issuer " << *c.config->issuer;
  std::cout << '\n';
}

asio::awaitable<void> change(truto::client client, std::string id) {
  // The server merges `config` into the stored one: set only the changed members; no member can be cleared.
  const auto changed = co_await client.update(
      id, truto::update_params{}
              .is_active(true)
              .default_role("viewer")
              .client_secret(sso::secret{"from the identity provider"})
              .config(truto::config_params{}.issuer("https://login.example.com").client_id("portal")));
  print("changed", changed.value());
}

// A page of a list names the cursor of the next page. (`list_all_domains` reads all pages.)
asio::awaitable<void> list_domains(truto::client client, std::string id) {
  truto::list_params which;
  which.limit(20);
  for (;;) {
    const auto page = co_await client.list_domains(id, which);
    for (const auto& d : page.value().items) {
      std::cout << "  " << d.domain << (d.verified.value_or(false) ? " verified" : " not verified") << '\n';
    }
    if (!page->next_cursor || page->next_cursor == which.next_cursor()) co_return;
    which.next_cursor(*page->next_cursor);
  }
}

using publisher = std::function<void(const std::string& domain, const std::string& record)>;

asio::awaitable<void> prove(truto::client client, std::string id, std::string domain, publisher publish,
                            truto::poll how) {
  const auto added = co_await client.add_domain(id, domain);
  publish(domain, added.value().verification_record.value_or(""));

  // A record that is not visible yet is not an error.
  const auto early = co_await client.verify_domain(id, domain);
  if (!early.value().verified) std::cout << "not yet: " << early->detail.value_or("") << '\n';

  // Waits without a thread, can be cancelled, and continues after transient failures.
  const auto proved = co_await client.wait_until_verified(id, domain, how);
  if (!proved && proved.error().code() == sso::errc::timeout) {
    std::cout << "still not verified: " << proved.error().server_message() << '\n';
    co_return;
  }
  std::cout << proved.value().domain.value_or(domain) << " is verified\n";
}

// An operator does this by hand.
void ask_to_publish(const std::string& domain, const std::string& record) {
  std::cout << "publish this TXT record on " << domain << ": " << record << '\n';
}

asio::awaitable<void> tour_of_the_fake(truto::client client, sso::testing::fake_truto backend) {
  const std::string id{sso::testing::fake_truto::example_id};
  const auto connection = co_await client.retrieve(id);
  print("read", connection.value());
  co_await change(client, id);

  const auto fast = truto::poll{}.interval(50ms).max_interval(200ms).timeout(30s);
  // The record becomes visible some time after it is published, as in DNS.
  const publisher with_delay = [backend](const std::string& domain, const std::string& record) mutable {
    ask_to_publish(domain, record);
    backend.publish_txt(domain, record, 200ms);
  };
  co_await prove(client, id, "acme.example", with_delay, fast);
  co_await prove(client, id, "forgotten.example", ask_to_publish, truto::poll{fast}.timeout(300ms));

  std::cout << "domains:\n";
  co_await list_domains(client, id);
  const auto domains = co_await client.list_domains(id);
  const auto& items = domains.value().items;
  if (items.size() != 2 || items[0].verified != true || items[1].verified != false) {
    throw std::runtime_error{"expected one domain verified and one not"};
  }
}

asio::awaitable<void> tour(truto::client client, std::string id, std::optional<std::string> domain) {
  const auto connection = co_await client.retrieve(id);
  print("read", connection.value());
  if (domain) {
    const truto::poll patient;  // first check after 5 s, then at longer intervals, for 15 minutes
    co_await prove(client, id, *domain, ask_to_publish, patient);
  }
  std::cout << "domains:\n";
  co_await list_domains(client, id);
}

}  // namespace

int main(int argc, char* argv[]) {
  if (argc > 3) {
    std::cerr << "usage: 3_truto [CONNECTION [DOMAIN]]\n";
    return 2;
  }
  try {
    if (argc == 1) {
      const stand_in::truto fake;
      asio::io_context io;
      stand_in::run(io, tour_of_the_fake(fake.client(io.get_executor()), fake.backend()));
    } else {
      asio::io_context io;
      std::optional<std::string> domain;
      if (argc == 3) domain = argv[2];
      stand_in::run(io, tour(truto::client::from_environment(io.get_executor()), argv[1], domain));
    }
    return 0;
  } catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 1;
  }
}
