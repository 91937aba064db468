// SPDX-License-Identifier: BSL-1.0
#include "format.hpp"

#include "escape.hpp"

#include <algorithm>
#include <cstddef>

namespace ssoctl {
namespace {

void append_json(std::string& out, const json_text& json) {
  if (const auto* const array = std::get_if<json_text::array>(&json.value)) {
    out += '[';
    for (const auto& item : *array) {
      if (&item != array->data()) out += ',';
      append_json(out, item);
    }
    out += ']';
  } else if (const auto* const object = std::get_if<json_text::object>(&json.value)) {
    out += '{';
    for (const auto& member : *object) {
      if (&member != object->data()) out += ',';
      out.append(json_string(member.name)) += ':';
      append_json(out, member.held);
    }
    out += '}';
  } else if (const auto* const text = std::get_if<std::string>(&json.value)) {
    out += json_string(*text);
  } else if (const auto* const number = std::get_if<json_text::number>(&json.value)) {
    out += number->digits;
  } else if (const auto* const boolean = std::get_if<bool>(&json.value)) {
    out += *boolean ? "true" : "false";
  } else {
    out += "null";
  }
}

std::string cell(const json_text& json) {
  if (std::holds_alternative<std::nullptr_t>(json.value)) return "-";
  const auto* const text = std::get_if<std::string>(&json.value);
  const bool is_line = text != nullptr && text->find('\n') == std::string::npos;
  return is_line ? terminal_safe(*text) : shown(json);
}

void flatten(std::vector<std::vector<std::string>>& rows, const std::string& prefix,
             const json_text& object) {
  for (const auto& [key, value] : std::get<json_text::object>(object.value)) {
    const auto name = prefix + terminal_safe(key);
    if (const auto* const inner = std::get_if<json_text::object>(&value.value)) {
      if (inner->empty()) rows.push_back({name, "-"});
      flatten(rows, name + '.', value);
    } else if (const auto* const array = std::get_if<json_text::array>(&value.value)) {
      std::string list;
      for (const auto& item : *array) list.append(list.empty() ? "" : ", ").append(cell(item));
      rows.push_back({name, list.empty() ? "-" : list});
    } else {
      rows.push_back({name, cell(value)});
    }
  }
}

/// The width in columns, one per character.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

std::string json_line(const json_text& json) {
  std::string out;
  append_json(out, json);
  return out;
}

std::string shown(const json_text& json) {
  const auto* const text = std::get_if<std::string>(&json.value);
  if (text != nullptr && text->find('\n') != std::string::npos) {
    return "(" + std::to_string(text->size()) + " characters; --json shows them)";
  }
  return terminal_safe(json_line(json));
}

std::vector<std::vector<std::string>> rows_of(const json_text& object) {
  std::vector<std::vector<std::string>> rows;
  if (std::holds_alternative<json_text::object>(object.value)) flatten(rows, {}, object);
  return rows;
}

std::vector<std::vector<std::string>> rows_of_domains(const json_text& list) {
  std::vector<std::vector<std::string>> rows{{"DOMAIN", "VERIFIED", "TXT RECORD"}};
  for (const auto& domain : std::get<json_text::array>(list.value)) {
    auto& row = rows.emplace_back(std::vector<std::string>{"-", "-", "-"});
    for (auto& named : rows_of(domain)) {
      if (named[0] == "domain") row[0] = std::move(named[1]);
      if (named[0] == "verified") row[1] = named[1] == "true" ? "yes" : "no";
      if (named[0] == "verification_record") row[2] = std::move(named[1]);
    }
  }
  return rows;
}

std::string wrap(std::string_view text, std::size_t indent) {
  constexpr std::size_t columns = 80;
  std::string out;
  for (std::size_t at = indent; !text.empty();) {
    const auto word = text.substr(0, text.find(' '));
    if (at > indent && at + 1 + width_of(word) > columns) {
      out.append("\n").append(at = indent, ' ');
    } else if (at > indent) {
      out += ' ';
      ++at;
    }
    out += word;
    at += width_of(word);
    text.remove_prefix(std::min(word.size() + 1, text.size()));
  }
  return out;
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

}  // namespace ssoctl
