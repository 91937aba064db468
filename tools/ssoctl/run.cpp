// SPDX-License-Identifier: BSL-1.0
#include "run.hpp"

#include "dry_run.hpp"
#include "exit_code.hpp"
#include "printer.hpp"
#include "progress.hpp"

#include <sso/transports/beast.hpp>
#include <sso/version.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <optional>
#include <utility>

namespace ssoctl {
namespace {

namespace asio = boost::asio;

/// The first SIGINT or SIGTERM cancels the call, whose error is then printed. The second one ends the program.
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
  /// The signal's number; 0: none.
  [[nodiscard]] int number() const { return number_; }

private:
  /// A signal that is ignored at the start stays ignored, as for a background job without job control.
  static bool is_ignored(int signal) {
    struct sigaction current {};
    return ::sigaction(signal, nullptr, &current) == 0 && current.sa_handler == SIG_IGN;
  }

  asio::signal_set signals_;
  asio::cancellation_signal cancel_;
  int number_ = 0;
};

/// The end of a call.
struct ending {
  std::exception_ptr thrown;
  sso::result<output> got{sso::error{}};
};

int exit_code_of_failure(const sso::error& failed, int signal) {
  if (signal != 0 && failed.code() == sso::errc::cancelled) return 128 + signal;
  return exit_code_of(failed);
}

/// Prints a result, and returns `status`. If that fails, the exit code says whether a change was made.
template <class Result>
int print(const printer& out, const Result& got, bool changed, int status) {
  try {
    out.print(got);
  } catch (const output_error& e) {
    status = changed ? exit_maybe_executed : exit_other;
    out.print(e, changed, status);
  }
  return status;
}

}  // namespace

int run(const command& given, const redaction& secrets) {
  const auto& common = given.common;
  const printer out{common, secrets};
  asio::io_context io{1};
  const bool draws = !common.json && !common.quiet && !common.verbose && !common.dry_run;
  progress line{io, secrets, draws};

  sso::client_options options;
  options.base_url = common.base_url;
  options.token_url = common.token_url;
  options.user_agent = "ssoctl/" SSO_VERSION_STRING;
  if (common.timeout) {
    options.timeout = *common.timeout;
    options.attempt_timeout = std::max(options.attempt_timeout, options.timeout);
  }
  if (common.max_retries) options.retry.max_retries = *common.max_retries;
  if (common.verbose) options.observer = out.logger();

  const dry_run_transport dry;
  const auto transport = [&]() -> sso::any_transport {
    if (common.dry_run) return dry;
    sso::beast_options network;
    network.tls.ca_file = common.ca_file;
    network.proxy_from_environment = true;
    return sso::beast_transport{io.get_executor(), network};
  }();
  auto call = given.action({transport, options, common, line, std::chrono::steady_clock::now()});

  interruption signals{io};
  std::optional<ending> end;
  asio::co_spawn(
      io, std::move(call),
      asio::bind_cancellation_slot(signals.slot(), [&](std::exception_ptr thrown, sso::result<output> got) {
        end.emplace(ending{thrown, std::move(got)});
        line.stop();
        io.stop();
      }));
  line.start();
  io.run();
  if (end->thrown) std::rethrow_exception(end->thrown);

  int status = exit_ok;
  if (dry.kept()) {
    status = print(out, *dry.kept(), false, exit_ok);
  } else if (end->got) {
    status = print(out, *end->got, end->got->changed, end->got->status);
  } else {
    status = exit_code_of_failure(end->got.error(), signals.number());
    out.print(end->got.error(), status);
  }
  if (status == exit_network || status == exit_unhealthy || signals.number() != 0) {
    // A name lookup in progress cannot be cancelled, and the destructor of the event loop would wait for it.
    std::_Exit(status);
  }
  return status;
}

}  // namespace ssoctl
