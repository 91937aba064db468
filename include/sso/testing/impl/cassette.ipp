// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/detail/utf8.hpp>
#include <sso/testing/cassette.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace sso::testing {
namespace detail {

inline bool listed(const std::vector<std::string>& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& one) { return sso::detail::iequals(one, name); });
}

/// Takes the secrets out of one exchange, and remembers them.
class redactor {
public:
  explicit redactor(const redaction& rules) : rules_{rules} {}

  http::headers headers(const http::headers& all) {
    http::headers out;
    for (const auto field : all) {
      const bool kept =
          listed(rules_.headers, field.name) && sso::detail::count_code_points(field.value).has_value();
      if (!kept) {
        const auto space = field.value.find(' ');  // behind the scheme, as in `Bearer ...`
        remember(field.value);
        if (space != std::string_view::npos) remember(field.value.substr(space + 1));
        out.add(field.name, redacted);
      } else if (sso::detail::iequals(field.name, "Location")) {
        out.add(field.name, field.value.substr(0, field.value.find('?')));
      } else {
        out.add(field.name, field.value);
      }
    }
    return out;
  }

  std::string target(std::string_view whole) {
    const auto mark = whole.find('?');
    if (mark == std::string_view::npos) return std::string{whole};
    return std::string{whole.substr(0, mark + 1)} + form(whole.substr(mark + 1));
  }

  std::string body(std::string_view text, std::string_view content_type) {
    if (text.empty()) return {};
    if (sso::detail::iequals(content_type.substr(0, 33), "application/x-www-form-urlencoded")) {
      return form(text);
    }
    boost::system::error_code malformed;
    auto value = boost::json::parse(text, malformed);
    if (malformed || (!value.is_object() && !value.is_array())) return std::string{redacted};
    return members(value) ? boost::json::serialize(value) : std::string{text};
  }

  /// Redacts what was remembered.
  void scrub(std::string& text) const {
    for (const auto& one : found_) {
      for (auto at = text.find(one); at != std::string::npos; at = text.find(one, at + redacted.size())) {
        text.replace(at, one.size(), redacted);
      }
    }
  }
  void scrub(http::headers& all) const {
    http::headers out;
    for (const auto field : all) {
      std::string value{field.value};
      scrub(value);
      out.add(field.name, value);
    }
    all = std::move(out);
  }

private:
  void remember(std::string_view text) {
    if (text.size() >= 6 && text != redacted) found_.emplace_back(text);
  }

  std::string form(std::string_view text) {
    std::string out;
    for (;;) {
      const auto end = (std::min)(text.find('&'), text.size());
      const auto parameter = text.substr(0, end);
      const auto equals = (std::min)(parameter.find('='), parameter.size());
      out += parameter.substr(0, equals);
      if (equals != parameter.size()) {
        const auto value = parameter.substr(equals + 1);
        const bool kept = listed(rules_.parameters, unescaped(parameter.substr(0, equals)));
        if (!kept) remember(value);
        out.append("=").append(kept ? value : redacted);
      }
      if (end == text.size()) return out;
      out += '&';
      text.remove_prefix(end + 1);
    }
  }

  static std::string unescaped(std::string_view name) {
    std::string out{name};
    constexpr std::array<std::pair<std::string_view, std::string_view>, 2> brackets{
        {{"%5B", "["}, {"%5D", "]"}}};
    for (const auto& [escape, plain] : brackets) {
      const auto at = out.find(escape);
      if (at != std::string::npos) out.replace(at, escape.size(), plain);
    }
    return out;
  }

  /// True if something was redacted.
  bool members(boost::json::value& value) {
    bool changed = false;
    if (auto* const array = value.if_array()) {
      for (auto& item : *array) changed |= members(item);
    } else if (auto* const object = value.if_object()) {
      for (auto& member : *object) {
        auto& held = member.value();
        if (is_secret_member(rules_, {member.key().data(), member.key().size()})) {
          if (held.is_bool() || held.is_null()) continue;
          if (const auto* const text = held.if_string()) remember({text->data(), text->size()});
          held = redacted;
          changed = true;
        } else {
          changed |= members(held);
        }
      }
    }
    return changed;
  }

  const redaction& rules_;
  std::vector<std::string> found_;
};

inline boost::json::array fields_to_json(const http::headers& all) {
  boost::json::array out;
  for (const auto field : all) out.push_back(boost::json::array{field.name, field.value});
  return out;
}

inline std::string_view text_at(const boost::json::object& object, std::string_view name) {
  const auto& text = object.at(name).as_string();
  return {text.data(), text.size()};
}

inline http::headers fields_from_json(const boost::json::object& object) {
  http::headers out;
  for (const auto& field : object.at("headers").as_array()) {
    const auto& name = field.as_array().at(0).as_string();
    const auto& value = field.as_array().at(1).as_string();
    out.add({name.data(), name.size()}, {value.data(), value.size()});
  }
  return out;
}

/// The enumerator of that name among `all`; throws `std::out_of_range`, as Boost.JSON does.
template <class Enum, std::size_t N>
Enum named(const std::array<Enum, N>& all, std::string_view name) {
  for (const auto one : all) {
    if (to_string(one) == name) return one;
  }
  throw std::out_of_range{"unknown name"};
}

