// SPDX-License-Identifier: BSL-1.0
#include "run.hpp"

#include "dry_run.hpp"
#include "exit_code.hpp"
#include "perform.hpp"
#include "progress.hpp"

#include <sso/transports/beast.hpp>
#include <sso/version.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <optional>
#include <utility>
#include <variant>

namespace ssoctl {
namespace {

namespace asio = boost::asio;

/// Cancels the call at the first signal, which then says how far it got; a second one ends the program.
class interruption {
public:
  explicit interruption(asio::io_context& io) : signals_{io} {
    for (const int one : {SIGINT, SIGTERM}) {
      if (!is_ignored(one)) signals_.add(one);
    }
    signals_.async_wait([this](boost::system::error_code stopped, int signal) {
      if (stopped) return;
      number_ = signal;
      boost::system::error_code ignored;
      signals_.clear(ignored);
      cancel_.emit(asio::cancellation_type::terminal);
    });
  }

  [[nodiscard]] asio::cancellation_slot slot() { return cancel_.slot(); }
  /// That of the signal; 0: none came.
  [[nodiscard]] int number() const { return number_; }

private:
  /// As in the background of a shell without job control: who started the program wants it so.
  static bool is_ignored(int signal) {
    struct sigaction current {};
    return ::sigaction(signal, nullptr, &current) == 0 && current.sa_handler == SIG_IGN;
  }

  asio::signal_set signals_;
  asio::cancellation_signal cancel_;
  int number_ = 0;
};

/// Whether the library writes its own log to stderr: see `sso::keycard::from_environment`.
bool is_logged(const command& given) {
  const char* const level = std::getenv("KEYCARD_API_LOG");
  return std::holds_alternative<keycard_action>(given.action) && level != nullptr && *level != '\0';
}

/// How a call ended.
struct ending {
  std::exception_ptr thrown;
  sso::result<answer> got{sso::error{}};
};

int exit_code_of_failure(const sso::error& failed, bool is_change, int signal) {
  if (signal != 0 && failed.code() == sso::errc::cancelled) return 128 + signal;
  // A wait for a domain ends like this, with the server's last word on it.
  if (failed.code() == sso::errc::timeout && !failed.server_message().empty()) return exit_not_verified;
  return exit_code_of(failed, is_change);
}

/// What cannot be printed was done all the same.
int print(const printer& out, const answer& got, bool is_change) {
  try {
    out.print(got);
    return got.status;
  } catch (const output_error& e) {
    std::cerr << "ssoctl: " << e.what() << (is_change ? "; the change was made\n" : "\n");
    return is_change ? exit_maybe_executed : exit_other;
  }
}

}  // namespace

int run(const command& given, const printer& out) {
  const auto& common = given.common;
  asio::io_context io{1};
  progress line{io};
  const bool draws = !common.json && !common.quiet && !common.verbose && !common.dry_run &&
                     !is_logged(given) && progress::is_possible();

  sso::client_options options;
  options.base_url = common.base_url;
  options.user_agent = "ssoctl/" SSO_VERSION_STRING;
  if (common.timeout) options.timeout = *common.timeout;
  if (common.max_retries) options.retry.max_retries = *common.max_retries;
  if (common.verbose) options.observer = out.logger();
  if (draws) options.observer = line.observer();

  const dry_run_transport dry;
  const auto transport = [&]() -> sso::any_transport {
    if (common.dry_run) return dry;
    sso::beast_options network;
    network.tls.ca_file = common.ca_file;
    network.proxy_from_environment = true;
    return sso::beast_transport{io.get_executor(), network};
  }();
  auto call = std::visit([&](const auto& action) { return perform(action, transport, common, options); },
                         given.action);
  const bool is_change = std::visit([](const auto& action) { return changes(action); }, given.action);

  interruption signals{io};
  std::optional<ending> end;
  asio::co_spawn(
      io, std::move(call),
      asio::bind_cancellation_slot(signals.slot(), [&](std::exception_ptr thrown, sso::result<answer> got) {
        end.emplace(ending{thrown, std::move(got)});
        line.stop();
        io.stop();
      }));
  if (draws) line.start();
  io.run();
  if (end->thrown) std::rethrow_exception(end->thrown);

  int status = exit_ok;
  if (dry.kept()) {
    out.print(*dry.kept());
  } else if (end->got) {
    status = print(out, *end->got, is_change);
  } else {
    status = exit_code_of_failure(end->got.error(), is_change, signals.number());
    out.print(end->got.error(), status);
  }
  if (status == exit_network || signals.number() != 0) {
    // A name that is being looked up cannot be given up, and the event loop would wait for it.
    std::_Exit(status);
  }
  return status;
}

}  // namespace ssoctl
