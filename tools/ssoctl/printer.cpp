// SPDX-License-Identifier: BSL-1.0
#include "printer.hpp"

#include "dry_run.hpp"
#include "escape.hpp"
#include "format.hpp"
#include "text.hpp"

#include <sso/logger.hpp>

#include <boost/json/value.hpp>

#include <iostream>
#include <memory>
#include <sstream>
#include <variant>

namespace ssoctl {

void printer::print(const output& got) const {
  if (!common_.prints_result) return;
  std::visit(
      [this](const auto& content) {
        const auto shown = secrets_.clean(content);
        write(std::cout, common_.json ? json_of(shown) + '\n' : text_of(shown));
      },
      got.content);
}

void printer::print(const sso::http::request& request) const {
  const auto described = secrets_.clean(describe(request));
  write(std::cout, common_.json ? json_line(described) + '\n' : to_text(described));
}

void printer::print(const sso::error& failed, int status) const {
  const auto shown = secrets_.clean(failed);
  if (common_.json) {
    print_json(to_string(static_cast<sso::errc>(shown.code().value())), shown, shown.message(), status);
  } else {
    std::cerr << "ssoctl: " + terminal_safe(shown.message()) + '\n' << std::flush;
  }
}

void printer::print(const output_error& failed, bool changed, int status) const {
  const auto message = failed.what() + std::string{changed ? "; the change was made" : ""};
  if (common_.json) {
    const auto outcome = changed ? sso::outcome::maybe_executed : sso::outcome::not_sent;
    print_json("output_failed", sso::error{sso::errc::transport_failed, outcome, {}}, message, status);
  } else {
    std::cerr << "ssoctl: " + message + '\n' << std::flush;
  }
}

void printer::print_json(std::string_view code, const sso::error& failed, const std::string& message,
                         int status) const {
  boost::json::object out{{"code", code},
                          {"message", message},
                          {"status", failed.status()},
                          {"server_code", failed.server_code()},
                          {"server_message", failed.server_message()},
                          {"outcome", to_string(failed.outcome())},
                          {"attempts", failed.attempts()},
                          {"request_id", failed.request_id()},
                          {"client_request_id", failed.client_request_id()},
                          {"body", failed.body()},
                          {"unsettled", failed.unsettled()},
                          {"exit_code", status}};
  if (const auto wait = failed.retry_after()) out["retry_after_ms"] = wait->count();
  const auto line = json_text::from(boost::json::object{{"error", std::move(out)}});
  std::cerr << json_line(line) + '\n' << std::flush;
}

sso::observer printer::logger() const {
  const auto line = std::make_shared<std::ostringstream>();
  const auto log = sso::make_logger(*line, sso::log_level::debug);
  return [this, line, log](const sso::event& happened) {
    auto shown = happened;
    std::string id;  // the only server text in an event
    std::visit(
        [&](auto& event) {
          if constexpr (requires { event.request_id; }) {
            id = secrets_.clean(event.request_id);
            event.request_id = id;
          }
        },
        shown);
    log(shown);
    auto text = line->str();
    line->str({});
    if (!text.empty()) text.pop_back();
    std::cerr << terminal_safe(text) + '\n' << std::flush;
  };
}

void write(std::ostream& out, const std::string& text) {
  out << text << std::flush;
  if (!out) throw output_error{"cannot write to stdout"};
}

}  // namespace ssoctl
