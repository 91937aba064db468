// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/detail/utf8.hpp>
#include <sso/http/url.hpp>
#include <sso/keycard/json.hpp>
#include <sso/testing/cassette.hpp>
#include <sso/truto/json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/url/parse.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <set>
#include <utility>

namespace sso::testing {
namespace detail {

inline bool listed(const std::vector<std::string>& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& one) { return sso::detail::iequals(one, name); });
}

using described_types = std::vector<const sso::json::detail::type*>;

/// The types of the bodies of both APIs.
inline described_types bodies() {
  using sso::json::detail::type_of;
  return {&type_of<keycard::sso_connection>,    &type_of<keycard::enable_params>,
          &type_of<keycard::update_params>,     &type_of<truto::sso_connection>,
          &type_of<truto::update_params>,       &type_of<truto::domain>,
          &type_of<truto::domain_verification>, &type_of<page<truto::domain>>};
}

/// Removes the secrets of one exchange and remembers them, to remove them in other places too. It runs twice on an
/// exchange: only in the second run all secrets are known.
class redactor {
public:
  explicit redactor(const redaction& rules) : rules_{rules} {}

  http::headers headers(const http::headers& all) {
    http::headers out;
    for (const auto field : all) {
      const bool kept =
          listed(rules_.headers, field.name) && sso::detail::count_code_points(field.value).has_value();
      if (!kept) {
        const auto space = field.value.find(' ');  // after the scheme, as in `Bearer ...`
        remember(field.value);
        if (space != std::string_view::npos) remember(field.value.substr(space + 1));
        out.add(field.name, redacted);
      } else if (sso::detail::iequals(field.name, "Location")) {
        out.add(field.name, location(field.value));
      } else {
        out.add(field.name, scrubbed(field.value));
      }
    }
    return out;
  }

  std::string target(std::string_view whole) {
    const auto mark = whole.find('?');
    auto path = scrubbed(whole.substr(0, mark));
    return mark == std::string_view::npos ? path : path + '?' + parameters(whole.substr(mark + 1), true);
  }

  std::string body(std::string_view text, std::string_view content_type) {
    if (text.empty()) return {};
    if (sso::detail::iequals(content_type.substr(0, 33), "application/x-www-form-urlencoded")) {
      return parameters(text, false);
    }
    boost::system::error_code malformed;
    auto value = boost::json::parse(text, malformed);
    if (malformed || (!value.is_object() && !value.is_array())) return std::string{redacted};
    return value_of(value, bodies(), false) ? boost::json::serialize(value) : std::string{text};
  }

  /// The text without the remembered secrets.
  std::string scrubbed(std::string_view kept) const {
    std::string text{kept};
    for (const auto& one : found_) {
      for (auto at = text.find(one); at != std::string::npos; at = text.find(one, at + redacted.size())) {
        text.replace(at, one.size(), redacted);
      }
    }
    return text;
  }

private:
  void remember(std::string_view text) {
    if (text.size() >= 6 && text != redacted) found_.emplace(text);
  }

  /// A URL without user information, query and fragment; redacted as a whole if it is malformed.
  std::string location(std::string_view text) const {
    if (!boost::urls::parse_uri_reference(text)) return std::string{redacted};
    return scrubbed(http::without_secrets(text));
  }

