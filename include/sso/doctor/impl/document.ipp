// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/utf8.hpp>
#include <sso/doctor/detail/document.hpp>
#include <sso/pipeline/call_result.hpp>

#include <boost/json/array.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/error.hpp>
#include <boost/json/parse_options.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <utility>

namespace sso::doctor::detail {

/// Builds a value from the parser's events and records repeated members. `boost::json::parse` silently keeps the last
/// one.
class document_handler {
public:
  using error_code = boost::system::error_code;
  using string_view = boost::json::string_view;

  static constexpr std::size_t max_object_size = longest_document;
  static constexpr std::size_t max_array_size = longest_document;
  static constexpr std::size_t max_key_size = longest_document;
  static constexpr std::size_t max_string_size = longest_document;

  document_handler(document& out, repeated_value taken) noexcept : out_{out}, taken_{taken} {}

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return open(boost::json::object{}); }
  bool on_object_end(std::size_t, error_code&) { return close(); }
  bool on_array_begin(error_code&) { return open(boost::json::array{}); }
  bool on_array_end(std::size_t, error_code&) { return close(); }
  bool on_key_part(string_view part, std::size_t, error_code&) { return keep(part); }
  bool on_key(string_view part, std::size_t, error_code&) {
    keep(part);
    open_.back().key = std::exchange(text_, {});
    return true;
  }
  bool on_string_part(string_view part, std::size_t, error_code&) { return keep(part); }
  bool on_string(string_view part, std::size_t, error_code&) {
    keep(part);
    return add(boost::json::string{std::exchange(text_, {})});
  }
  bool on_number_part(string_view, error_code&) { return true; }
  bool on_int64(std::int64_t value, string_view, error_code&) { return add(value); }
  bool on_uint64(std::uint64_t value, string_view, error_code&) { return add(value); }
  bool on_double(double value, string_view, error_code&) { return add(value); }
  bool on_bool(bool value, error_code&) { return add(value); }
  bool on_null(error_code&) { return add(nullptr); }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

  [[nodiscard]] boost::json::value take() { return std::move(root_); }

private:
  struct frame {
    boost::json::value value;
    std::string key;  // of the current member
  };

  bool keep(string_view part) {
    text_.append(part.data(), part.size());
    return true;
  }

  bool open(boost::json::value container) {
    open_.push_back({std::move(container), {}});
    return true;
  }

  bool close() {
    auto value = std::move(open_.back().value);
    open_.pop_back();
    return add(std::move(value));
  }

  bool add(boost::json::value value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return true;
    }
    auto& into = open_.back();
    if (auto* array = into.value.if_array()) {
      array->push_back(std::move(value));
      return true;
    }
    auto& object = into.value.get_object();
    if (auto* before = object.if_contains(into.key)) {
      note(*before == value ? out_.repeated : out_.ambiguous);
      if (taken_ == repeated_value::last) *before = std::move(value);
    } else {
      object.emplace(into.key, std::move(value));
    }
    return true;
  }

  void note(std::string& list) const {
    constexpr std::size_t long_enough = 300;
    if (list.size() > long_enough) return;
    std::string path;
    for (const auto& level : open_) {
      if (const auto* array = level.value.if_array()) {
        path.append("[").append(std::to_string(array->size())).append("]");
      } else {
        if (!path.empty()) path += '.';
        path += shown(level.key, 80);
      }
    }
    append_item(list, path);
  }

  document& out_;
  repeated_value taken_;
  std::vector<frame> open_;
  std::string text_;
  boost::json::value root_;
};

SSO_DECL document read_document(std::string_view text, repeated_value taken) {
  document out;
  if (text.size() > longest_document) {
    out.problem = "longer than 1 MiB";
    return out;
  }
  out.byte_order_mark = text.starts_with(sso::detail::byte_order_mark);
  text = sso::detail::without_byte_order_mark(text);
  boost::json::parse_options options;
  options.max_depth = deepest_document;
  boost::json::basic_parser<document_handler> parser{options, out, taken};
  boost::system::error_code failed;
  const auto used = parser.write_some(false, text.data(), text.size(), failed);
  if (!failed && used < text.size()) failed = boost::json::error::extra_data;
  if (failed && pipeline::is_markup({}, text)) {
    out.problem = "an HTML page or XML, not JSON";
    return out;
  }
  if (failed) {
    out.problem = "byte " + std::to_string(used) + ": " + failed.message();
    return out;
  }
  auto root = parser.handler().take();
  if (auto* object = root.if_object()) {
    out.object = std::move(*object);
  } else {
    out.problem = "JSON, but not an object";
  }
  return out;
}

SSO_DECL bool check_json(collector& out, std::string_view id, std::string_view subject,
                         const document& read) {
  finding what;
  what.id = id;
  what.subject = shown(subject);
  what.expected = "a JSON object, at most 1 MiB long and nested at most 32 deep";
  if (!read.object) {
    what.severity = severity::critical;
    what.message = "The document is not a JSON object.";
    what.actual = read.problem;
    what.advice = "Open the URL in a browser: it may be a login page or a proxy's error page.";
    out.find(std::move(what));
    return false;
  }
  if (!read.ambiguous.empty()) {
    what.severity = severity::error;
    what.message =
        "Members are repeated with different values; which value is used depends on the JSON parser.";
    what.actual = read.ambiguous;
    what.expected = "each member once";
    out.find(std::move(what));
  } else if (read.byte_order_mark || !read.repeated.empty()) {
    what.severity = severity::warning;
    what.message = "Some JSON parsers reject the document.";
    if (read.byte_order_mark) append_item(what.actual, "a byte order mark");
    if (!read.repeated.empty()) append_item(what.actual, "repeated members: " + read.repeated);
    what.expected = "no byte order mark, and each member once";
    out.find(std::move(what));
  } else {
    out.pass(id);
  }
  return true;
}

SSO_DECL bool has_member(const boost::json::object& object, boost::json::string_view name) {
  const auto* value = object.if_contains(name);
  return value && !value->is_null();
}

SSO_DECL std::optional<std::string_view> text_in(const boost::json::object& object,
                                                 boost::json::string_view name) {
  const auto* value = object.if_contains(name);
  const auto* text = value ? value->if_string() : nullptr;
  if (!text) return std::nullopt;
  return std::string_view{text->data(), text->size()};
}

SSO_DECL std::optional<std::vector<std::string_view>> texts_in(const boost::json::object& object,
                                                               boost::json::string_view name) {
  const auto* value = object.if_contains(name);
  const auto* array = value ? value->if_array() : nullptr;
  if (!array) return std::nullopt;
  std::vector<std::string_view> out;
  for (const auto& element : *array) {
    if (const auto* text = element.if_string()) out.emplace_back(text->data(), text->size());
  }
  return out;
}

}  // namespace sso::doctor::detail
