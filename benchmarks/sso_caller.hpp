// SPDX-License-Identifier: BSL-1.0
// The calls of this library, over any transport.
#pragma once

#include "workload.hpp"

#include <sso/keycard.hpp>

#include <boost/asio/awaitable.hpp>

#include <string>

namespace bench {

/// A `Caller` for `asio_workload.hpp`.
template <class Client>
struct sso_caller {
  using retrieved = sso::result<sso::response<sso::keycard::sso_connection>>;

  Client client;
  bench::operation operation;

  [[nodiscard]] boost::asio::awaitable<retrieved> call() const {
    if (operation == bench::operation::retrieve) return client.retrieve(bench::organization);
    return client.update(bench::organization,
                         sso::keycard::update_params{}.identifier(std::string{bench::identifier}));
  }
  static void verify(const retrieved& got) { bench::check(got.value().identifier); }
};

}  // namespace bench