  /// The parameters of a query or form. `keeps_flags`: whether a parameter without `=` is a name, not a value.
  std::string parameters(std::string_view text, bool keeps_flags) {
    std::string out;
    for (;;) {
      const auto end = (std::min)(text.find('&'), text.size());
      const auto parameter = text.substr(0, end);
      const auto equals = (std::min)(parameter.find('='), parameter.size());
      const bool is_value = equals == parameter.size() && !keeps_flags && !parameter.empty();
      if (is_value) remember(parameter);
      out += is_value ? redacted : parameter.substr(0, equals);
      if (equals != parameter.size()) {
        const auto value = parameter.substr(equals + 1);
        const bool kept = listed(rules_.parameters, unescaped(parameter.substr(0, equals)));
        if (!kept) remember(value);
        out.append("=").append(kept ? scrubbed(value) : std::string{redacted});
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

  /// Redacts the values that are neither described as public nor in the user's list of members. Returns whether it
  /// changed anything.
  bool value_of(boost::json::value& value, const described_types& types, bool is_listed) {
    bool changed = false;
    if (auto* const object = value.if_object()) {
      for (auto& member : *object) {
        const std::string_view name{member.key().data(), member.key().size()};
        changed |= value_of(member.value(), member_types(types, name), listed(rules_.members, name));
      }
      return changed;
    }
    if (auto* const array = value.if_array()) {
      for (auto& item : *array) changed |= value_of(item, types, is_listed);
      return changed;
    }
    if (value.is_bool() || value.is_null()) return false;
    const auto* const text = value.if_string();
    const std::string_view chars =
        text != nullptr ? std::string_view{text->data(), text->size()} : std::string_view{};
    if (is_listed || is_described_as_public(types, text != nullptr)) {
      if (text == nullptr) return false;
      const auto kept = scrubbed(chars);
      if (kept == chars) return false;
      value = kept;
      return true;
    }
    remember(chars);
    value = redacted;
    return true;
  }

  /// The type inside optionals, arrays and maps.
  static const sso::json::detail::type& leaf(const sso::json::detail::type& one) {
    return one.element != nullptr && one.what != sso::json::detail::shape::map ? leaf(*one.element) : one;
  }
  static described_types member_types(const described_types& types, std::string_view name) {
    described_types out;
    for (const auto* const one : types) {
      const auto& type = leaf(*one);
      if (type.what == sso::json::detail::shape::map) out.push_back(type.element);
      for (const auto& member : type.members) {
        if (member.name == name) out.push_back(member.type);
      }
    }
    return out;
  }
  static bool is_described_as_public(const described_types& types, bool text) {
    using sso::json::detail::shape;
    const auto is_secret = [](const sso::json::detail::type* one) {
      return &leaf(*one) == &sso::json::detail::type_of<secret>;
    };
    const auto fits = [text](const sso::json::detail::type* one) {
      const auto what = leaf(*one).what;
      return text ? what == shape::string || what == shape::timestamp || what == shape::text
                  : what == shape::integer || what == shape::number;
    };
    return std::any_of(types.begin(), types.end(), fits) &&
           std::none_of(types.begin(), types.end(), is_secret);
  }

  const redaction& rules_;
  std::set<std::string, std::less<>> found_;
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

/// The enumerator with that name; throws `std::out_of_range`, as Boost.JSON does.
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

/// Throws if `value` does not have the form that `to_json` writes.
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

SSO_DECL recorded_exchange redact(const http::request& request, const result<http::response>& answer,
                                  const redaction& rules) {
  detail::redactor pen{rules};
  const auto type_of = [](const http::headers& headers) {
    return headers.get("Content-Type").value_or(std::string_view{});
  };
  const auto redact_once = [&] {
    recorded_exchange out{request.method, pen.target(request.target), pen.headers(request.headers),
                          pen.body(request.body, type_of(request.headers)), error{}};
    if (answer) {
      out.answer = http::response{answer->status, pen.headers(answer->headers),
                                  pen.body(answer->body, type_of(answer->headers))};
    } else {
      const auto failed = answer.error();
      out.answer = error{static_cast<errc>(failed.code().value()), failed.outcome(),
                         sso::detail::printable(pen.scrubbed(failed.what()))};
    }
    return out;
  };
  redact_once();
  return redact_once();
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
  if (all == nullptr || !all->is_array()) return refuse("exchanges is missing or not an array");
  std::vector<recorded_exchange> out;
  for (const auto& one : all->get_array()) {
    try {
      out.push_back(detail::from_json(one));
    } catch (const std::exception&) {
      return refuse("exchange " + std::to_string(out.size() + 1) +
                    " has a missing member or one of the wrong type");
    }
  }
  return out;
}

}  // namespace sso::testing
