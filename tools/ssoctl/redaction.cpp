// SPDX-License-Identifier: BSL-1.0
#include "redaction.hpp"

#include "format.hpp"

#include <sso/http/headers.hpp>
#include <sso/http/response.hpp>
#include <sso/pipeline/environment.hpp>
#include <sso/pipeline/redact.hpp>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace ssoctl {
namespace {

/// The user's headers; none if the variable is malformed, because then no request has them.
sso::http::headers headers_from_environment() {
  sso::http::headers found;
  try {
    sso::pipeline::add_headers_from_environment("KEYCARD_API_CUSTOM_HEADERS", found);
  } catch (const sso::exception&) {
  }
  return found;
}

}  // namespace

redaction::redaction(std::vector<sso::secret> given) : secrets_{std::move(given)} {
  for (const char* name : {"KEYCARD_API_CLIENT_SECRET", "TRUTO_API_TOKEN"}) {
    if (const char* const value = std::getenv(name); value != nullptr && *value != '\0') {
      secrets_.emplace_back(value);
    }
  }
  for (const auto field : headers_from_environment()) {
    constexpr std::size_t shortest = 8;  // shorter values are rarely secret
    if (field.value.size() >= shortest) secrets_.emplace_back(field.value);
  }
}

std::string redaction::clean(std::string_view value) const {
  constexpr std::size_t shortest = 4;  // shorter secrets would match parts of ordinary words
  std::vector<std::string> longer;
  for (const auto& secret : secrets_) {
    const auto one = secret.reveal();
    if (value == one) return std::string{redacted};
    if (one.size() >= shortest) longer.emplace_back(one);
  }
  return sso::pipeline::redact(value, longer);
}

json_text redaction::clean(json_text json) const {
  if (auto* const text = std::get_if<std::string>(&json.value)) {
    *text = clean(*text);
  } else if (auto* const array = std::get_if<json_text::array>(&json.value)) {
    for (auto& item : *array) item = clean(std::move(item));
  } else if (auto* const object = std::get_if<json_text::object>(&json.value)) {
    for (auto& member : *object) member.held = clean(std::move(member.held));
  }
  return json;
}

std::string redaction::clean_urls(std::string_view words) const {
  std::string out;
  for (std::size_t at = 0; at < words.size();) {
    const auto end = std::min(words.find(' ', at), words.size() - 1) + 1;
    const auto word = words.substr(at, end - at);
    out += word.find("://") == word.npos ? std::string{word} : clean(word);
    at = end;
  }
  return out;
}

std::string redaction::clean_body(const std::string& body) const {
  try {
    const auto json = json_text::parse(body);
    const auto cleaned = json_line(clean(json));
    return cleaned == json_line(json) ? body : cleaned;
  } catch (const std::runtime_error&) {
    return clean(body);  // not JSON, or cut
  }
}

std::string redaction::clean_what(const sso::error& failed) const {
  constexpr std::string_view excerpt = "the response";
  const std::string_view what = failed.what();
  if (what.starts_with(excerpt)) {
    // In an excerpt a secret may be truncated or escaped.
    const bool is_safe = clean_body(failed.body()) == failed.body();
    return std::string{excerpt}.append(is_safe ? clean(what.substr(excerpt.size())) : " has a secret");
  }
  return failed.status() / 100 == 3 ? clean_urls(what) : std::string{what};
}

sso::error redaction::clean(sso::error failed) const {
  auto code = clean(failed.server_code());
  auto message = clean(failed.server_message());
  if (failed.status() != 0) {
    failed.with_what(clean_what(failed));
    failed.with_response(
        {failed.status(), {{"X-Request-Id", clean(failed.request_id())}}, clean_body(failed.body())});
  }
  failed.with_server_text(std::move(code), std::move(message));
  return failed;
}

ensure_outcome redaction::clean(ensure_outcome outcome) const {
  for (auto& change : outcome.changes) {
    for (auto* const value : {&change.from, &change.to}) {
      if (!value->empty() && *value != secret_mark) *value = json_line(clean(json_text::parse(*value)));
    }
  }
  outcome.connection = clean(std::move(outcome.connection));
  return outcome;
}

sso::doctor::report redaction::clean(sso::doctor::report report) const {
  for (auto& found : report.findings) {
    for (auto* const value : {&found.subject, &found.actual}) *value = clean(*value);
    for (auto* const words : {&found.message, &found.expected, &found.advice}) *words = clean_urls(*words);
  }
  for (auto& check : report.undecided) check.reason = clean_urls(check.reason);
  return report;
}

}  // namespace ssoctl
