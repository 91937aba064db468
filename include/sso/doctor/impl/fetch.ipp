// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/doctor/detail/document.hpp>
#include <sso/doctor/detail/fetch.hpp>
#include <sso/doctor/detail/location.hpp>
#include <sso/http/date.hpp>
#include <sso/pipeline/transport_exception.hpp>
#include <sso/version.hpp>

#include <boost/system/errc.hpp>

#include <charconv>
#include <cstdint>
#include <exception>
#include <utility>

namespace sso::doctor::detail {

SSO_DECL asio::awaitable<fetched> fetch(any_transport web, clocks time, std::string url,
                                        std::string_view operation,
                                        std::chrono::steady_clock::time_point deadline) {
  const auto where = read_location(url);
  fetched out;
  out.url = std::move(url);

  http::request request;
  request.origin = where.server;
  request.target = where.target;
  request.headers.add("Accept", "application/json");
  request.headers.add("Cache-Control", "no-cache");
  request.headers.add("User-Agent", "sso-cpp/" SSO_VERSION_STRING " doctor");
  request.operation = operation;
  request.replayable = true;
  http::limits limits;
  const auto asked = time.now();
  limits.timeout = deadline - asked;
  limits.body_bytes = longest_document;
  if (limits.timeout <= std::chrono::steady_clock::duration::zero()) {
    out.skipped = "the timeout has expired";
    co_return out;
  }
  try {
    auto response = co_await web.send(request, limits);
    if (response) {
      out.response = std::move(*response);
    } else {
      out.failure = std::move(response).error();
    }
  } catch (...) {
    out.failure = pipeline::error_of_exception(std::current_exception());
  }
  const auto half = (time.now() - asked) / 2;
  const auto middle = time.wall_now() - std::chrono::duration_cast<std::chrono::system_clock::duration>(half);
  out.received = std::chrono::floor<std::chrono::seconds>(middle);
  co_return out;
}

SSO_DECL bool is_refused_address(const error& failure) {
  return failure.code() == errc::connect_failed && failure.cause() == boost::system::errc::permission_denied;
}

/// Helpers for the checks of one exchange.
class exchange_checks {
public:
  exchange_checks(collector& out, const fetched& got) : out_{out}, got_{got} {}

  [[nodiscard]] finding about(std::string_view id, severity level, std::string_view message) const {
    return make_finding(id, level, shown_url(got_.url), message);
  }

  /// Adds the finding, and reports the other checks among `ids` as undecided.
  void stop(finding what, std::initializer_list<std::string_view> ids) {
    const auto cause = "explained by " + what.id;
    for (const auto id : ids) {
      if (id != what.id) out_.undecided(id, cause);
    }
    out_.find(std::move(what));
  }

  void pass_all(std::initializer_list<std::string_view> ids) {
    for (const auto id : ids) out_.pass(id);
  }

  [[nodiscard]] std::string failure_text() const {
    auto text = describe(*got_.failure);
    if (got_.failure->cause()) text += ": " + got_.failure->cause().message();
    return shown(text, 500);
  }

