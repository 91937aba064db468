// SPDX-License-Identifier: BSL-1.0
#include "json_text.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <utility>

namespace ssoctl {
namespace {

/// Builds a `json_text` from the events of Boost.JSON's parser.
class builder {
public:
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();

  using code = boost::system::error_code;
  using chars = boost::json::string_view;

  bool on_document_begin(code&) { return true; }
  bool on_document_end(code&) { return true; }
  bool on_array_begin(code&) { return begin(json_text{json_text::array{}}); }
  bool on_array_end(std::size_t, code&) { return end(); }
  bool on_object_begin(code&) { return begin(json_text{json_text::object{}}); }
  bool on_object_end(std::size_t, code&) { return end(); }
  bool on_key_part(chars part, std::size_t, code&) { return append(part); }
  bool on_key(chars part, std::size_t, code&) {
    append(part);
    keys_.push_back(std::exchange(text_, {}));
    return true;
  }
  bool on_string_part(chars part, std::size_t, code&) { return append(part); }
  bool on_string(chars part, std::size_t, code&) {
    append(part);
    return add(json_text{std::exchange(text_, {})});
  }
  bool on_number_part(chars part, code&) { return append(part); }
  bool on_int64(std::int64_t, chars part, code&) { return add_number(part); }
  bool on_uint64(std::uint64_t, chars part, code&) { return add_number(part); }
  bool on_double(double, chars part, code&) { return add_number(part); }
  bool on_bool(bool value, code&) { return add(json_text{value}); }
  bool on_null(code&) { return add(json_text{nullptr}); }
  bool on_comment_part(chars, code&) { return true; }
  bool on_comment(chars, code&) { return true; }

  json_text result;

private:
  bool append(chars part) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool add_number(chars part) {
    append(part);
    return add(json_text{json_text::number{std::exchange(text_, {})}});
  }
  bool begin(json_text container) {
    open_.push_back(std::move(container));
    return true;
  }
  bool end() {
    auto done = std::move(open_.back());
    open_.pop_back();
    return add(std::move(done));
  }
  bool add(json_text item) {
    if (open_.empty()) {
      result = std::move(item);
    } else if (auto* const object = std::get_if<json_text::object>(&open_.back().value)) {
      object->push_back({std::move(keys_.back()), std::move(item)});
      keys_.pop_back();
    } else {
      std::get<json_text::array>(open_.back().value).push_back(std::move(item));
    }
    return true;
  }

  std::vector<json_text> open_;
  std::vector<std::string> keys_;
  std::string text_;
};

}  // namespace

json_text json_text::parse(std::string_view text) {
  boost::json::basic_parser<builder> parser{boost::json::parse_options{}};
  boost::system::error_code failed;
  const auto used = parser.write_some(false, text.data(), text.size(), failed);
  if (failed || used != text.size()) throw std::runtime_error{"not JSON: " + failed.message()};
  return std::move(parser.handler().result);
}

json_text json_text::from(const boost::json::value& value) {
  switch (value.kind()) {
  case boost::json::kind::null: return {nullptr};
  case boost::json::kind::bool_: return {value.get_bool()};
  case boost::json::kind::string: {
    const auto& text = value.get_string();
    return {std::string{text.data(), text.size()}};
  }
  case boost::json::kind::array: {
    array out;
    for (const auto& item : value.get_array()) out.push_back(from(item));
    return {std::move(out)};
  }
  case boost::json::kind::object: {
    object out;
    for (const auto& item : value.get_object()) out.push_back({std::string{item.key()}, from(item.value())});
    return {std::move(out)};
  }
  default: return {number{boost::json::serialize(value)}};
  }
}

json_text* json_text::find(std::string_view name) {
  auto* const members = std::get_if<object>(&value);
  if (members == nullptr) return nullptr;
  const auto found =
      std::find_if(members->rbegin(), members->rend(), [&](const member& one) { return one.name == name; });
  return found == members->rend() ? nullptr : &found->held;
}

}  // namespace ssoctl
