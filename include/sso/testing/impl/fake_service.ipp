// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/detail/uuid.hpp>
#include <sso/http/request.hpp>
#include <sso/http/response.hpp>
#include <sso/testing/manual_runtime.hpp>
#include <sso/time.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/url/encoding_opts.hpp>
#include <boost/url/pct_string_view.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <deque>
#include <initializer_list>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Shared parts of the vendors' fakes. They do not use the library's codecs: a mistake there would cancel out here.
namespace sso::testing::detail {

namespace json = boost::json;

/// Decodes percent escapes; empty if an escape is malformed.
[[nodiscard]] inline std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  const auto escaped = boost::urls::make_pct_string_view(text);
  if (!escaped) return std::nullopt;
  boost::urls::encoding_opts options;
  options.space_as_plus = plus_is_space;
  return escaped->decode(options);
}

[[nodiscard]] inline std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

using parameters = std::vector<std::pair<std::string, std::string>>;

/// Decodes `a=b&c=d`; empty if an escape is malformed.
[[nodiscard]] inline std::optional<parameters> parse_parameters(std::string_view text) {
  parameters out;
  if (text.empty()) return out;
  for (const auto part : split(text, '&')) {
    const auto equals = (std::min)(part.find('='), part.size());
    auto name = percent_decode(part.substr(0, equals), true);
    auto value = percent_decode(part.substr((std::min)(equals + 1, part.size())), true);
    if (!name || !value) return std::nullopt;
    out.emplace_back(*std::move(name), *std::move(value));
  }
  return out;
}

[[nodiscard]] inline std::optional<std::string> find(const parameters& all, std::string_view name) {
  for (const auto& [key, value] : all) {
    if (key == name) return value;
  }
  return std::nullopt;
}

/// A request's target, decoded: the segments of its path below the base path, and its query.
struct route {
  std::vector<std::string> path;
  parameters query;

  [[nodiscard]] bool matches(std::initializer_list<std::string_view> pattern) const {
    return std::equal(path.begin(), path.end(), pattern.begin(), pattern.end(),
                      [](const std::string& segment, std::string_view wanted) {
                        return wanted == "*" || segment == wanted;
                      });
  }
};

/// Empty if the target is not below `base_path` or an escape is malformed.
[[nodiscard]] inline std::optional<route> parse_target(std::string_view target, std::string_view base_path) {
  if (!target.starts_with(base_path)) return std::nullopt;
  target.remove_prefix(base_path.size());
  const auto mark = (std::min)(target.find('?'), target.size());
  const auto path = target.substr(0, mark);
  if (!path.starts_with('/')) return std::nullopt;
  route out;
  for (const auto segment : split(path.substr(1), '/')) {
    auto decoded = percent_decode(segment, false);
    if (!decoded) return std::nullopt;
    out.path.push_back(*std::move(decoded));
  }
  auto query = parse_parameters(target.substr((std::min)(mark + 1, target.size())));
  if (!query) return std::nullopt;
  out.query = *std::move(query);
  return out;
}

/// The credentials in `Authorization`; empty if it is absent or has another scheme.
[[nodiscard]] inline std::optional<std::string_view> authorization(const http::request& request,
                                                                   std::string_view scheme) {
  const auto value = request.headers.get("Authorization");
  if (!value || value->size() <= scheme.size() || (*value)[scheme.size()] != ' ') return std::nullopt;
  if (!sso::detail::iequals(value->substr(0, scheme.size()), scheme)) return std::nullopt;
  return sso::detail::trim(value->substr(scheme.size()));
}

/// Whether `Content-Type` is `type`, with any parameters.
[[nodiscard]] inline bool has_content_type(const http::request& request, std::string_view type) {
  const auto value = request.headers.get("Content-Type").value_or(std::string_view{});
  return sso::detail::iequals(sso::detail::trim(value.substr(0, value.find(';'))), type);
}

[[nodiscard]] inline http::response json_response(unsigned status, const json::value& body) {
  http::response out;
  out.status = status;
  out.headers.add("Content-Type", "application/json");
  out.body = json::serialize(body);
  return out;
}

/// Applies a JSON merge patch (RFC 7396 §2).
inline void merge_patch(json::value& target, const json::value& patch) {
  if (!patch.is_object()) {
    target = patch;
    return;
  }
  auto& object = target.is_object() ? target.get_object() : target.emplace_object();
  for (const auto& member : patch.get_object()) {
    if (member.value().is_null()) {
      object.erase(member.key());
    } else {
      merge_patch(object[member.key()], member.value());
    }
  }
}

/// The kinds of members of a request body.
enum class kind { text, identifier, uri, uuid, boolean, texts, object };

