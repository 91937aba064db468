// SPDX-License-Identifier: BSL-1.0
#include "progress.hpp"

#include "escape.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>
#include <variant>

namespace ssoctl {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

std::size_t columns() {
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col != 0;
  return known ? size.ws_col : 80;
}

void write_to_terminal(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

std::string failure_text(unsigned status, const std::optional<sso::errc>& failure) {
  if (status != 0) return std::to_string(status);
  return failure ? std::string{to_string(*failure)} : std::string{"no response"};
}

std::string tenths(clock::duration d) {
  const auto count =
      std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::milliseconds>(d).count() / 100);
  return std::to_string(count / 10) + '.' + std::to_string(count % 10) + " s";
}

/// E.g. `14:05`.
std::string minutes(clock::duration d) {
  const auto count = std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::seconds>(d).count());
  return std::to_string(count / 60) + (count % 60 < 10 ? ":0" : ":") + std::to_string(count % 60);
}

/// Whether stderr is a terminal that can be drawn on.
bool is_possible() {
  const char* const terminal = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && terminal != nullptr && std::string_view{terminal} != "dumb";
}

}  // namespace

struct progress::state {
  state(asio::io_context& io, bool wanted) : timer{io}, draws{wanted} {}

  void operator()(const sso::events::attempt_started& e) {
    name(e.call);
    enter("attempt " + std::to_string(e.attempt));
    busy = true;
    next.reset();
  }
  void operator()(const sso::events::retry_scheduled& e) {
    name(e.call);
    phase =
        "attempt " + std::to_string(e.attempt) + " failed: " + failure_text(e.status, e.failure) + ", retry";
    until = next = clock::now() + e.wait;
  }
  void operator()(const sso::events::token_refresh_retried& e) {
    name(e.call);
    phase = "no access token, retry";
    until = clock::now() + e.wait;
  }
  void operator()(const sso::events::attempt_finished& e) {
    busy = false;
    const bool failed = e.failure || e.status >= 400;
    if (deadline && failed) detail = "a check failed: " + failure_text(e.status, e.failure);
  }
  void operator()(const sso::events::call_finished&) { enter("waiting"); }
  void operator()(const auto&) {}  // not shown

  void name(const sso::events::call_info& info) {
    if (!named) subject.assign(info.method).append(" ").append(info.path);
  }
  void enter(std::string what) {
    phase = std::move(what);
    since = clock::now();
    until.reset();
  }

  std::string line(std::size_t frame) const {
    constexpr std::string_view frames = "|/-\\";
    std::string out{frames[frame % frames.size()]};
    out.append(" ").append(deadline ? wait_text(clock::now()) : phase_text(clock::now()));
    // A wrapped line cannot be erased. Leaves room for the "^C" of Ctrl-C.
    return terminal_safe(out).substr(0, std::max<std::size_t>(columns(), 10) - 3);
  }
  std::string phase_text(clock::time_point now) const {
    if (phase.empty()) return "starting";  // may be requesting a token
    auto out = phase + (until ? " in " : ", ") + tenths(until ? *until - now : now - since);
    // Last, because a narrow terminal truncates it.
    return subject.empty() ? out : out.append("  ").append(subject);
  }
  std::string wait_text(clock::time_point now) const {
    auto out = std::to_string(checks) + (checks == 1 ? " check, " : " checks, ");
    out += busy ? "checking" : next ? "next in " + tenths(*next - now) : "waiting";
    out.append(", ").append(minutes(*deadline - now)).append(" left  ");
    // Omit the subject if the detail has it, to save columns.
    const bool names_it = detail.find(subject) != std::string::npos;
    if (!names_it) out.append(subject).append(detail.empty() ? "" : ": ");
    return out.append(detail);
  }

  asio::steady_timer timer;
  bool draws;
  bool stopped = false;
  bool drawn = false;
  std::string phase;
  std::string subject;
  bool named = false;  // `subject` is fixed
  clock::time_point since;
  std::optional<clock::time_point> until;

  // For a wait for a domain.
  std::optional<clock::time_point> deadline;
  std::optional<clock::time_point> next;
  unsigned checks = 0;
  bool busy = false;
  std::string detail;  // of the last check
};

progress::progress(asio::io_context& io, const redaction& secrets, bool wanted)
    : io_{io}, secrets_{secrets}, state_{std::make_shared<state>(io, wanted && is_possible())} {}

void progress::watch(sso::client_options& options) {
  if (options.observer) {
    state_->draws = false;
  } else if (state_->draws) {
    options.observer = [self = state_](const sso::event& e) { std::visit(*self, e); };
  }
}

void progress::name(std::string subject) {
  state_->subject = std::move(subject);
  state_->named = true;
}

void progress::begin(std::string phase) {
  name({});
  state_->enter(std::move(phase));
}

void progress::wait_for(std::string domain, clock::duration at_most) {
  name(std::move(domain));
  state_->deadline = clock::now() + at_most;
}

void progress::checked(std::string_view detail, clock::duration next) {
  ++state_->checks;
  state_->detail = secrets_.clean(detail);
  state_->next = clock::now() + next;
}

void progress::start() {
  if (state_->draws) asio::co_spawn(io_, draw(state_), asio::detached);
}

void progress::stop() {
  state_->stopped = true;
  state_->timer.cancel();
  if (state_->drawn) write_to_terminal("\r\x1b[K");
  state_->drawn = false;
}

asio::awaitable<void> progress::draw(std::shared_ptr<state> self) {
  auto next = 300ms;  // a fast call shows nothing
  for (std::size_t frame = 0; !self->stopped; ++frame) {
    self->timer.expires_after(next);
    boost::system::error_code ended;
    co_await self->timer.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    if (ended || self->stopped) co_return;
    write_to_terminal("\r" + self->line(frame) + "\x1b[K");
    self->drawn = true;
    next = 100ms;
  }
}

}  // namespace ssoctl