inline errc errc_named(std::string_view name) {
  for (int i = 1; i <= static_cast<int>(errc::unexpected_status); ++i) {
    if (to_string(static_cast<errc>(i)) == name) return static_cast<errc>(i);
  }
  throw std::out_of_range{"unknown name"};
}

inline boost::json::object to_json(const recorded_exchange& one) {
  boost::json::object out{{"request",
                           {{"method", to_string(one.method)},
                            {"target", one.target},
                            {"headers", fields_to_json(one.request_headers)},
                            {"body", one.request_body}}}};
  if (one.answer) {
    out["response"] = {{"status", one.answer->status},
                       {"headers", fields_to_json(one.answer->headers)},
                       {"body", one.answer->body}};
  } else {
    const auto failed = one.answer.error();
    out["error"] = {{"code", to_string(static_cast<errc>(failed.code().value()))},
                    {"outcome", to_string(failed.outcome())},
                    {"what", failed.what()}};
  }
  return out;
}

/// Throws where `value` is not of the form that `to_json` makes.
inline recorded_exchange from_json(const boost::json::value& value) {
  constexpr std::array methods{http::method::get, http::method::head,  http::method::post,
                               http::method::put, http::method::patch, http::method::delete_};
  constexpr std::array outcomes{outcome::not_sent, outcome::maybe_executed, outcome::rejected};
  const auto& object = value.as_object();
  const auto& request = object.at("request").as_object();
  recorded_exchange out{named(methods, text_at(request, "method")), std::string{text_at(request, "target")},
                        fields_from_json(request), std::string{text_at(request, "body")}, error{}};
  if (const auto* const answered = object.if_contains("response")) {
    const auto& response = answered->as_object();
    out.answer = http::response{response.at("status").to_number<unsigned>(), fields_from_json(response),
                                std::string{text_at(response, "body")}};
  } else {
    const auto& failed = object.at("error").as_object();
    out.answer = error{errc_named(text_at(failed, "code")), named(outcomes, text_at(failed, "outcome")),
                       std::string{text_at(failed, "what")}};
  }
  return out;
}

}  // namespace detail

SSO_DECL bool is_secret_member(const redaction& rules, std::string_view name) {
  if (detail::listed(rules.members, name)) return false;
  constexpr std::array<std::string_view, 8> words{"secret",    "token",   "password", "credential",
                                                  "assertion", "private", "api_key",  "authorization"};
  std::string lower{name};
  for (char& c : lower) c = sso::detail::to_lower(c);
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

SSO_DECL recorded_exchange redact(const http::request& request, const result<http::response>& answer,
                                  const redaction& rules) {
  detail::redactor pen{rules};
  const auto type_of = [](const http::headers& headers) {
    return headers.get("Content-Type").value_or(std::string_view{});
  };
  recorded_exchange out{request.method, pen.target(request.target), pen.headers(request.headers),
                        pen.body(request.body, type_of(request.headers)), error{}};
  pen.scrub(out.target);
  pen.scrub(out.request_headers);
  if (!answer) {
    const auto failed = answer.error();
    auto what = failed.what();
    pen.scrub(what);
    out.answer =
        error{static_cast<errc>(failed.code().value()), failed.outcome(), sso::detail::printable(what)};
  } else {
    http::response kept{answer->status, pen.headers(answer->headers),
                        pen.body(answer->body, type_of(answer->headers))};
    pen.scrub(kept.headers);
    pen.scrub(kept.body);
    out.answer = std::move(kept);
  }
  pen.scrub(out.request_body);
  return out;
}

SSO_DECL std::string write_cassette(const std::vector<recorded_exchange>& exchanges) {
  std::string out = "{\"format\": \"sso-cassette/1\", \"exchanges\": [";
  for (std::size_t i = 0; i != exchanges.size(); ++i) {
    out.append(i == 0 ? "\n" : ",\n").append(boost::json::serialize(detail::to_json(exchanges[i])));
  }
  return out += "\n]}\n";
}

SSO_DECL result<std::vector<recorded_exchange>> read_cassette(std::string_view text) {
  const auto refuse = [](std::string what) {
    return error{errc::decode_failed, outcome::not_sent, "cassette: " + std::move(what)};
  };
  boost::system::error_code malformed;
  const auto value = boost::json::parse(text, malformed);
  if (malformed) return refuse("not JSON: " + malformed.message());
  const auto* const object = value.if_object();
  const auto* const format = object != nullptr ? object->if_contains("format") : nullptr;
  if (format == nullptr || *format != "sso-cassette/1") return refuse("the format is not sso-cassette/1");
  const auto* const all = object->if_contains("exchanges");
  if (all == nullptr || !all->is_array()) return refuse("exchanges is missing or no array");
  std::vector<recorded_exchange> out;
  for (const auto& one : all->get_array()) {
    try {
      out.push_back(detail::from_json(one));
    } catch (const std::exception&) {
      return refuse("exchange " + std::to_string(out.size() + 1) +
                    " lacks a member or has one of wrong type");
    }
  }
  return out;
}

}  // namespace sso::testing
