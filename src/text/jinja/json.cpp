#include "text/jinja/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/utf8.h"
#include "text/jinja/python_text.h"

namespace retort::jinja {
namespace {

// MakeList and MakeDict would refuse the depth, too, but only after recursing too far.
Value Convert(const nlohmann::ordered_json& json, int depth) {
  if (depth > kMaxValueDepth)
    Fault::Throw("lists and dictionaries nest more than {} deep", kMaxValueDepth);
  switch (json.type()) {
    case nlohmann::json::value_t::boolean:
      return Value::Bool(json.get<bool>());
    case nlohmann::json::value_t::number_float:
      return Value::Float(json.get<double>());
    case nlohmann::json::value_t::number_integer:
      return Value::Int(json.get<int64_t>());
    case nlohmann::json::value_t::number_unsigned:
      if (json.get<uint64_t>() > INT64_MAX) Fault::ThrowUnsupported("an integer beyond 64 bits");
      return Value::Int(json.get<int64_t>());
    case nlohmann::json::value_t::string:
      return Value::Text(json.get<std::string>());
    case nlohmann::json::value_t::array: {
      std::vector<Value> items;
      for (const auto& item : json) items.push_back(Convert(item, depth + 1));
      return MakeList(std::move(items));
    }
    case nlohmann::json::value_t::object: {
      std::vector<std::pair<Value, Value>> items;
      for (const auto& [key, item] : json.items()) {
        items.emplace_back(Value::Text(key), Convert(item, depth + 1));
      }
      return MakeDict(std::move(items));
    }
    default:
      return Value::Nothing();
  }
}

void AppendUnit(uint32_t unit, std::string* out) { *out += fmt::format("\\u{:04x}", unit); }

void AppendString(std::string_view text, bool ensure_ascii, std::string* out) {
  *out += '"';
  for (const std::string_view point : CodePoints(text)) {
    const uint32_t c = DecodeUtf8(point).code_point;
    switch (c) {
      case '"':
        *out += "\\\"";
        break;
      case '\\':
        *out += "\\\\";
        break;
      case '\n':
        *out += "\\n";
        break;
      case '\r':
        *out += "\\r";
        break;
      case '\t':
        *out += "\\t";
        break;
      case '\b':
        *out += "\\b";
        break;
      case '\f':
        *out += "\\f";
        break;
      default:
        if (c < 0x20 || (ensure_ascii && c >= 0x7F && c < 0x10000 && c != 0x7F)) {
          AppendUnit(c, out);
        } else if (ensure_ascii && c >= 0x10000) {
          AppendUnit(0xD800 + ((c - 0x10000) >> 10), out);
          AppendUnit(0xDC00 + ((c - 0x10000) & 0x3FF), out);
        } else {
          *out += point;
        }
    }
  }
  *out += '"';
}

std::string NumberText(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  return PythonRepr(number);
}

class Writer {
 public:
  Writer(Runtime& runtime, const JsonStyle& style) : runtime_(runtime), style_(style) {}

  void Write(const Value& value) {
    int64_t integer = 0;
    if (value.IsNone()) {
      out += "null";
    } else if (const bool* b = value.AsBool()) {
      out += *b ? "true" : "false";
    } else if (value.ToInt(&integer)) {
      out += std::to_string(integer);
    } else if (const double* d = value.AsFloat()) {
      out += NumberText(*d);
    } else if (const std::string* text = value.AsText()) {
      AppendString(*text, style_.ensure_ascii, &out);
    } else if (const List* list = value.AsList()) {
      WriteGroup('[', ']', list->items, [this](const Value& item) { Write(item); });
    } else if (const Dict* dict = value.AsDict()) {
      WriteDict(*dict);
    } else {
      Fault::Throw("Object of type {} is not JSON serializable", TypeName(value));
    }
  }

  std::string out;

 private:
  template <typename Items, typename WriteItem>
  void WriteGroup(char open, char close, const Items& items, const WriteItem& write_item) {
    out += open;
    if (!items.empty()) {
      ++level_;
      bool first = true;
      for (const auto& item : items) {
        if (!first) Append(style_.item_separator);
        first = false;
        BreakLine();
        write_item(item);
      }
      --level_;
      BreakLine();
    }
    out += close;
  }

  void WriteDict(const Dict& dict) {
    auto items = dict.items;
    if (style_.sort_keys) {
      std::stable_sort(items.begin(), items.end(),
                       [](const auto& a, const auto& b) { return Less(a.first, b.first); });
    }
    WriteGroup('{', '}', items, [this](const auto& item) {
      AppendString(KeyText(item.first), style_.ensure_ascii, &out);
      Append(style_.key_separator);
      Write(item.second);
    });
  }

  static std::string KeyText(const Value& key) {
    if (key.IsNone()) return "null";
    if (const bool* b = key.AsBool()) return *b ? "true" : "false";
    if (const double* d = key.AsFloat()) return NumberText(*d);
    if (key.AsList() || key.AsObject() || key.IsUndefined()) {
      Fault::Throw("keys must be str, int, float, bool or None, not {}", TypeName(key));
    }
    return ToText(key);
  }

  // The template chooses these texts, and they come as often as there are values.
  void Append(const std::string& piece) {
    runtime_.SpendBytes(piece.size());
    out += piece;
  }

  void BreakLine() {
    if (!style_.indent) return;
    out += '\n';
    for (int i = 0; i < level_; ++i) Append(*style_.indent);
  }

  Runtime& runtime_;
  const JsonStyle& style_;
  int level_ = 0;
};

}  // namespace

Value FromJson(const nlohmann::ordered_json& json) { return Convert(json, 0); }

std::string ToJson(Runtime& runtime, const Value& value, const JsonStyle& style) {
  runtime.SpendOn(value);
  Writer writer(runtime, style);
  writer.Write(value);
  return std::move(writer.out);
}

}  // namespace retort::jinja
