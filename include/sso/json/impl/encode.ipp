// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/json/encode.hpp>

#include <boost/json/serializer.hpp>
#include <boost/json/value.hpp>

#include <charconv>

namespace sso::json::detail {

class encoder {
public:
  void write(const type& type, const void* self) {
    switch (type.what) {
    case shape::boolean: out_ += as<bool>(self) ? "true" : "false"; break;
    case shape::integer: write_integer(as<std::int64_t>(self)); break;
    case shape::number: write_number(as<double>(self)); break;
    case shape::string: write_string(as<std::string>(self)); break;
    case shape::timestamp: write_string(format_timestamp(as<timestamp>(self))); break;
    case shape::text: write_string(type.write(self)); break;
    case shape::null: out_ += "null"; break;
    case shape::wrapper:
      if (type.state(self) == presence::value) {
        write(*type.element, type.get(self));
      } else {
        out_ += "null";
      }
      break;
    case shape::array: write_elements(type, self, '[', ']'); break;
    case shape::map: write_elements(type, self, '{', '}'); break;
    case shape::object: write_object(type, self); break;
    }
  }

  [[nodiscard]] std::string take() { return std::move(out_); }

private:
  void write_object(const type& type, const void* self) {
    char separator = '{';
    for (const auto& member : type.members) {
      const void* value = member.get_const(self);
      if (member.type->what == shape::wrapper && !member.required &&
          member.type->state(value) == presence::absent) {
        continue;
      }
      out_ += separator;
      separator = ',';
      write_string(member.name);
      out_ += ':';
      write(*member.type, value);
    }
    if (separator == '{') out_ += '{';
    out_ += '}';
  }

  void write_elements(const type& type, const void* self, char open, char close) {
    struct context {
      encoder& self;
      const detail::type& element;
      bool keyed;
      bool first = true;
    } context{*this, *type.element, type.what == shape::map};
    out_ += open;
    type.for_each(self, &context, [](void* opaque, std::string_view key, const void* element) {
      auto& c = as<struct context>(opaque);
      if (!c.first) c.self.out_ += ',';
      c.first = false;
      if (c.keyed) {
        c.self.write_string(key);
        c.self.out_ += ':';
      }
      c.self.write(c.element, element);
      return true;
    });
    out_ += close;
  }

  void write_string(std::string_view text) {
    serializer_.reset(boost::json::string_view{text.data(), text.size()});
    flush();
  }

  void write_integer(std::int64_t value) {
    char digits[24];
    out_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  }

  void write_number(double value) {
    const boost::json::value number(value);
    serializer_.reset(&number);
    flush();
  }

  void flush() {
    char buffer[512];
    while (!serializer_.done()) {
      const auto part = serializer_.read(buffer);
      out_.append(part.data(), part.size());
    }
  }

  std::string out_;
  boost::json::serializer serializer_;
};

SSO_DECL std::string encode(const type& type, const void* value) {
  encoder out;
  out.write(type, value);
  return out.take();
}

}  // namespace sso::json::detail
