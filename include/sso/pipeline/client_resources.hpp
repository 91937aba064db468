// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/any_runtime.hpp>
#include <sso/http/any_transport.hpp>
#include <sso/pipeline/retry_budget.hpp>
#include <sso/pipeline/settings.hpp>

#include <utility>

namespace sso::pipeline {

/// The state shared by a client's calls and token refreshes. Thread-safe.
struct client_resources {
  client_resources(pipeline::settings checked, any_transport own_transport, any_runtime own_runtime)
      : settings{std::move(checked)},
        transport{std::move(own_transport)},
        runtime{std::move(own_runtime)},
        budget{settings.retry} {}

  const pipeline::settings settings;
  any_transport transport;
  any_runtime runtime;
  retry_budget budget;
};

}  // namespace sso::pipeline
