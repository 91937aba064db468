// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/json/decode.hpp>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/error.hpp>

#include <array>
#include <bit>
#include <cmath>

namespace sso::json::detail {

inline constexpr std::size_t max_depth = 32;

[[nodiscard]] inline std::string_view name_of(shape what) noexcept {
  switch (what) {
  case shape::boolean:
    return "boolean";
  case shape::integer:
    return "integer";
  case shape::number:
    return "number";
  case shape::string:
  case shape::text:
    return "string";
  case shape::timestamp:
    return "RFC 3339 date-time";
  case shape::null:
    return "null";
  case shape::array:
    return "array";
  case shape::map:
  case shape::object:
    return "object";
  case shape::wrapper:
    break;
  }
  return "value";
}

/// Receives the parser's events and puts the values where the tables say they belong.
///
/// Each open array or object is a frame; the frame of an object or map also knows where the value goes whose
/// key has just been read. What no table names is skipped: then `skipping_` counts what is open of it, plus
/// one.
class decode_handler {
public:
  using error_code = boost::system::error_code;
  using string_view = boost::json::string_view;

  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  decode_handler(const type& root, void* target) noexcept : root_{&root}, target_{target} {}

  /// What did not fit and where; empty if nothing did.
  [[nodiscard]] std::string take_mismatch() { return std::move(mismatch_); }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }

  bool on_object_begin(error_code& ec) {
    if (skipping_ != 0) return skip_open();
    const auto where = next();
    if (where.type->what != shape::object && where.type->what != shape::map) return expected(*where.type, ec);
    push(where);
    return true;
  }

  bool on_object_end(std::size_t, error_code& ec) {
    if (skipping_ != 0) return skip_close();
    const auto& top = frames_[depth_ - 1];
    if (const auto missing = top.type->required & ~top.seen; missing != 0) {
      const auto& name = top.type->members[static_cast<std::size_t>(std::countr_zero(missing))].name;
      std::string path = path_to(depth_ - 1);
      if (!path.empty()) path += '.';
      return mismatch(path.append(name).append(": required member is missing"), ec);
    }
    --depth_;
    return true;
  }

  bool on_array_begin(error_code& ec) {
    if (skipping_ != 0) return skip_open();
    const auto where = next();
    if (where.type->what != shape::array) return expected(*where.type, ec);
    push(where);
    return true;
  }

  bool on_array_end(std::size_t, error_code&) {
    if (skipping_ != 0) return skip_close();
    --depth_;
    return true;
  }

  bool on_key_part(string_view part, std::size_t, error_code&) { return keep(part); }

  bool on_key(string_view part, std::size_t, error_code&) {
    if (skipping_ != 0) return true;
    enter(whole(part));
    parts_.clear();
    return true;
  }

  bool on_string_part(string_view part, std::size_t, error_code&) { return keep(part); }

  bool on_string(string_view part, std::size_t, error_code& ec) {
    if (skipping_ != 0) return skip_value();
    const auto where = next();
    const auto text = whole(part);
    switch (where.type->what) {
    case shape::string:
      as<std::string>(where.target).assign(text);
      break;
    case shape::text:
      where.type->read(where.target, text);
      break;
    case shape::timestamp: {
      const auto moment = parse_timestamp(text);
      if (!moment) return expected(*where.type, ec);
      as<timestamp>(where.target) = *moment;
      break;
    }
    default:
      return expected(*where.type, ec);
    }
    parts_.clear();
    return true;
  }

  bool on_number_part(string_view, error_code&) { return true; }

  bool on_int64(std::int64_t value, string_view, error_code& ec) {
    if (skipping_ != 0) return skip_value();
    const auto where = next();
    if (where.type->what == shape::integer) {
      as<std::int64_t>(where.target) = value;
      return true;
    }
    return set_number(where, static_cast<double>(value), ec);
  }

  bool on_uint64(std::uint64_t value, string_view, error_code& ec) {
    if (skipping_ != 0) return skip_value();
    return set_number(next(), static_cast<double>(value), ec);
  }

  bool on_double(double value, string_view, error_code& ec) {
    if (skipping_ != 0) return skip_value();
    const auto where = next();
    constexpr double exact = 9007199254740992;  // up to 2^53 a double tells integers apart
    if (where.type->what == shape::integer && std::abs(value) <= exact && value == std::trunc(value)) {
      as<std::int64_t>(where.target) = static_cast<std::int64_t>(value);
      return true;
    }
    return set_number(where, value, ec);
  }

  bool on_bool(bool value, error_code& ec) {
    if (skipping_ != 0) return skip_value();
    const auto where = next();
    if (where.type->what != shape::boolean) return expected(*where.type, ec);
    as<bool>(where.target) = value;
    return true;
  }

  bool on_null(error_code& ec) {
    if (skipping_ != 0) return skip_value();
    const auto where = place();
    if (where.type->what == shape::wrapper) {
      where.type->set_null(where.target);
      return true;
    }
    return where.type->what == shape::null || expected(*where.type, ec);
  }

  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

private:
  struct slot {
    const detail::type* type;
    void* target;
  };

