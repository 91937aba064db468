// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/json/decode.hpp>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/error.hpp>

#include <bit>
#include <cmath>

namespace sso::json::detail {

inline constexpr std::size_t max_depth = 32;

[[nodiscard]] inline std::string_view name_of(shape what) noexcept {
  switch (what) {
  case shape::boolean: return "boolean";
  case shape::integer: return "integer";
  case shape::number: return "number";
  case shape::string:
  case shape::text: return "string";
  case shape::timestamp: return "RFC 3339 date-time";
  case shape::null: return "null";
  case shape::array: return "array";
  case shape::map:
  case shape::object: return "object";
  case shape::wrapper: break;
  }
  return "value";
}

/// Receives the parser's events and stores the values by the type descriptors.
///
/// Each open array or object has a frame; the first frame is the document. A frame has the target of the next
/// value; an array appends its target when the value arrives. Unknown members are skipped: `skipping_` is
/// then the depth inside the member, plus one.
class decode_handler {
public:
  using error_code = boost::system::error_code;
  using string_view = boost::json::string_view;

  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  decode_handler(const type& root, void* target) noexcept : top_{frames_} {
    static constexpr type document{.what = shape::wrapper};
    top_->type = &document;
    top_->value = {&root, target};
  }
  decode_handler(const decode_handler&) = delete;
  decode_handler& operator=(const decode_handler&) = delete;

  /// The mismatch and its path; empty if there is none.
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
    if (const auto missing = top_->type->required & ~top_->seen; missing != 0) {
      const auto& name = top_->type->members[static_cast<std::size_t>(std::countr_zero(missing))].name;
      std::string path = path_to(top_);
      if (!path.empty()) path += '.';
      return mismatch(path.append(name).append(": required member is missing"), ec);
    }
    --top_;
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
    --top_;
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
    const auto text = whole(part);
    if (top_->type->append != nullptr) {
      ++top_->size;
      top_->type->append(top_->target, text);
    } else {
      auto where = place();
      while (where.type->read == nullptr && where.type->what == shape::wrapper) where = unwrap(where);
      const auto read = where.type->read;
      if (read == nullptr || !read(where.target, text)) return expected(*where.type, ec);
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
    constexpr double exact = 9007199254740992;  // 2^53: a double is exact for integers up to this
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

  // Trivial, so that unused frames are never initialised.
  struct frame {
    const detail::type* type;
    void* target;
    slot value;                    // all but arrays: target of the next value
    std::uint64_t seen;            // object: the bits of the members read
    const detail::member* likely;  // object: the member after the last one read
    const std::string* key;        // map: the last key read
    std::size_t size;              // array: the number of elements read
  };

  void push(slot where) {
    ++top_;
    top_->type = where.type;
    top_->target = where.target;
    top_->seen = 0;
    top_->likely = where.type->members.data();
    top_->size = 0;
  }

  /// Sets the target of the value that follows `key`.
  void enter(std::string_view key) {
    const auto& type = *top_->type;
    if (type.what == shape::map) {
      const auto entry = type.insert(top_->target, key);
      top_->value = {type.element, entry.value};
      top_->key = entry.key;
      return;
    }
    const auto* const member = find(type, top_->likely, key);
    if (member == nullptr) {
      skipping_ = 1;
      return;
    }
    top_->likely = member + 1;
    top_->value = {member->type, member->get(top_->target)};
    if ((top_->seen & member->bit) != 0) member->type->reset(top_->value.target);
    top_->seen |= member->bit;
  }

  /// Tries `likely` first: most servers send members in the order of the description.
  [[nodiscard]] static const detail::member* find(const type& object, const detail::member* likely,
                                                  std::string_view key) noexcept {
    const auto* const first = object.members.data();
    const auto* const end = first + object.members.size();
    if (likely != end && likely->name == key) return likely;
    for (const auto* member = first; member != end; ++member) {
      if (member->name == key) return member;
    }
    return nullptr;
  }

  /// The target of the current value.
  [[nodiscard]] slot place() {
    const auto& type = *top_->type;
    if (type.what != shape::array) return top_->value;
    ++top_->size;
    return {type.element, type.grow(top_->target)};
  }

  /// The target of the current value, inside its wrappers. Precondition: the value is not null.
  [[nodiscard]] slot next() {
    auto where = place();
    while (where.type->what == shape::wrapper) where = unwrap(where);
    return where;
  }

  [[nodiscard]] static slot unwrap(slot where) {
    return {where.type->element, where.type->grow(where.target)};
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

  /// The complete string or key; `part` is its last part.
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

  /// The path of the values in the frames before `end`.
  [[nodiscard]] std::string path_to(const frame* end) const {
    std::string path;
    for (const auto* f = frames_ + 1; f < end; ++f) {
      if (f->type->what == shape::array) {
        path.append("[").append(std::to_string(f->size - 1)).append("]");
        continue;
      }
      if (!path.empty()) path += '.';
      if (f->type->what == shape::object) {
        path += (f->likely - 1)->name;
      } else {
        path += sso::detail::printable(*f->key, 80);
      }
    }
    return path;
  }

  bool expected(const type& type, error_code& ec) {
    std::string text = path_to(top_ + 1);
    if (!text.empty()) text += ": ";
    return mismatch(text.append("expected ").append(name_of(type.what)), ec);
  }

  bool mismatch(std::string text, error_code& ec) {
    mismatch_ = std::move(text);
    ec = errc::decode_failed;
    return false;
  }

  frame* top_;
  std::size_t skipping_ = 0;
  std::string parts_;
  std::string mismatch_;
  frame frames_[1 + max_depth];
};

SSO_DECL std::optional<error> decode(std::string_view text, const type& type, void* target) {
  boost::json::parse_options options;
  options.max_depth = max_depth;
  options.allow_invalid_utf8 = sso::detail::is_ascii(text);  // skips the parser's check: 1.7 % of a retrieve
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
