// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/testing/fault_server.hpp>
#include <sso/testing/impl/server_core.ipp>

#include <boost/asio/thread_pool.hpp>

#include <future>

namespace sso::testing {

struct fault_server::server {
  server(script misbehave, const fault_options& options)
      : core{std::make_shared<detail::server_core>(
            pool.get_executor(),
            [misbehave = std::move(misbehave)](detail::server_core&, detail::server_connection& connection) {
              return misbehave(connection);
            },
            options)} {
    core->start();
  }
  server(const server&) = delete;
  server& operator=(const server&) = delete;
  ~server() {
    pool.stop();
    pool.join();
  }

  asio::thread_pool pool{1};
  std::shared_ptr<detail::server_core> core;
};

SSO_DECL fault_server::fault_server(script misbehave, fault_options options)
    : server_{std::make_unique<server>(std::move(misbehave), options)} {}

SSO_DECL fault_server::~fault_server() = default;

SSO_DECL void fault_server::end_connections(fault_ending how) {
  std::promise<void> done;
  server_->core->close(how, false, [&done] { done.set_value(); });
  done.get_future().wait();
}

SSO_DECL http::origin fault_server::origin() const {
  return server_->core->where;
}
SSO_DECL std::string fault_server::base_url() const {
  return http::to_string(origin());
}
SSO_DECL const std::string& fault_server::ca_pem() const noexcept {
  return server_->core->ca_pem;
}
SSO_DECL std::size_t fault_server::connections() const {
  return server_->core->counts->accepted;
}
SSO_DECL std::size_t fault_server::resumptions() const {
  return server_->core->counts->resumed;
}
SSO_DECL std::size_t fault_server::open_connections() const {
  return server_->core->counts->open;
}
SSO_DECL std::vector<std::string> fault_server::requests() const {
  const std::lock_guard lock{server_->core->counts->mutex};
  return server_->core->counts->texts;
}

}  // namespace sso::testing