  // Trivial: most of the frames of a document are never used, and so never touched.
  struct frame {
    const detail::type* type;
    void* target;
    std::uint64_t seen;            // object: which members have come
    const detail::member* member;  // object: the one whose value comes, null before the first
    map_entry entry;               // map: the one whose value comes
    std::size_t size;              // array: how many elements have come
  };

  void push(slot where) { frames_[depth_++] = {where.type, where.target, 0, nullptr, {}, 0}; }

  /// A key has been read: finds where its value goes.
  void enter(std::string_view key) {
    auto& top = frames_[depth_ - 1];
    if (top.type->what == shape::map) {
      top.entry = top.type->insert(top.target, key);
      return;
    }
    const auto* const member = find(top, key);
    if (member == nullptr) {
      skipping_ = 1;
      return;
    }
    const auto bit = std::uint64_t{1} << (member - top.type->members.data());
    if ((top.seen & bit) != 0) member->type->reset(member->get(top.target));
    top.seen |= bit;
    top.member = member;
  }

  /// Members mostly come in the order of the description: the one after the last is tried first.
  [[nodiscard]] static const detail::member* find(const frame& top, std::string_view key) noexcept {
    const auto* const first = top.type->members.data();
    const auto* const end = first + top.type->members.size();
    const auto* const likely = top.member != nullptr ? top.member + 1 : first;
    if (likely != end && likely->name == key) return likely;
    for (const auto* member = first; member != end; ++member) {
      if (member->name == key) return member;
    }
    return nullptr;
  }

  /// Where the value that comes now belongs.
  [[nodiscard]] slot place() {
    if (depth_ == 0) return {root_, target_};
    auto& top = frames_[depth_ - 1];
    if (top.type->what == shape::object) return {top.member->type, top.member->get(top.target)};
    if (top.type->what == shape::map) return {top.type->element, top.entry.value};
    ++top.size;
    return {top.type->element, top.type->grow(top.target)};
  }

  /// The same, inside its wrappers. The value is not null.
  [[nodiscard]] slot next() {
    auto where = place();
    while (where.type->what == shape::wrapper) {
      where.target = where.type->grow(where.target);
      where.type = where.type->element;
    }
    return where;
  }

  bool set_number(slot where, double value, error_code& ec) {
    if (where.type->what != shape::number) return expected(*where.type, ec);
    as<double>(where.target) = value;
    return true;
  }

  bool keep(string_view part) {
    if (skipping_ == 0) parts_.append(part.data(), part.size());
    return true;
  }

  /// The whole of a string or key whose last part is `part`.
  [[nodiscard]] std::string_view whole(string_view part) {
    if (parts_.empty()) return {part.data(), part.size()};
    return parts_.append(part.data(), part.size());
  }

  bool skip_open() {
    ++skipping_;
    return true;
  }
  bool skip_close() {
    --skipping_;
    return skip_value();
  }
  bool skip_value() {
    if (skipping_ == 1) skipping_ = 0;
    return true;
  }

  [[nodiscard]] std::string path_to(std::size_t depth) const {
    std::string path;
    for (const auto& f : std::span{frames_}.first(depth)) {
      if (f.type->what == shape::array) {
        path.append("[").append(std::to_string(f.size - 1)).append("]");
        continue;
      }
      if (!path.empty()) path += '.';
      if (f.type->what == shape::object) {
        path += f.member->name;
      } else {
        path += sso::detail::printable(*f.entry.key, 80);
      }
    }
    return path;
  }

  bool expected(const type& type, error_code& ec) {
    std::string text = path_to(depth_);
    if (!text.empty()) text += ": ";
    return mismatch(text.append("expected ").append(name_of(type.what)), ec);
  }

  bool mismatch(std::string text, error_code& ec) {
    mismatch_ = std::move(text);
    ec = errc::decode_failed;
    return false;
  }

  const type* root_;
  void* target_;
  std::size_t depth_ = 0;
  std::size_t skipping_ = 0;
  std::string parts_;
  std::string mismatch_;
  std::array<frame, max_depth> frames_;
};

SSO_DECL std::optional<error> decode(std::string_view text, const type& type, void* target) {
  boost::json::parse_options options;
  options.max_depth = max_depth;
  boost::json::basic_parser<decode_handler> parser{options, type, target};
  boost::system::error_code failed;
  const auto read = parser.write_some(false, text.data(), text.size(), failed);
  if (!failed && read < text.size()) failed = boost::json::error::extra_data;
  if (!failed) return std::nullopt;

  auto what = parser.handler().take_mismatch();
  if (!what.empty()) return error{errc::decode_failed, outcome::maybe_executed, std::move(what)};
  if (text.empty()) {
    what = "nothing where JSON was expected";
  } else if (failed == boost::json::error::too_deep) {
    what = "JSON of more than " + std::to_string(max_depth) + " levels at byte " + std::to_string(read);
  } else {
    what = "malformed JSON at byte " + std::to_string(read);
  }
  return error{errc::decode_failed, outcome::maybe_executed, std::move(what), failed};
}

}  // namespace sso::json::detail
