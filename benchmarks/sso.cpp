// SPDX-License-Identifier: BSL-1.0
// This library with default options and client credentials. The token is requested in the warm-up.
#include "asio_workload.hpp"
#include "sso_caller.hpp"

#include <sso/client.hpp>

namespace {

namespace asio = boost::asio;
using caller = bench::sso_caller<sso::keycard::client>;

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
