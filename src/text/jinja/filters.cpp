// Filters of any value, and the search among all.
#include "text/jinja/filters.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "text/jinja/json.h"
#include "text/jinja/operators.h"
#include "text/jinja/python_text.h"

namespace retort::jinja {
namespace {

Value Absolute(Runtime&, const Value& operand, const Arguments& arguments) {
  NoArguments("abs", arguments);
  const Value zero = Value::Int(0);
  return Less(operand, zero) ? Negate(operand, true) : Negate(operand, false);
}

Value Integer(Runtime&, const Value& operand, const Arguments& arguments) {
  ArgumentReader reader("int", arguments);
  Value otherwise = reader.Next("default", Value::Int(0));
  reader.Finish();
  int64_t i = 0;
  if (operand.ToInt(&i)) return Value::Int(i);
  double d = 0;
  if (const std::string* text = operand.AsText()) {
    const std::string_view body = StripRight(StripLeft(*text, nullptr), nullptr);
    const char* const begin = body.data() + (body.starts_with('+') ? 1 : 0);
    const char* const end = body.data() + body.size();
    if (auto r = std::from_chars(begin, end, i); r.ec == std::errc() && r.ptr == end) {
      return Value::Int(i);
    }
    if (auto r = std::from_chars(begin, end, d); r.ec != std::errc() || r.ptr != end) {
      return otherwise;
    }
  } else if (!operand.ToDouble(&d)) {
    return otherwise;
  }
  if (!std::isfinite(d)) return otherwise;
  if (std::abs(d) >= 0x1p63) Fault::ThrowUnsupported("an integer beyond 64 bits");
  return Value::Int(static_cast<int64_t>(d));
}

Value Default(Runtime&, const Value& operand, const Arguments& arguments) {
  ArgumentReader reader("default", arguments);
  Value otherwise = reader.Next("default_value", Value::Text(""));
  const bool also_false = IsTrue(reader.Next("boolean", Value::Bool(false)));
  reader.Finish();
  return operand.IsUndefined() || (also_false && !IsTrue(operand)) ? otherwise : operand;
}

Value ToJsonFilter(Runtime& runtime, const Value& operand, const Arguments& arguments) {
  ArgumentReader reader("tojson", arguments);
  JsonStyle style;
  style.ensure_ascii = IsTrue(reader.Next("ensure_ascii", Value::Bool(false)));
  const Value indent = reader.Next("indent", Value::Nothing());
  const Value separators = reader.Next("separators", Value::Nothing());
  style.sort_keys = IsTrue(reader.Next("sort_keys", Value::Bool(false)));
  reader.Finish();
  int64_t width = 0;
  if (indent.ToInt(&width)) {
    style.indent = std::string(static_cast<size_t>(std::clamp<int64_t>(width, 0, 100)), ' ');
  } else if (indent.AsText()) {
    style.indent = *indent.AsText();
  } else if (!indent.IsNone()) {
    Fault::Throw("tojson() indent must be an int or a str, not {}", TypeName(indent));
  }
  if (style.indent) style.item_separator = ",";
  if (const List* pair = separators.AsList()) {
    if (pair->items.size() != 2 || !pair->items[0].AsText() || !pair->items[1].AsText()) {
      Fault::Throw("tojson() separators must be two strings");
    }
    style.item_separator = *pair->items[0].AsText();
    style.key_separator = *pair->items[1].AsText();
  }
  return runtime.NewText(ToJson(runtime, operand, style));
}

constexpr FilterEntry kValueFilters[] = {
    {"abs", Absolute}, {"d", Default},           {"default", Default},
    {"int", Integer},  {"tojson", ToJsonFilter},
};

}  // namespace

Filter FindFilter(std::string_view name) {
  for (const auto& table :
       {std::span<const FilterEntry>(kValueFilters), TextFilters(), SequenceFilters()}) {
    for (const FilterEntry& entry : table) {
      if (entry.name == name) return entry.filter;
    }
  }
  return nullptr;
}

}  // namespace retort::jinja
