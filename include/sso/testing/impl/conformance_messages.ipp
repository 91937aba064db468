// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/testing/impl/conformance_bench.ipp>

#include <algorithm>
#include <array>

/// Conformance cases: requests and responses.
namespace sso::testing::detail::conformance {

/// `size` bytes with every byte value.
[[nodiscard]] inline std::string binary(std::size_t size) {
  std::string out(size, '\0');
  for (std::size_t i = 0; i != size; ++i) out[i] = static_cast<char>((i * 7 + i / 256) % 256);
  return out;
}

[[nodiscard]] inline std::vector<std::string> values_of(const http::headers& fields, std::string_view name) {
  std::vector<std::string> out;
  for (const auto field : fields) {
    if (http::same_header_name(field.name, name)) out.emplace_back(field.value);
  }
  return out;
}

/// Fields of the same name must all arrive, in order and unchanged. The order of fields with different names has no
/// meaning (RFC 9110 §5.3).
inline void expect_fields(const http::headers& sent, const http::headers& arrived, const std::string& what) {
  for (const auto field : sent) {
    const auto wanted = values_of(sent, field.name);
    const auto got = values_of(arrived, field.name);
    if (wanted == got) continue;
    std::string shown;
    for (const auto& value : got) shown += " '" + value + "'";
    throw case_failed{what + ": the field " + std::string{field.name} +
                      (got.empty() ? " did not arrive" : " arrived as" + shown)};
  }
}

[[nodiscard]] inline peer_action responding(unsigned status, std::string body = {}) {
  peer_action out;
  out.response.status = status;
  out.response.body = std::move(body);
  return out;
}

inline void methods(case_bench& bench) {
  using http::method;
  bench.set_up(responding(200, "body"));
  for (const auto m :
       {method::get, method::head, method::post, method::put, method::patch, method::delete_}) {
    const std::string name{to_string(m)};
    const auto got = bench.send(bench.request(m), name);
    bench.expect_body(got, 200, m == method::head ? "" : "body", name);
    const auto received = bench.subject.received();
    const std::string arrived{received.empty() ? "nothing" : to_string(received.back().method)};
    bench.require(arrived == name, std::string{name}.append(" arrived as ").append(arrived));
  }
}

inline void targets(case_bench& bench) {
  bench.set_up(responding(200));
  const std::array<std::string, 8> rows{
      "/",           "/a%20b?x=1&y=%2F",         "/a//b/../c/./d", "/?",
      "/a?b?c=/&&d", "/%E2%82%AC;p=1:@!$'()*,~", "/a%2fb%2Fc",     "/" + std::string(4000, 'x')};
  for (const auto& target : rows) {
    const auto what = "the target " + target.substr(0, 40);
    bench.expect_status(bench.send(bench.request(http::method::get, target), what), 200, what);
    const auto received = bench.subject.received();
    bench.require(!received.empty() && received.back().target == target,
                  what + " arrived as " +
                      (received.empty() ? "nothing" : received.back().target.substr(0, 80)));
  }
}

inline void request_headers(case_bench& bench) {
  bench.set_up(responding(200));
  auto sent = bench.post("{\"a\":1}");
  sent.headers = {{"Authorization", "Bearer t0ken=="},
                  {"X-Two", "first"},
                  {"Content-Type", "application/json"},
                  {"X-Two", "second, third"},
                  {"X-Spaced", "a  b \t c"},
                  {"X-Quoted", "\"q;u=o\" <t>, %20"},
                  {"x-lower", "1"},
                  {"X-Empty", ""},
                  {"X-Bytes", "caf\xc3\xa9"},
                  {"X-Long", std::string(3000, 'l')},
                  {"User-Agent", "conformance/1"},
                  {"Accept", "application/json"}};
  bench.expect_status(bench.send(sent, "a request with headers"), 200, "a request with headers");
  auto received = bench.subject.received();
  bench.require(received.size() == 1, "the request did not arrive once");
  expect_fields(sent.headers, received[0].headers, "a request with headers");

  // Without headers: any field that arrives was added by the transport.
  bench.expect_status(bench.send(bench.request(), "a request without headers"), 200,
                      "a request without headers");
  received = bench.subject.received();
  bench.require(received.size() == 2, "the second request did not arrive once");
  constexpr std::array<std::string_view, 5> own{"Host", "Content-Length", "Connection", "Keep-Alive",
                                                "Accept-Encoding"};
  for (const auto field : received[1].headers) {
    const auto is_it = [&](std::string_view name) { return http::same_header_name(name, field.name); };
    const bool allowed = std::any_of(own.begin(), own.end(), is_it) ||
                         std::any_of(bench.added_headers.begin(), bench.added_headers.end(), is_it);
    bench.require(allowed, "the transport added the field " + std::string{field.name});
  }
  if (!bench.subject.has_wire()) return;
  const auto hosts = values_of(received[1].headers, "Host");
  const auto host = http::host_header(bench.subject.origin());
  bench.require(hosts.size() == 1 && hosts[0] == host,
                "the field Host is not " + host + (hosts.empty() ? "" : " but " + hosts[0]));
}

inline void request_bodies(case_bench& bench) {
  using http::method;
  bench.set_up(responding(200));
  for (const auto m : {method::post, method::put, method::patch}) {
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, std::size_t{256}, std::size_t{1024 * 1024}}) {
      auto sent = bench.request(m);
      sent.body = binary(size);
      const auto what = std::string{to_string(m)} + " with a body of " + std::to_string(size) + " bytes";
      bench.expect_status(bench.send(sent, what), 200, what);
      const auto received = bench.subject.received();
      bench.require(!received.empty() && received.back().method == m, what + " did not arrive");
      bench.require(received.back().body == sent.body, what + " arrived with a different body of " +
                                                           std::to_string(received.back().body.size()) +
                                                           " bytes");
      if (!bench.subject.has_wire()) continue;
      bench.require(values_of(received.back().headers, "Content-Length").size() == 1,
                    what + " arrived without a Content-Length");
    }
  }
}

