// SPDX-License-Identifier: BSL-1.0
#include "text.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace ssoctl {
namespace {

std::string hex(std::uint32_t value, std::size_t digits) {
  constexpr std::string_view figures = "0123456789abcdef";
  std::string out(digits, '0');
  for (std::size_t i = digits; i-- != 0; value >>= 4) out[i] = figures[value & 0xf];
  return out;
}

struct character {
  std::uint32_t code = 0;
  std::size_t size = 0;  ///< 0: no UTF-8
};

/// The first character of a text that is not empty (RFC 3629).
character first_of(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {lead, 1};
  std::size_t size = 0;
  std::uint32_t code = 0;
  std::uint32_t least = 0;
  if ((lead & 0xe0) == 0xc0) size = 2, code = lead & 0x1fU, least = 0x80;
  if ((lead & 0xf0) == 0xe0) size = 3, code = lead & 0x0fU, least = 0x800;
  if ((lead & 0xf8) == 0xf0) size = 4, code = lead & 0x07U, least = 0x10000;
  if (size == 0 || text.size() < size) return {};
  for (std::size_t i = 1; i != size; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0) != 0x80) return {};
    code = code << 6 | (next & 0x3fU);
  }
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  return code < least || surrogate || code > 0x10ffff ? character{} : character{code, size};
}

/// Whether a terminal or a reader could be misled by it.
bool is_harmful(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7f && code <= 0x9f) ||      // C0, DEL, C1
         code == 0x61c || code == 0x200e || code == 0x200f ||  // direction marks
         (code >= 0x2028 && code <= 0x202e) ||                 // line ends, embeddings, overrides
         (code >= 0x2066 && code <= 0x2069);                   // isolates
}

template <class Escape>
std::string escaped(std::string_view text, Escape escape) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto next = first_of(text);
    const auto size = std::max<std::size_t>(next.size, 1);
    if (next.size == 0 || is_harmful(next.code)) {
      out += escape(next, static_cast<unsigned char>(text[0]));
    } else {
      out.append(text.substr(0, size));
    }
    text.remove_prefix(size);
  }
  return out;
}

std::string scalar(const boost::json::value& value) {
  if (value.is_null()) return "-";
  if (const auto* const text = value.if_string()) {
    const std::string_view held{text->data(), text->size()};
    if (held.find('\n') != std::string_view::npos) {
      return "(" + std::to_string(held.size()) + " characters; --json shows them)";
    }
    return terminal_safe(held);
  }
  return terminal_safe(boost::json::serialize(value));
}

void flatten_into(std::vector<std::pair<std::string, std::string>>& rows, const std::string& prefix,
                  const boost::json::object& object) {
  for (const auto& member : object) {
    const auto name = prefix + terminal_safe({member.key().data(), member.key().size()});
    const auto& value = member.value();
    if (const auto* const inner = value.if_object()) {
      if (inner->empty()) rows.emplace_back(name, "-");
      flatten_into(rows, name + '.', *inner);
    } else if (const auto* const array = value.if_array()) {
      std::string list;
      for (const auto& item : *array) list.append(list.empty() ? "" : ", ").append(scalar(item));
      rows.emplace_back(name, list.empty() ? "-" : list);
    } else {
      rows.emplace_back(name, scalar(value));
    }
  }
}

/// How many columns it takes, if every character takes one.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

std::string terminal_safe(std::string_view text) {
  return escaped(text, [](character c, unsigned char byte) {
    return c.size < 2 ? "\\x" + hex(byte, 2) : "\\u{" + hex(c.code, 4) + '}';
  });
}

std::string json_line(const boost::json::value& value) {
  // Outside strings there is nothing to escape. What is no UTF-8 gets the replacement character.
  return escaped(boost::json::serialize(value), [](character c, unsigned char) {
    return c.size == 0 ? std::string{"\\ufffd"} : "\\u" + hex(c.code, 4);
  });
}

std::vector<std::pair<std::string, std::string>> flatten(const boost::json::object& object) {
  std::vector<std::pair<std::string, std::string>> rows;
  flatten_into(rows, {}, object);
  return rows;
}

std::string align(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i != row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string out;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i != row.size(); ++i) {
      out += row[i];
      if (i + 1 != row.size()) out.append(widths[i] - width_of(row[i]) + 2, ' ');
    }
    out += '\n';
  }
  return out;
}

void censor::add(const sso::secret& secret) {
  // Shorter ones would be found in words that are none.
  constexpr std::size_t shortest = 4;
  if (secret.reveal().size() < shortest) return;
  const std::string raw{secret.reveal()};
  const auto in_json = [](const std::string& text) {
    const auto quoted = json_line(boost::json::string{text});
    return quoted.substr(1, quoted.size() - 2);
  };
  // As it is, as JSON, as the library's messages have it, and as they are in JSON.
  for (auto form : {raw, in_json(raw), terminal_safe(raw), in_json(terminal_safe(raw))}) {
    if (std::find(forms_.begin(), forms_.end(), form) == forms_.end()) forms_.push_back(std::move(form));
  }
}

std::string censor::clean(std::string text) const {
  for (const auto& form : forms_) {
    for (auto at = text.find(form); at != std::string::npos; at = text.find(form, at + redacted.size())) {
      text.replace(at, form.size(), redacted);
    }
  }
  return text;
}

void redact(boost::json::value& body) {
  if (auto* const array = body.if_array()) {
    for (auto& item : *array) redact(item);
  } else if (auto* const object = body.if_object()) {
    for (auto& member : *object) {
      const bool is_secret = member.key().ends_with("secret") || member.key().ends_with("token");
      if (is_secret && !member.value().is_null()) {
        member.value() = redacted;
      } else {
        redact(member.value());
      }
    }
  }
}

}  // namespace ssoctl
