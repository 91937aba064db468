// SPDX-License-Identifier: BSL-1.0
#include "doctor.hpp"

#include "command.hpp"
#include "progress.hpp"

#include <sso/client.hpp>
#include <sso/doctor.hpp>

#include <boost/asio/this_coro.hpp>

#include <utility>

namespace ssoctl {
namespace {

namespace asio = boost::asio;

sso::any_transport make_web(asio::any_io_executor executor, const surroundings& around, bool allow_private) {
  if (around.common.dry_run) return around.transport;
  if (around.common.ca_file.empty() && !allow_private) return sso::doctor_transport(std::move(executor));
  sso::beast_options options;
  options.tls.ca_file = around.common.ca_file;
  if (!allow_private) options.allow_address = sso::is_public_address;
  return sso::beast_transport{std::move(executor), std::move(options)};
}

asio::awaitable<sso::doctor::report> examine_at(std::string issuer, sso::any_transport web,
                                                sso::doctor::options how) {
  return sso::doctor::examine_issuer(issuer, std::move(web), std::move(how));
}

template <class Connection>
asio::awaitable<sso::doctor::report> examine_at(Connection connection, sso::any_transport web,
                                                sso::doctor::options how) {
  return sso::doctor::examine(connection, std::move(web), std::move(how));
}

template <class Subject>
asio::awaitable<sso::result<output>> run_examination(Subject subject, sso::doctor::options how,
                                                     bool allow_private, surroundings around) {
  const auto executor = co_await asio::this_coro::executor;
  auto web = make_web(executor, around, allow_private);
  how.allow_private(allow_private);
  if (around.common.timeout) {
    const auto left = around.begun + *around.common.timeout - std::chrono::steady_clock::now();
    if (left <= left.zero()) {
      co_return sso::error{sso::errc::timeout, sso::outcome::not_sent,
                           "the timeout expired before the examination"};
    }
    how.timeout(left);
  }
  around.line.begin("examining the provider");
  auto examination = examine_at(std::move(subject), std::move(web), std::move(how));
  auto found = co_await std::move(examination);
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) {
    co_return sso::error{sso::errc::cancelled, sso::outcome::not_sent,
                         "during the examination of the provider"};
  }
  const int status = found.ok() ? exit_ok : exit_unhealthy;
  co_return output{std::move(found), false, status};
}

}  // namespace

action issuer_doctor(std::string issuer, bool allow_private) {
  return [=](const surroundings& around) { return run_examination(issuer, {}, allow_private, around); };
}

asio::awaitable<sso::result<output>> examine(sso::keycard::sso_connection connection, bool allow_private,
                                             surroundings around) {
  return run_examination(std::move(connection), {}, allow_private, std::move(around));
}

asio::awaitable<sso::result<output>> examine(sso::truto::sso_connection connection,
                                             std::vector<sso::truto::domain> domains, bool allow_private,
                                             surroundings around) {
  sso::doctor::options how;
  how.domains(std::move(domains));
  return run_examination(std::move(connection), std::move(how), allow_private, std::move(around));
}

}  // namespace ssoctl
