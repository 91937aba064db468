// SPDX-License-Identifier: BSL-1.0
// This library without a network: the cost of a call from the vendor's client to the transport and back. Takes the arguments
// of the other programs, but ignores the URL.
#include "answer.hpp"
#include "asio_workload.hpp"
#include "instant_transport.hpp"
#include "sso_caller.hpp"

#include <sso/keycard.hpp>

#include <string>

namespace {

namespace asio = boost::asio;
using client_type = sso::keycard::basic_client<bench::instant_transport>;
using caller = bench::sso_caller<client_type>;

struct program {
  explicit program(const bench::plan& plan) {
    const bench::instant_transport server{[](const sso::http::request& request) {
      sso::http::response response;
      response.status = 200;
      response.body = request.method == sso::http::method::post
                          ? R"({"access_token": "token", "token_type": "Bearer", "expires_in": 86400})"
                          : bench::answer;
      return response;
    }};
    const client_type client{server, sso::client_credentials{"benchmark", sso::secret{"secret"}}};
    callers.assign(plan.in_flight, caller{client, plan.operation});
  }

  asio::io_context io{1};
  std::vector<caller> callers;
};

}  // namespace

int main(int argc, char* argv[]) {
  return bench::run(argc, argv, "fake", [](const bench::plan& plan) {
    return [p = std::make_shared<program>(plan)](bench::batch& batch) {
      bench::perform(p->io, p->callers, batch);
    };
  });
}
