// SPDX-License-Identifier: BSL-1.0
#include "progress.hpp"

#include "escape.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>
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
  return failure ? std::string{to_string(*failure)} : std::string{"no answer"};
}

std::string tenths(clock::duration d) {
  const auto count = std::chrono::duration_cast<std::chrono::milliseconds>(d).count() / 100;
  return std::to_string(count / 10) + '.' + std::to_string(count % 10) + " s";
}

}  // namespace

struct progress::state {
  explicit state(asio::io_context& io) : timer{io} {}

  void operator()(const sso::events::attempt_started& e) {
    name(e.call);
    phase = "attempt " + std::to_string(e.attempt);
    since = clock::now();
    until.reset();
  }
  void operator()(const sso::events::retry_scheduled& e) {
    name(e.call);
    phase = "attempt " + std::to_string(e.attempt) + " gave " + failure_text(e.status, e.failure) + ", next";
    until = clock::now() + e.wait;
  }
  void operator()(const sso::events::token_refresh_started&) {}
  void operator()(const sso::events::token_refresh_retried& e) {
    name(e.call);
    phase = "no access token, next";
    until = clock::now() + e.wait;
  }
  void name(const sso::events::call_info& info) { call.assign(info.method).append(" ").append(info.path); }
  void operator()(const sso::events::token_refreshed&) {}
  void operator()(const sso::events::attempt_finished&) {}
  void operator()(const sso::events::call_finished&) {
    phase = "waiting";
    since = clock::now();
  }

  std::string line(std::size_t frame) const {
    constexpr std::string_view frames = "|/-\\";
    std::string out{frames[frame % frames.size()]};
    const auto now = clock::now();
    if (call.empty()) return out + " starting";  // perhaps with a token
    out.append(" ").append(phase).append(until ? " in " : ", ");
    out += tenths(!until ? now - since : *until > now ? *until - now : clock::duration{});
    out.append("  ").append(call);  // last, as a narrow terminal shows less of it
    // A line that wraps could not be taken back, and Ctrl-C adds two characters.
    return terminal_safe(out).substr(0, std::max<std::size_t>(columns(), 10) - 3);
  }

  asio::steady_timer timer;
  bool stopped = false;
  bool drawn = false;
  std::string call;
  std::string phase;
  clock::time_point since;
  std::optional<clock::time_point> until;
};

progress::progress(asio::io_context& io) : io_{io}, state_{std::make_shared<state>(io)} {}

bool progress::is_possible() {
  const char* const terminal = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && terminal != nullptr && std::string_view{terminal} != "dumb";
}

sso::observer progress::observer() {
  return [state = state_](const sso::event& happened) { std::visit(*state, happened); };
}

void progress::start() {
  asio::co_spawn(io_, draw(state_), asio::detached);
}

void progress::stop() {
  state_->stopped = true;
  state_->timer.cancel();
  if (state_->drawn) write_to_terminal("\r\x1b[K");
  state_->drawn = false;
}

asio::awaitable<void> progress::draw(std::shared_ptr<state> self) {
  auto next = 300ms;  // who is answered at once need not read anything
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
