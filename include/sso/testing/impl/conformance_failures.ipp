// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/testing/impl/conformance_messages.ipp>
#include <sso/testing/impl/conformance_subject.ipp>

/// Conformance cases: limits and failures.
namespace sso::testing::detail::conformance {

inline void body_limit(case_bench& bench) {
  const auto framings = bench.subject.has_wire() ? std::vector{peer_framing::length, peer_framing::chunked,
                                                               peer_framing::until_end}
                                                 : std::vector{peer_framing::length};
  for (const auto framing : framings) {
    for (const std::size_t size : {std::size_t{2000}, std::size_t{2001}, std::size_t{3'000'000}}) {
      bench.set_up([=](const http::request& request, std::size_t) {
        if (request.target == "/afterwards") return responding(200);
        auto action = responding(200, binary(size));
        action.framing = framing;
        if (framing == peer_framing::until_end) action.ending = peer_ending::orderly;
        return action;
      });
      http::limits limits;
      limits.body_bytes = 2000;
      const auto what = "a body of " + std::to_string(size) + " bytes where 2000 are allowed";
      const auto got = bench.send(bench.request(), what, limits);
      if (size == 2000) {
        bench.expect_body(got, 200, binary(size), what);
      } else {
        bench.expect_error(got, {errc::response_too_large}, outcome::maybe_executed, what);
        bench.expect_usable(what);
      }
    }
  }
}

inline void header_limit(case_bench& bench) {
  bench.set_up([](const http::request& request, std::size_t) {
    auto action = responding(200);
    if (request.target == "/afterwards") return action;
    const auto fields = std::stoul(request.target.substr(1));
    for (std::size_t i = 0; i != fields; ++i) {
      action.response.headers.add("X-" + std::to_string(i), std::string(90, 'x'));
    }
    return action;
  });
  http::limits limits;
  limits.header_bytes = 2000;
  const auto try_with = [&](std::size_t fields, const std::string& what) {
    return bench.send(bench.request(http::method::get, "/" + std::to_string(fields)), what, limits);
  };
  bench.expect_status(try_with(10, "headers of 1000 bytes where 2000 are allowed"), 200,
                      "headers of 1000 bytes where 2000 are allowed");
  for (const std::size_t fields : {30u, 3000u}) {
    const auto what = "headers of " + std::to_string(fields * 100) + " bytes where 2000 are allowed";
    bench.expect_error(try_with(fields, what), {errc::response_too_large}, outcome::maybe_executed, what);
    bench.expect_usable(what);
  }
}

inline void no_time_left(case_bench& bench) {
  bench.set_up(responding(200));
  for (const auto timeout : {steady::duration::zero(), steady::duration{-std::chrono::seconds{1}}}) {
    http::limits limits;
    limits.timeout = timeout;
    const auto what = "a timeout of " + in_words(timeout);
    bench.expect_error(bench.send(bench.request(), what, limits), {errc::timeout}, outcome::not_sent, what);
  }
  bench.expect_usable("requests with an expired timeout");
  bench.require(bench.subject.received().size() == 1, "a request with an expired timeout was sent");
}

/// A peer that stops after `bytes` bytes of the response to `/stall`.
[[nodiscard]] inline peer_script stalling(std::size_t after) {
  return [after](const http::request& request, std::size_t) {
    auto action = responding(200, "body");
    if (request.target != "/stall") return action;
    action.only_bytes = after;
    action.ending = peer_ending::stall;
    return action;
  };
}

inline void stall_until_timeout(case_bench& bench, std::size_t bytes, const std::string& what) {
  bench.set_up(stalling(bytes));
  constexpr auto timeout = std::chrono::milliseconds{150};
  http::limits limits;
  limits.timeout = timeout;
  const auto before = steady::now();
  const auto got = bench.send(bench.request(http::method::get, "/stall"), what, limits);
  const auto took = steady::now() - before;
  bench.expect_error(got, {errc::timeout}, outcome::maybe_executed, what);
  bench.require(took >= timeout, what + ": the timeout of 150 ms fired after " + in_words(took));
  bench.expect_usable(what);
}

inline void timeout_before_response(case_bench& bench) {
  stall_until_timeout(bench, 0, "a peer that does not respond");
}
inline void timeout_inside_response(case_bench& bench) {
  bench.need_wire();
  stall_until_timeout(bench, 12, "a peer that stops in the status line");
  stall_until_timeout(bench, 44, "a peer that stops in the body");
}

inline void timeout_while_connecting(case_bench& bench) {
  const auto silent = bench.subject.silent_origin();
  if (!silent) throw case_skipped{"the subject has no connections that take time to open"};
  bench.set_up(responding(200));
  auto request = bench.post();
  request.origin = *silent;
  http::limits limits;
  limits.timeout = std::chrono::milliseconds{150};
  const std::string what = "a connection that does not open";
  bench.expect_error(bench.send(request, what, limits), {errc::timeout}, outcome::not_sent, what);
  bench.expect_usable(what);
}

inline void slow_response(case_bench& bench) {
  const auto open = std::make_shared<std::atomic<bool>>(false);
  auto action = responding(200, "late");
  action.when = open;
  bench.set_up(action);
  http::limits limits;
  limits.timeout = (steady::duration::max)();  // overflows when added to the clock's time
  const auto one = bench.begin(bench.request(), limits);
  bench.await_received(1, "a request with a long timeout");
  bench.run_for(std::chrono::milliseconds{100});
  *open = true;
  bench.expect_body(bench.finish(*one, "a slow response"), 200, "late", "a slow response");
}

inline void refused_connection(case_bench& bench) {
  bench.set_up(responding(200));
  const auto closed = bench.subject.closed_origin();
  if (!closed) throw case_skipped{"the subject has no connections"};
  auto request = bench.post();
  request.origin = *closed;
  const std::string what = "a closed port";
  bench.expect_error(bench.send(request, what), {errc::connect_failed}, outcome::not_sent, what);
  bench.expect_usable(what);
}

/// How the peer sends and truncates a response. The request's target selects the row.
struct cut {
  peer_framing framing;
  peer_ending ending;
  std::optional<std::size_t> bytes;  // empty: the response is complete
};

/// A peer that responds to each request as its row of `rows` says.
[[nodiscard]] inline peer_script cutting(std::vector<cut> rows) {
  return [rows = std::move(rows)](const http::request& request, std::size_t) {
    auto action = responding(200, "0123456789");
    if (request.target == "/afterwards") return action;
    action.response.headers.add("X-A", "b");
    const auto& row = rows.at(std::stoul(request.target.substr(1)));
    action.framing = row.framing;
    action.ending = row.ending;
    action.only_bytes = row.bytes;
    return action;
  };
}

[[nodiscard]] inline std::string in_words(const cut& row) {
  constexpr std::array<const char*, 3> framings{"with a length", "in chunks", "without length"};
  auto out = std::string{"a response "} + framings[static_cast<std::size_t>(row.framing)];
  if (row.bytes) out += " truncated after " + std::to_string(*row.bytes) + " bytes";
  return out + (row.ending == peer_ending::orderly ? ", closed orderly" : ", closed abruptly");
}

inline void cut_responses(case_bench& bench) {
  bench.need_wire();
  std::vector<cut> rows;
  for (const auto ending : {peer_ending::orderly, peer_ending::abrupt}) {
    for (const auto framing : {peer_framing::length, peer_framing::chunked}) {
      for (std::size_t bytes = 0;; bytes += bytes < 8 ? 4 : 7) {
        auto action = responding(200, "0123456789");
        action.response.headers.add("X-A", "b");
        action.framing = framing;
        const auto whole = response_text(action, http::method::post).size();
        rows.push_back({framing, ending, (std::min)(bytes, whole - 1)});
        if (bytes >= whole - 1) break;
      }
    }
  }
  if (bench.subject.has_tls()) {  // without close_notify, an attacker may have ended it
    rows.push_back({peer_framing::until_end, peer_ending::abrupt, std::nullopt});
  }
  bench.set_up(cutting(rows));
  for (std::size_t i = 0; i != rows.size(); ++i) {
    const auto what = in_words(rows[i]);
    auto request = bench.post();
    request.target = "/" + std::to_string(i);
    bench.expect_error(bench.send(request, what), {errc::incomplete_response, errc::transport_failed},
                       outcome::maybe_executed, what);
    bench.require(bench.subject.received().size() == i + 1, what + ": the request was sent again");
  }
  bench.expect_usable("cut ones");
}

inline void complete_responses(case_bench& bench) {
  bench.need_wire();
  std::vector<cut> rows;
  for (const auto ending : {peer_ending::orderly, peer_ending::abrupt}) {
    for (const auto framing : {peer_framing::length, peer_framing::chunked}) {
      rows.push_back({framing, ending, std::nullopt});
    }
  }
  rows.push_back({peer_framing::until_end, peer_ending::orderly, std::nullopt});
  if (!bench.subject.has_tls()) rows.push_back({peer_framing::until_end, peer_ending::abrupt, std::nullopt});
  bench.set_up(cutting(rows));
  for (std::size_t i = 0; i != rows.size(); ++i) {
    const auto what = in_words(rows[i]) + " after its last byte";
    bench.renew_transport();  // the previous connection may still look open
    auto request = bench.post();
    request.target = "/" + std::to_string(i);
    bench.expect_body(bench.send(request, what), 200, "0123456789", what);
  }
}

}  // namespace sso::testing::detail::conformance