  [[nodiscard]] std::string redirect_target() const {
    const auto target = got_.response->headers.get("Location");
    return target ? shown_url_path(*target) : "(no Location)";
  }

private:
  collector& out_;
  const fetched& got_;
};

[[nodiscard]] inline std::string media_type_of(const http::headers& headers) {
  const auto value = headers.get("Content-Type").value_or("");
  std::string out{sso::detail::trim(value.substr(0, value.find(';')))};
  for (auto& c : out) c = sso::detail::to_lower(c);
  return out;
}

SSO_DECL bool check_discovery_fetch(collector& out, const fetched& got, const std::string& alternatives,
                                    std::string& reason) {
  const std::initializer_list<std::string_view> all{
      "discovery.unreachable", "discovery.address_refused", "discovery.not_found",   "discovery.forbidden",
      "discovery.status",      "discovery.redirected",      "discovery.content_type"};
  exchange_checks checks{out, got};
  if (!got.response && !got.failure) {
    reason = got.skipped;
    out.undecided(all, reason);
    out.undecided("discovery.not_json", reason);
    return false;
  }
  const auto none = [&](finding what) {
    reason = "there is no discovery document: " + what.id;
    checks.stop(std::move(what), all);
    out.undecided("discovery.not_json", reason);
    return false;
  };

  if (got.failure) {
    const auto code = got.failure->code();
    if (code == errc::cancelled) {
      reason = "cancelled";
      out.undecided(all, reason);
      out.undecided("discovery.not_json", reason);
      return false;
    }
    if (code == errc::response_too_large) {
      checks.pass_all({"discovery.unreachable", "discovery.address_refused"});
      auto what =
          checks.about("discovery.not_json", severity::critical, "The discovery document is too large.");
      what.expected = "a JSON object of at most 1 MiB";
      what.actual = checks.failure_text();
      what.advice = "Open the URL in a browser: it may not be a discovery document.";
      reason = "the document is not a JSON object";
      checks.stop(std::move(what), {"discovery.not_found", "discovery.forbidden", "discovery.status",
                                    "discovery.redirected", "discovery.content_type"});
      return false;
    }
    if (is_refused_address(*got.failure)) {
      auto what = checks.about("discovery.address_refused", severity::critical,
                               "The transport refuses to connect to the address of the issuer's host.");
      what.expected = "a public address";
      what.actual = checks.failure_text();
      what.advice =
          "Store the provider's public host name. The name may resolve to another address where the service "
          "runs: check there too.";
      return none(std::move(what));
    }
    auto what = checks.about("discovery.unreachable", severity::critical,
                             "The discovery document could not be fetched.");
    what.actual = checks.failure_text();
    what.advice =
        "Make sure that the host name resolves, that the host accepts connections on this port, and that its "
        "certificate is from a public certificate authority.";
    return none(std::move(what));
  }

  const auto status = got.response->status;
  const auto number = std::to_string(status);
  if (status == 404 || status == 410) {
    auto what = checks.about("discovery.not_found", severity::critical, "There is no discovery document.");
    what.expected = "200";
    what.actual = number;
    what.advice = "Make sure that the issuer is complete, with its path. " + alternatives;
    return none(std::move(what));
  }
  if (status == 401 || status == 403) {
    auto what =
        checks.about("discovery.forbidden", severity::critical, "The discovery document is not public.");
    what.expected = "200 without credentials";
    what.actual = number;
    what.advice = "A bot filter may block the request, or the URL is wrong.";
    return none(std::move(what));
  }
  if (http::is_redirect(status)) {
    auto what =
        checks.about("discovery.redirected", severity::error, "The discovery document's URL is redirected.");
    what.expected = "200; redirects are not followed";
    what.actual = number + " to " + checks.redirect_target();
    what.advice = "Store the issuer of the document at the redirect's target.";
    return none(std::move(what));
  }
  if (status != 200) {
    auto what = checks.about("discovery.status", severity::error,
                             "The provider did not return its discovery document.");
    what.expected = "200";
    what.actual = number;
    what.advice = "Try again later. If the status persists, ask the provider's operator.";
    return none(std::move(what));
  }
  checks.pass_all({"discovery.unreachable", "discovery.address_refused", "discovery.not_found",
                   "discovery.forbidden", "discovery.status", "discovery.redirected"});
  const auto type = media_type_of(got.response->headers);
  if (type == "application/json") {
    out.pass("discovery.content_type");
  } else {
    auto what = checks.about("discovery.content_type", severity::warning,
                             "The discovery document is not declared as JSON.");
    what.expected = "application/json";
    what.actual = type.empty() ? "(none)" : shown(type, 100);
    what.advice = "Ask the provider's operator to correct the Content-Type.";
    out.find(std::move(what));
  }
  return true;
}

SSO_DECL bool check_keys_fetch(collector& out, const fetched& got, std::string& reason) {
  const std::initializer_list<std::string_view> all{"keys.unreachable", "keys.forbidden", "keys.status"};
  exchange_checks checks{out, got};
  if (!got.response && !got.failure) {
    reason = got.skipped;
    out.undecided(all, reason);
    out.undecided("keys.not_json", reason);
    return false;
  }
  const auto none = [&](finding what) {
    reason = "there is no key set: " + what.id;
    checks.stop(std::move(what), all);
    out.undecided("keys.not_json", reason);
    return false;
  };
  if (got.failure) {
    const auto code = got.failure->code();
    if (code == errc::cancelled) {
      reason = "cancelled";
      out.undecided(all, reason);
      out.undecided("keys.not_json", reason);
      return false;
    }
    if (code == errc::response_too_large) {
      out.pass("keys.unreachable");
      auto what = checks.about("keys.not_json", severity::critical, "The key set is too large.");
      what.expected = "a JSON object of at most 1 MiB";
      what.actual = checks.failure_text();
      reason = "the key set is not a JSON object";
      checks.stop(std::move(what), {"keys.forbidden", "keys.status"});
      return false;
    }
    auto what = checks.about("keys.unreachable", severity::critical, "The keys could not be fetched.");
    what.actual = checks.failure_text();
    what.advice =
        is_refused_address(*got.failure)
            ? "The transport refuses to connect to the host's address. The name may resolve to another "
              "address where the service runs: check there too."
            : "Make sure that the host name resolves, that the host accepts connections on this port, and "
              "that its certificate is from a public certificate authority.";
    return none(std::move(what));
  }
  const auto status = got.response->status;
  const auto number = std::to_string(status);
  if (status == 401 || status == 403) {
    auto what = checks.about("keys.forbidden", severity::critical, "The keys are not public.");
    what.expected = "200 without credentials";
    what.actual = number;
    what.advice = "A bot filter may block the request.";
    return none(std::move(what));
  }
  if (status != 200) {
    auto what = checks.about("keys.status", severity::error, "The provider did not return its keys.");
    what.expected = "200";
    what.actual = number;
    what.advice = "Ask the provider's operator to correct jwks_uri.";
    if (http::is_redirect(status)) {
      what.severity = severity::warning;
      what.message = "The keys' URL is redirected; some services do not follow redirects.";
      what.actual += " to " + checks.redirect_target();
    }
    return none(std::move(what));
  }
  checks.pass_all(all);
  return true;
}

/// The server's clock minus the local one; empty without a valid `Date`. Sets `age` to the `Age` of the response.
[[nodiscard]] inline std::optional<std::chrono::seconds> skew_of(const fetched& got,
                                                                 std::chrono::seconds& age) {
  age = {};
  if (!got.response) return std::nullopt;
  const auto text = got.response->headers.get("Date");
  const auto date = text ? parse_http_date(*text) : std::nullopt;
  if (!date) return std::nullopt;
  if (const auto stored = got.response->headers.get("Age")) {
    std::uint32_t seconds = 0;
    const auto digits = sso::detail::trim(*stored);
    const auto [stop, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
    if (stop == digits.data() + digits.size()) {
      // A number too large to read counts as 2^31 (RFC 9111 1.2.2).
      if (failed == std::errc::result_out_of_range) seconds = std::uint32_t{1} << 31;
      age = std::chrono::seconds{seconds};
    }
  }
  return *date + age - got.received;
}

SSO_DECL void check_clock(collector& out, std::initializer_list<const fetched*> all) {
  finding what;
  what.id = "clock.skew";
  what.severity = severity::warning;
  what.message = "The provider's clock and the local clock differ: tokens may look expired or not yet valid.";
  what.expected = "at most 60 s";
  what.advice = "Synchronize both clocks with a time server.";
  bool known = false;
  for (const auto* got : all) {
    std::chrono::seconds age{};
    const auto skew = skew_of(*got, age);
    if (!skew) continue;
    known = true;
    const auto distance = std::chrono::abs(*skew);
    if (distance <= std::chrono::seconds{60}) continue;
    if (distance > std::chrono::seconds{300} && age == std::chrono::seconds::zero())
      what.severity = severity::error;
    if (what.subject.empty()) what.subject = shown_url(got->url);
    append_item(what.actual,
                std::to_string(distance.count()) + (skew->count() < 0 ? " s behind" : " s ahead"));
  }
  if (!known) return out.undecided(what.id, "no response has a Date");
  if (what.actual.empty()) return out.pass(what.id);
  out.find(std::move(what));
}

}  // namespace sso::doctor::detail
