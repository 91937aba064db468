// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/any_transport.hpp>
#include <sso/testing/conformance.hpp>

#include <boost/asio/awaitable.hpp>

#include <set>
#include <string>
#include <utility>

namespace conformance_test {

namespace asio = boost::asio;
namespace http = sso::http;
using exchange_result = sso::result<http::response>;

/// A fault to inject: replaces `next.send(request, limits)`.
using mistake = asio::awaitable<exchange_result> (*)(sso::any_transport next, http::request request,
                                                     http::limits limits);

/// A transport over another one, with an injected fault.
class broken {
public:
  broken(sso::any_transport next, mistake how) : next_{std::move(next)}, how_{how} {}

  [[nodiscard]] asio::awaitable<exchange_result> send(const http::request& request,
                                                      http::limits limits) const {
    return how_(next_, request, limits);
  }

private:
  sso::any_transport next_;
  mistake how_;
};

using names = std::set<std::string>;

/// The names of the cases with this result.
inline names cases_with(const sso::testing::conformance_report& report, sso::testing::verdict result) {
  names out;
  for (const auto& one : report.cases) {
    if (one.result == result) out.insert(one.name);
  }
  return out;
}

inline std::string explanation_of(const sso::testing::conformance_report& report, const std::string& name) {
  const auto* const found = report.find(name);
  return found != nullptr ? found->explanation : std::string{};
}

}  // namespace conformance_test
