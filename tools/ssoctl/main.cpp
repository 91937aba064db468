// SPDX-License-Identifier: BSL-1.0
// ssoctl: SSO connections at Keycard and Truto from a shell. `ssoctl --help` says the rest.
#include "arguments.hpp"
#include "dry_run.hpp"
#include "exit_code.hpp"
#include "perform.hpp"
#include "progress.hpp"
#include "text.hpp"

#include <sso/logger.hpp>
#include <sso/transports/beast.hpp>
#include <sso/version.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace {

namespace asio = boost::asio;
using namespace ssoctl;

/// Prints answers and errors, on the right stream, in the form that was asked for, and without secrets.
class printer {
public:
  explicit printer(const command& given) : common_{given.common} {
    for (const auto& secret : given.secrets) censor_.add(secret);
    for (const char* name : {"KEYCARD_API_CLIENT_SECRET", "TRUTO_API_TOKEN"}) {
      if (const char* const value = std::getenv(name)) censor_.add(sso::secret{value});
    }
  }

  void print(const answer& got) const {
    if (common_.quiet) return;
    if (common_.json) return write(std::cout, json_line(got.json) + '\n');
    std::vector<std::vector<std::string>> rows;
    if (got.is_list) {
      rows.push_back({"DOMAIN", "VERIFIED", "TXT RECORD"});
      for (const auto& item : got.json.as_array()) rows.push_back(domain_row(item.as_object()));
    } else if (const auto* const object = got.json.if_object()) {
      for (auto& [name, value] : flatten(*object)) rows.push_back({std::move(name), std::move(value)});
    }
    write(std::cout, align(rows));
  }

  void print(const sso::http::request& request) const {
    const auto described = describe(request);
    write(std::cout, common_.json ? json_line(described) + '\n' : to_text(described));
  }

  /// The library's log, line by line.
  [[nodiscard]] sso::observer logger() const {
    const auto line = std::make_shared<std::ostringstream>();
    const auto log = sso::make_logger(*line, sso::log_level::debug);
    return [this, line, log](const sso::event& happened) {
      log(happened);
      auto text = line->str();
      line->str({});
      if (!text.empty()) text.pop_back();
      write(std::cerr, terminal_safe(text) + '\n');
    };
  }

  void print(const sso::error& failed, int status) const {
    if (!common_.json) return write(std::cerr, "ssoctl: " + terminal_safe(failed.message()) + '\n');
    boost::json::object out{{"code", to_string(static_cast<sso::errc>(failed.code().value()))},
                            {"message", failed.message()},
                            {"status", failed.status()},
                            {"server_code", failed.server_code()},
                            {"server_message", failed.server_message()},
                            {"outcome", to_string(failed.outcome())},
                            {"attempts", failed.attempts()},
                            {"request_id", failed.request_id()},
                            {"client_request_id", failed.client_request_id()},
                            {"exit_code", status}};
    if (const auto wait = failed.retry_after()) out["retry_after_ms"] = wait->count();
    write(std::cerr, json_line(boost::json::object{{"error", std::move(out)}}) + '\n');
  }

private:
  static std::vector<std::string> domain_row(const boost::json::object& domain) {
    std::vector<std::string> row{"-", "-", "-"};
    for (auto& [name, value] : flatten(domain)) {
      if (name == "domain") row[0] = std::move(value);
      if (name == "verified") row[1] = value == "true" ? "yes" : "no";
      if (name == "verification_record") row[2] = std::move(value);
    }
    return row;
  }

  void write(std::ostream& out, std::string text) const {
    out << censor_.clean(std::move(text)) << std::flush;
    if (!out) throw std::runtime_error{"cannot write the answer"};
  }

  common_options common_;
  censor censor_;
};

/// Whether the library writes its own log to stderr: see `sso::keycard::from_environment`.
bool is_logged(const command& given) {
  const char* const level = std::getenv("KEYCARD_API_LOG");
  return std::holds_alternative<keycard_action>(given.action) && level != nullptr && *level != '\0';
}

/// Ends of the program that a signal asked for.
int exit_code_of_signal(int signal) {
  return 128 + signal;
}

int run(const command& given) {
  const auto& common = given.common;
  const printer out{given};
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

  // The first signal cancels the call, which then says how far it got; a second one ends the program.
  asio::cancellation_signal cancel;
  asio::signal_set signals{io, SIGINT, SIGTERM};
  int signalled = 0;
  signals.async_wait([&](boost::system::error_code stopped, int signal) {
    if (stopped) return;
    signalled = signal;
    boost::system::error_code ignored;
    signals.clear(ignored);
    cancel.emit(asio::cancellation_type::terminal);
  });

  int status = exit_other;
  std::exception_ptr broken;
  const auto finish = [&](std::exception_ptr thrown, const sso::result<answer>& got) {
    line.stop();
    boost::system::error_code ignored;
    signals.cancel(ignored);
    io.stop();
    broken = thrown;
    if (thrown) return;
    if (dry.kept()) {
      status = exit_ok;
      out.print(*dry.kept());
    } else if (got) {
      status = got->status;
      out.print(*got);
    } else {
      const bool interrupted = signalled != 0 && got.error().code() == sso::errc::cancelled;
      // A wait for a domain ends like this, with the server's last word on it.
      const bool not_verified =
          got.error().code() == sso::errc::timeout && !got.error().server_message().empty();
      status = interrupted    ? exit_code_of_signal(signalled)
               : not_verified ? exit_not_verified
                              : exit_code_of(got.error(), is_change);
      out.print(got.error(), status);
    }
  };
  asio::co_spawn(io, std::move(call), asio::bind_cancellation_slot(cancel.slot(), finish));
  if (draws) line.start();
  io.run();
  if (broken) std::rethrow_exception(broken);
  if (status == exit_network || signalled != 0) {
    // A name that is being looked up cannot be given up, and the event loop would wait for it.
    std::_Exit(status);
  }
  return status;
}

int run(int argc, char* argv[]) {
  const auto given = read_arguments(argc, argv);
  if (!given) return exit_ok;
  try {
    return run(*given);
  } catch (const sso::exception& e) {  // options and credentials that cannot be used
    printer{*given}.print(e.error(), exit_usage);
    return exit_usage;
  }
}

/// Says what is wrong with the command line: as JSON too, where it asks for that, for whatever reads stderr then.
int refuse(const usage_error& e, int argc, char* argv[]) {
  command nothing;
  nothing.common.json =
      std::any_of(argv, argv + argc, [](const char* word) { return std::string_view{word} == "--json"; });
  if (nothing.common.json) {
    printer{nothing}.print(sso::error{sso::errc::invalid_argument, sso::outcome::not_sent, e.what()},
                           exit_usage);
  } else {
    std::cerr << "ssoctl: " << terminal_safe(e.what()) << "\nTry ssoctl --help.\n";
  }
  return exit_usage;
}

}  // namespace

int main(int argc, char* argv[]) {
  try {
    try {
      return run(argc, argv);
    } catch (const usage_error& e) {
      return refuse(e, argc, argv);
    }
  } catch (const std::exception& e) {
    std::cerr << "ssoctl: " << terminal_safe(e.what()) << '\n';
    return exit_other;
  }
}
