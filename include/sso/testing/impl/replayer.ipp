// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/error.hpp>
#include <sso/testing/cassette.hpp>
#include <sso/testing/impl/yield.ipp>
#include <sso/testing/replayer.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace sso::testing {
namespace detail {

/// Whether the target matches the recorded one. A redacted segment or parameter matches any value.
inline bool same_target(std::string_view recorded, std::string_view actual) {
  const auto mark = recorded.find(redacted);
  if (mark == std::string_view::npos) return recorded == actual;
  if (recorded.substr(0, mark) != actual.substr(0, mark)) return false;
  recorded.remove_prefix(mark + redacted.size());
  actual.remove_prefix(mark);
  constexpr std::string_view separators = "/?&";
  while (!same_target(recorded, actual)) {
    if (actual.empty() || separators.find(actual[0]) != std::string_view::npos) return false;
    actual.remove_prefix(1);
  }
  return true;
}

}  // namespace detail

struct replayer::state {
  std::mutex mutex;  // guards the members below
  std::vector<recorded_exchange> exchanges;
  std::size_t next = 0;
  std::size_t requests = 0;
  std::vector<std::string> mismatches;

  result<http::response> take(const http::request& request) {
    const std::lock_guard lock{mutex};
    ++requests;
    const bool over = next == exchanges.size();
    if (!over && exchanges[next].method == request.method &&
        detail::same_target(exchanges[next].target, request.target)) {
      return exchanges[next++].answer;
    }
    std::string what = "request " + std::to_string(requests) + " is ";
    what.append(to_string(request.method)).append(" ");
    what.append(request.target, 0, request.target.find('?'));
    if (request.target.find('?') != std::string::npos) what += "?...";
    if (over) {
      what += ", but the cassette ends after " + std::to_string(exchanges.size()) + " exchanges";
    } else {
      what += ", but exchange " + std::to_string(next + 1) + " of the cassette is ";
      what.append(to_string(exchanges[next].method)).append(" ").append(exchanges[next].target);
    }
    mismatches.push_back(what);
    return error{errc::protocol_error, outcome::not_sent, "replayer: " + what};
  }
};

SSO_DECL replayer::replayer(std::string_view cassette) : state_{std::make_shared<state>()} {
  auto read = read_cassette(cassette);
  if (!read) throw exception{read.error()};
  state_->exchanges = std::move(*read);
}

SSO_DECL replayer replayer::from_file(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  if (!in) throw std::runtime_error{"sso::testing::replayer: cannot read " + path};
  return replayer{text};
}

SSO_DECL std::size_t replayer::left() const {
  const std::lock_guard lock{state_->mutex};
  return state_->exchanges.size() - state_->next;
}

SSO_DECL std::string replayer::faults() const {
  const std::lock_guard lock{state_->mutex};
  std::string out;
  for (const auto& one : state_->mismatches) out.append(one).append("\n");
  if (const auto left = state_->exchanges.size() - state_->next; left != 0) {
    const auto& first = state_->exchanges[state_->next];
    out.append(std::to_string(left)).append(" exchanges of the cassette are left, the first is ");
    out.append(to_string(first.method)).append(" ").append(first.target).append("\n");
  }
  return out;
}

SSO_DECL asio::awaitable<result<http::response>>
replayer::exchange(std::shared_ptr<state> shared, const http::request& request, http::limits limits) {
  const bool cancelled_before = co_await detail::is_cancelled();
  if (cancelled_before) {
    co_return error{errc::cancelled, outcome::not_sent, "before the request was sent"};
  }
  if (limits.timeout <= limits.timeout.zero()) {
    co_return error{errc::timeout, outcome::not_sent, "no time left to send the request"};
  }
  auto response = shared->take(request);
  const bool cancelled = co_await detail::without_throwing(detail::yield());
  if (cancelled) co_return error{errc::cancelled, outcome::maybe_executed, "before the response came"};
  if (response &&
      (response->body.size() > limits.body_bytes || response->headers.wire().size() > limits.header_bytes)) {
    co_return error{errc::response_too_large, outcome::maybe_executed,
                    "the recorded response exceeds a limit"};
  }
  co_return response;
}

}  // namespace sso::testing
