// SPDX-License-Identifier: BSL-1.0
// This library with default options: client credentials, whose token is fetched in the warm-up.
#include "asio_workload.hpp"

#include <sso/client.hpp>

namespace {

namespace asio = boost::asio;

using answer = sso::result<sso::response<sso::keycard::sso_connection>>;

struct caller {
  sso::keycard::client client;
  bench::operation operation;

  [[nodiscard]] asio::awaitable<answer> call() const {
    if (operation == bench::operation::retrieve) return client.retrieve(bench::organization);
    return client.update(bench::organization,
                         sso::keycard::update_params{}.identifier(std::string{bench::identifier}));
  }
  static void verify(const answer& got) { bench::check(got.value().identifier); }
};

struct program {
  explicit program(const bench::plan& plan) {
    sso::beast_options network;
    network.tls.ca_file = plan.ca_file;
    network.pool.per_origin = plan.connections;
    sso::client_options options;
    options.base_url = plan.url();
    const sso::keycard::client client{sso::beast_transport{io.get_executor(), network},
                                      sso::client_credentials{"benchmark", sso::secret{plan.token}}, options};
    callers.assign(plan.in_flight, caller{client, plan.operation});
  }

  asio::io_context io{1};
  std::vector<caller> callers;
};

}  // namespace

int main(int argc, char* argv[]) {
  return bench::run(argc, argv, "sso", [](const bench::plan& plan) {
    return [p = std::make_shared<program>(plan)](bench::batch& batch) {
      bench::perform(p->io, p->callers, batch);
    };
  });
}
