// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/logger.hpp>
#include <sso/time.hpp>

#include <locale>
#include <memory>
#include <mutex>
#include <ostream>
#include <sstream>
#include <string>
#include <utility>
#include <variant>

namespace sso {
namespace detail {

/// Writes the text of an event.
class log_line {
public:
  explicit log_line(std::ostream& out) : out_{out} {}

  void operator()(const events::attempt_started& e) {
    head(e.call) << "attempt " << e.attempt << ": " << e.call.method << ' ' << printable(e.call.path);
  }
  void operator()(const events::attempt_finished& e) {
    head(e.call) << "attempt " << e.attempt << ": ";
    end(e.status, e.failure) << " in " << in_ms(e.elapsed);
    request_id(e.request_id);
  }
  void operator()(const events::retry_scheduled& e) {
    head(e.call) << "attempt " << e.attempt << " failed: ";
    end(e.status, e.failure) << ", retry in " << in_ms(e.wait);
  }
  void operator()(const events::token_refresh_started& e) { head(e.call) << "access token refresh started"; }
  void operator()(const events::token_refresh_retried& e) {
    head(e.call) << "no access token: ";
    end(e.status, e.failure) << ", retry in " << in_ms(e.wait);
  }
  void operator()(const events::token_refreshed& e) {
    head(e.call) << "access token ";
    if (e.failure) {
      out_ << "not refreshed: ";
      end(e.status, e.failure);
    } else {
      out_ << "refreshed";
      if (e.expires_in) out_ << ", expires in " << e.expires_in->count() << " s";
    }
    out_ << " in " << in_ms(e.elapsed);
  }
  void operator()(const events::call_finished& e) {
    head(e.call) << "finished ";
    end(e.status, e.failure) << " after " << e.attempts
                             << (e.attempts == 1 ? " attempt in " : " attempts in ") << in_ms(e.elapsed);
    request_id(e.request_id);
  }
  void operator()(const events::wait_started& e) {
    head(e.call) << "wait started, for at most " << in_ms(e.timeout);
  }
  void operator()(const events::wait_finished& e) {
    head(e.call) << "wait finished";
    if (e.failure) out_ << ": " << *e.failure;
    out_ << " after " << e.checks << (e.checks == 1 ? " check in " : " checks in ") << in_ms(e.elapsed);
  }

private:
  std::ostream& head(const events::call_info& call) {
    return out_ << "sso " << call.operation << ' ' << call.client_request_id << ": ";
  }
  std::ostream& end(unsigned status, const std::optional<errc>& failure) {
    if (status != 0) out_ << status;
    if (status != 0 && failure) out_ << ' ';
    if (failure) out_ << *failure;
    return out_;
  }
  void request_id(std::string_view id) {
    if (!id.empty()) out_ << " (request id " << printable(id, 80) << ')';
  }
  static std::string in_ms(events::duration d) {
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(d).count()) + " ms";
  }

  std::ostream& out_;
};

inline bool is_of_level(const event& e, log_level level) {
  if (level == log_level::debug) return true;
  if (const auto* end = std::get_if<events::call_finished>(&e))
    return level == log_level::info || end->failure;
  if (const auto* wait = std::get_if<events::wait_finished>(&e))
    return level == log_level::info || wait->failure;
  if (level == log_level::error) return false;
  if (const auto* token = std::get_if<events::token_refreshed>(&e)) return token->failure.has_value();
  return std::holds_alternative<events::retry_scheduled>(e) ||
         std::holds_alternative<events::token_refresh_retried>(e);
}

}  // namespace detail

SSO_DECL observer make_logger(std::ostream& out, log_level level,
                              std::function<std::chrono::system_clock::time_point()> clock) {
  auto mutex = std::make_shared<std::mutex>();
  return [&out, level, clock = std::move(clock), mutex = std::move(mutex)](const event& happened) {
    if (!detail::is_of_level(happened, level)) return;
    std::ostringstream line;
    line.imbue(std::locale::classic());
    std::visit(detail::log_line{line}, happened);
    line << '\n';
    const std::lock_guard lock{*mutex};
    std::string text;
    if (clock) text = format_timestamp(std::chrono::floor<std::chrono::milliseconds>(clock())) + ' ';
    text += line.str();
    out.width(0);
    out.write(text.data(), static_cast<std::streamsize>(text.size())).flush();
  };
}

}  // namespace sso