struct member_rule {
  std::string_view name;
  detail::kind kind;
  bool nullable = false;
};

[[nodiscard]] inline std::string_view expected(kind k) {
  switch (k) {
  case kind::text: return "a string";
  case kind::identifier: return "a string of 1 to 2048 characters";
  case kind::uri: return "an absolute URI";
  case kind::uuid: return "a UUID";
  case kind::boolean: return "a boolean";
  case kind::texts: return "an array of strings";
  case kind::object: return "an object";
  }
  return {};
}

/// The length in characters of UTF-8 text.
[[nodiscard]] inline std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

[[nodiscard]] inline bool is_absolute_uri(std::string_view text) {
  const auto colon = text.find(':');
  return colon != std::string_view::npos && colon != 0 && colon + 1 != text.size() &&
         sso::detail::is_alpha(text[0]) && std::all_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7f;
         });
}

[[nodiscard]] inline bool is(const json::value& value, kind k) {
  const auto* text = value.if_string();
  const std::string_view chars = text ? std::string_view{text->data(), text->size()} : std::string_view{};
  switch (k) {
  case kind::text: return text != nullptr;
  case kind::identifier: return text && !chars.empty() && characters(chars) <= 2048;
  case kind::uri: return text && is_absolute_uri(chars);
  case kind::uuid: return text && sso::detail::is_uuid(chars);
  case kind::boolean: return value.is_bool();
  case kind::object: return value.is_object();
  case kind::texts: break;
  }
  const auto* array = value.if_array();
  return array &&
         std::all_of(array->begin(), array->end(), [](const json::value& v) { return v.is_string(); });
}

/// The first violation of `rules` in `object`, e.g. `protocols.openid: expected an object or null`; empty if there is
/// none. Never quotes a value.
[[nodiscard]] inline std::optional<std::string>
fault(const json::object& object, std::span<const member_rule> rules, std::string_view where = {}) {
  for (const auto& rule : rules) {
    const auto* value = object.if_contains(rule.name);
    if (!value || is(*value, rule.kind) || (rule.nullable && value->is_null())) continue;
    std::string what{where};
    what.append(rule.name).append(": expected ").append(expected(rule.kind));
    if (rule.nullable) what += " or null";
    return what;
  }
  return std::nullopt;
}

[[nodiscard]] inline const json::object* object_in(const json::object& outer, std::string_view name) {
  const auto* value = outer.if_contains(name);
  return value ? value->if_object() : nullptr;
}

[[nodiscard]] inline std::string text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  const auto* text = value ? value->if_string() : nullptr;
  return text ? std::string{text->data(), text->size()} : std::string{};
}

/// The state common to the fakes. `mutex` guards all members except those set by the constructor.
struct fake_service {
  explicit fake_service(std::optional<manual_runtime> clock) : time{std::move(clock)} {}

  [[nodiscard]] std::chrono::steady_clock::time_point now() const {
    return time ? time->now() : std::chrono::steady_clock::now();
  }
  [[nodiscard]] std::string timestamp() const {
    const auto wall = time ? time->wall_now() : std::chrono::system_clock::now();
    return format_timestamp(std::chrono::floor<std::chrono::milliseconds>(wall));
  }
  [[nodiscard]] std::string next_request_id() { return "req-" + std::to_string(++requests); }

  /// The response to any request during an outage; null if there is no outage now.
  [[nodiscard]] const http::response* outage_now() const {
    const auto at = now();
    for (const auto& one : outages) {
      if (one.from <= at && at < one.until) return &one.response;
    }
    return nullptr;
  }
  void add_outage(std::chrono::steady_clock::duration begins_in, std::chrono::steady_clock::duration lasts,
                  http::response response) {
    const auto from = now() + begins_in;
    outages.push_back({from, from + lasts, std::move(response)});
  }

  void set_base_path(std::string_view path) {
    while (path.ends_with('/')) path.remove_suffix(1);
    base_path = path;
    if (!base_path.empty() && !base_path.starts_with('/')) base_path.insert(0, 1, '/');
  }

  struct outage {
    std::chrono::steady_clock::time_point from;
    std::chrono::steady_clock::time_point until;
    http::response response;
  };

  const std::optional<manual_runtime> time;
  mutable std::mutex mutex;
  std::string base_path;
  std::size_t requests = 0;
  std::vector<outage> outages;
};

/// Removes and returns the first element of `queue`.
[[nodiscard]] inline std::optional<http::response> take(std::deque<http::response>& queue) {
  if (queue.empty()) return std::nullopt;
  auto first = std::move(queue.front());
  queue.pop_front();
  return first;
}

}  // namespace sso::testing::detail