inline void statuses(case_bench& bench) {
  bench.set_up([](const http::request& request, std::size_t) {
    const auto status = static_cast<unsigned>(std::stoul(request.target.substr(1)));
    return responding(status, status == 204 || status == 304 ? "" : "body");
  });
  for (const unsigned status : {200u, 201u, 202u, 204u, 206u, 299u, 304u, 400u, 401u, 403u, 404u,
                                407u, 409u, 410u, 418u, 422u, 429u, 500u, 502u, 503u, 504u, 599u}) {
    const auto number = std::to_string(status);
    const auto what = "a response with status " + number;
    const auto got = bench.send(bench.request(http::method::get, "/" + number), what);
    bench.expect_body(got, status, status == 204 || status == 304 ? "" : "body", what);
  }
  bench.require(bench.subject.received().size() == 22,
                "the transport sent a request again because of the response's status");
}

inline void interim_responses(case_bench& bench) {
  bench.need_wire();
  auto action = responding(201, "final");
  action.interim = 3;
  bench.set_up(action);
  for (int i = 0; i != 2; ++i) {
    const auto got = bench.send(bench.request(), "a response after interim responses");
    bench.expect_body(got, 201, "final", "a response after interim responses");
    bench.require(!got->headers.contains("X-Interim"),
                  "a field of an interim response is in the final response");
  }
}

inline void response_headers(case_bench& bench) {
  auto action = responding(200, "body");
  action.response.headers = {{"X-Request-Id", "0b1c"},
                             {"X-Two", "first"},
                             {"Retry-After", "3"},
                             {"X-Two", "second, third"},
                             {"x-lower", "a  b"},
                             {"X-Quoted", "\"q;u=o\" <t>, %20"},
                             {"X-Empty", ""},
                             {"X-Bytes", "caf\xc3\xa9"},
                             {"X-Long", std::string(3000, 'l')}};
  bench.set_up(action);
  const auto got = bench.send(bench.request(), "a response with headers");
  bench.expect_body(got, 200, "body", "a response with headers");
  expect_fields(action.response.headers, got->headers, "a response with headers");
}

inline void response_bodies(case_bench& bench) {
  const auto framings = bench.subject.has_wire() ? std::vector{peer_framing::length, peer_framing::chunked,
                                                               peer_framing::until_end}
                                                 : std::vector{peer_framing::length};
  constexpr std::array<const char*, 3> names{"with a length", "in chunks", "that ends with the connection"};
  bench.set_up([framings](const http::request& request, std::size_t) {
    auto action = responding(200, binary(std::stoul(request.target.substr(3))));
    action.framing = framings[static_cast<std::size_t>(request.target[1] - '0')];
    if (action.framing == peer_framing::until_end) action.ending = peer_ending::orderly;
    return action;
  });
  for (std::size_t i = 0; i != framings.size(); ++i) {
    for (const std::size_t size : {0u, 1u, 256u, 20'000u, 300'000u}) {
      const auto what = "a body of " + std::to_string(size) + " bytes " + names[i];
      const auto target = "/" + std::to_string(i) + "/" + std::to_string(size);
      bench.expect_body(bench.send(bench.request(http::method::get, target), what), 200, binary(size), what);
    }
  }
}

inline void redirects(case_bench& bench) {
  bench.set_up([](const http::request& request, std::size_t) {
    if (request.target == "/elsewhere") return responding(200, "followed");
    auto action = responding(static_cast<unsigned>(std::stoul(request.target.substr(1))));
    action.response.headers.add("Location", "/elsewhere");
    return action;
  });
  std::size_t sent = 0;
  for (const auto m : {http::method::get, http::method::post}) {
    for (const unsigned status : {301u, 302u, 303u, 307u, 308u}) {
      const auto number = std::to_string(status);
      const auto what = std::string{to_string(m)} + " with the redirect " + number;
      const auto got = bench.send(bench.request(m, "/" + number), what);
      bench.require(bench.subject.received().size() == ++sent, what + ": it was followed");
      bench.expect_status(got, status, what);
      bench.require(got->headers.get("Location") == "/elsewhere", what + ": the Location is missing");
    }
  }
}

inline void credentials_and_cookies(case_bench& bench) {
  auto action = responding(401);
  action.response.headers = {{"WWW-Authenticate", "Basic realm=\"r\""},
                             {"WWW-Authenticate", "Negotiate"},
                             {"Set-Cookie", "session=1; Path=/"}};
  bench.set_up(action);
  for (std::size_t i = 1; i != 4; ++i) {
    auto sent = bench.post();
    if (i == 2) sent.headers.add("Authorization", "Bearer mine");
    bench.expect_status(bench.send(sent, "a request without permission"), 401,
                        "a request without permission");
    const auto received = bench.subject.received();
    bench.require(received.size() == i, "the transport sent the request again after a 401");
    const auto credentials = values_of(received.back().headers, "Authorization");
    bench.require(credentials.size() == (i == 2 ? 1u : 0u), "the transport added an Authorization");
    for (const auto* const name : {"Cookie", "Proxy-Authorization"}) {
      bench.require(!received.back().headers.contains(name), std::string{"the transport added a "} + name);
    }
  }
}

}  // namespace sso::testing::detail::conformance
