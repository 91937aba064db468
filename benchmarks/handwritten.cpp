// SPDX-License-Identifier: BSL-1.0
#include "handwritten.hpp"

#include "asio_workload.hpp"

#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/redirect_error.hpp>

#include <deque>

namespace {

namespace asio = boost::asio;

/// A pool of clients, for more callers than clients.
using free_list = asio::experimental::channel<void(boost::system::error_code, handwritten::client*)>;

asio::awaitable<bench::sso_connection> begin(handwritten::client& client, bench::operation operation) {
  if (operation == bench::operation::retrieve) return client.retrieve(bench::organization);
  return client.update(bench::organization, std::string{bench::identifier});
}

struct caller {
  handwritten::client* own;
  bench::operation operation;

  [[nodiscard]] asio::awaitable<bench::sso_connection> call() const { return begin(*own, operation); }
  static void verify(const bench::sso_connection& connection) { bench::check(connection.identifier); }
};

struct sharing_caller {
  free_list* free;
  bench::operation operation;

  [[nodiscard]] asio::awaitable<bench::sso_connection> call() const {
    auto* const client = co_await free->async_receive(asio::use_awaitable);
    auto connection = co_await begin(*client, operation);
    free->try_send(boost::system::error_code{}, client);
    co_return connection;
  }
  static void verify(const bench::sso_connection& connection) { bench::check(connection.identifier); }
};

struct program {
  explicit program(const bench::plan& plan)
      : context{asio::ssl::context::tls_client}, free{io, plan.connections} {
    context.set_verify_mode(asio::ssl::verify_peer);
    context.load_verify_file(plan.ca_file);
    const auto count = std::min(plan.connections, plan.in_flight);
    for (std::size_t i = 0; i != count; ++i) {
      clients.emplace_back(context, plan.host, plan.port, plan.token);
    }
    if (plan.in_flight > plan.connections) {
      for (auto& client : clients) free.try_send(boost::system::error_code{}, &client);
      sharing.assign(plan.in_flight, sharing_caller{&free, plan.operation});
    } else {
      for (auto& client : clients) callers.push_back({&client, plan.operation});
    }
  }

  asio::io_context io{1};
  asio::ssl::context context;
  free_list free;
  std::deque<handwritten::client> clients;
  std::vector<caller> callers;
  std::vector<sharing_caller> sharing;
};

}  // namespace

int main(int argc, char* argv[]) {
  return bench::run(argc, argv, "handwritten", [](const bench::plan& plan) {
    return [p = std::make_shared<program>(plan)](bench::batch& batch) {
      if (p->callers.empty()) {
        bench::perform(p->io, p->sharing, batch);
      } else {
        bench::perform(p->io, p->callers, batch);
      }
    };
  });
}
