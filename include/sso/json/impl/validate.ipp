// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/utf8.hpp>
#include <sso/detail/uuid.hpp>
#include <sso/json/validate.hpp>

#include <boost/url/parse.hpp>

#include <cmath>

namespace sso::json::detail {

using sso::detail::count_code_points;

[[nodiscard]] inline bool matches(json::format format, std::string_view text) {
  switch (format) {
  case json::format::any: return true;
  case json::format::uri: return boost::urls::parse_uri({text.data(), text.size()}).has_value();
  case json::format::uuid: return sso::detail::is_uuid(text);
  }
  return true;
}

[[nodiscard]] inline std::string_view rule_of(json::format format) noexcept {
  return format == json::format::uri ? "must be an absolute URI (RFC 3986)" : "must be a UUID";
}

/// Checks a value and its parts. `path_` is the current position; it stays at the first broken rule.
class validator {
public:
  [[nodiscard]] bool check(const type& type, const rules& rules, const void* self) {
    switch (type.what) {
    case shape::boolean:
    case shape::timestamp:
    case shape::null: return true;
    case shape::integer: return check_integer(rules, as<std::int64_t>(self));
    case shape::number: return std::isfinite(as<double>(self)) || broken("must be finite");
    case shape::string: return check_string(rules, as<std::string>(self));
    case shape::text: return check_string(rules, type.write(self));
    case shape::wrapper:
      return type.state(self) != presence::value || check(*type.element, rules, type.get(self));
    case shape::array:
    case shape::map: return check_elements(type, rules, self);
    case shape::object: return check_members(type, self);
    }
    return true;
  }

  [[nodiscard]] fault take() { return {std::move(path_), std::move(rule_)}; }

private:
  bool check_members(const type& type, const void* self) {
    const auto here = path_.size();
    for (const auto& member : type.members) {
      if (here != 0) path_ += '.';
      path_ += member.name;
      if (!check(*member.type, member.rules, member.get_const(self))) return false;
      path_.resize(here);
    }
    return true;
  }

  bool check_elements(const type& type, const rules& rules, const void* self) {
    struct context {
      validator& self;
      const detail::type& container;
      const detail::rules& rules;
      std::size_t here;
      std::size_t index = 0;
    } context{*this, type, rules, path_.size()};
    return type.for_each(self, &context, [](void* opaque, std::string_view key, const void* element) {
      auto& c = as<struct context>(opaque);
      auto& path = c.self.path_;
      if (c.container.what == shape::array) {
        path.append("[").append(std::to_string(c.index++)).append("]");
      } else {
        if (!count_code_points(key)) return c.self.broken("must have keys that are valid UTF-8");
        if (c.here != 0) path += '.';
        path += sso::detail::printable(key, 80);
      }
      if (!c.self.check(*c.container.element, c.rules, element)) return false;
      path.resize(c.here);
      return true;
    });
  }

  bool check_string(const rules& rules, std::string_view text) {
    const auto length = count_code_points(text);
    if (!length) return broken("must be valid UTF-8");
    if (*length < rules.min_length || *length > rules.max_length) {
      if (*length == 0 && rules.min_length == 1) return broken("must not be empty");
      return broken("must have " + bounds(rules.min_length, rules.max_length) + " characters, but has " +
                    std::to_string(*length));
    }
    return matches(rules.format, text) || broken(std::string{rule_of(rules.format)});
  }

  bool check_integer(const rules& rules, std::int64_t value) {
    if (value >= rules.min && value <= rules.max) return true;
    return broken("must be " + bounds(rules.min, rules.max) + ", but is " + std::to_string(value));
  }

  template <class T>
  static std::string bounds(T least, T most) {
    constexpr std::numeric_limits<T> limits;
    if (most == (limits.max)()) return "at least " + std::to_string(least);
    if (least == (limits.min)()) return "at most " + std::to_string(most);
    return std::to_string(least) + " to " + std::to_string(most);
  }

  bool broken(std::string rule) {
    rule_ = std::move(rule);
    return false;
  }

  std::string path_;
  std::string rule_;
};

SSO_DECL std::optional<fault> validate(const type& type, const void* value) {
  validator rules;
  if (rules.check(type, {}, value)) return std::nullopt;
  return rules.take();
}

}  // namespace sso::json::detail
