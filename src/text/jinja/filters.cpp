// The filters of `value | …`.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/quote.h"
#include "text/jinja/builtins.h"
#include "text/jinja/json.h"
#include "text/jinja/operators.h"
#include "text/jinja/python_text.h"

namespace retort::jinja {
namespace {

void NoArguments(const char* filter, const Arguments& arguments) {
  ArgumentReader(filter, arguments).Finish();
}

// --- text ---

Value Trim(Runtime& runtime, const Value& operand, const Arguments& arguments) {
  ArgumentReader reader("trim", arguments);
  const Value characters = reader.Next("chars", Value::Nothing());
  reader.Finish();
  const std::string text = ToText(operand);
  if (!characters.IsNone() && !characters.AsText()) {
    Fault::Throw("strip arg must be None or str");
  }
  const std::string* set = characters.AsText();
  return runtime.NewText(std::string(StripRight(StripLeft(text, set), set)));
}

template <std::string (*kMap)(std::string_view)>
Value Mapped(Runtime& runtime, const Value& operand, const Arguments& arguments) {
  NoArguments("case filter", arguments);
  return runtime.NewText(kMap(ToText(operand)));
}

Value String(Runtime& runtime, const Value& operand, const Arguments& arguments) {
  NoArguments("string", arguments);
  return runtime.NewText(ToText(operand));
}

// Autoescaping is off, so everything is safe.
Value Safe(Runtime& runtime, const Value& operand, const Arguments& arguments) {
  return String(runtime, operand, arguments);
}

Value Replace(Runtime& runtime, const Value& operand, const Arguments& arguments) {
  ArgumentReader reader("replace", arguments);
  const std::string from = ToText(reader.Next("old")), to = ToText(reader.Next("new"));
  const Value count = reader.Next("count", Value::Nothing());
  reader.Finish();
  int64_t limit = -1;
  if (!count.IsNone() && !count.ToInt(&limit)) Fault::Throw("count must be an integer");
  return ReplaceText(runtime, ToText(operand), from, to, limit);
}

Value Indent(Runtime& runtime, const Value& operand, const Arguments& arguments) {
  ArgumentReader reader("indent", arguments);
  const Value width = reader.Next("width", Value::Int(4));
  const bool first = IsTrue(reader.Next("first", Value::Bool(false)));
  const bool blank = IsTrue(reader.Next("blank", Value::Bool(false)));
  reader.Finish();
  int64_t count = 0;
  std::string by;
  if (width.ToInt(&count)) {
    by.assign(static_cast<size_t>(std::clamp<int64_t>(count, 0, 1000)), ' ');
  } else if (width.AsText()) {
    by = *width.AsText();
  } else {
    Fault::Throw("indent() width must be an int or a str, not {}", TypeName(width));
  }
  const std::string text = ToText(operand);
  std::string out;
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    if (at == 0 ? first : (end > at || blank)) out += by;
    out += text.substr(at, end - at);
    if (end < text.size()) out += '\n';
    runtime.SpendBytes(by.size() + end - at + 1);
    at = end + 1;
  }
  return Value::Text(std::move(out));
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
  return runtime.NewText(ToJson(operand, style));
}

// --- numbers ---

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

// --- sequences ---

Value LengthFilter(Runtime& runtime, const Value& operand, const Arguments& arguments) {
  NoArguments("length", arguments);
  if (operand.AsText()) runtime.Spend(operand.AsText()->size() / 16);
  return Value::Int(Length(operand));
}

Value ListFilter(Runtime& runtime, const Value& operand, const Arguments& arguments) {
  NoArguments("list", arguments);
  return MakeList(Iterate(runtime, operand));
}

template <bool kLast>
Value Edge(Runtime& runtime, const Value& operand, const Arguments& arguments) {
  NoArguments(kLast ? "last" : "first", arguments);
  const std::vector<Value> items = Iterate(runtime, operand);
  if (items.empty()) {
    return Value::Missing(kLast ? "No last item, sequence was empty."
                                : "No first item, sequence was empty.");
  }
  return kLast ? items.back() : items.front();
}

Value Reverse(Runtime& runtime, const Value& operand, const Arguments& arguments) {
  NoArguments("reverse", arguments);
  std::vector<Value> items = Iterate(runtime, operand);
  std::reverse(items.begin(), items.end());
  if (!operand.AsText()) return MakeList(std::move(items));
  std::string text;
  for (const Value& item : items) text += *item.AsText();
  return runtime.NewText(std::move(text));
}

Value Items(Runtime& runtime, const Value& operand, const Arguments& arguments) {
  NoArguments("items", arguments);
  if (operand.IsUndefined()) return MakeList({});
  if (!operand.AsDict()) Fault::Throw("Can only get item pairs from a mapping.");
  return FindMethod(operand, "items")(runtime, operand, arguments);
}

// `a.b.0`: an attribute, or item, of an attribute.
Value GetPath(Runtime& runtime, Value value, const Value& path) {
  const std::string* text = path.AsText();
  if (!text) return GetItem(runtime, value, path);
  for (size_t at = 0; at <= text->size();) {
    const size_t end = std::min(text->find('.', at), text->size());
    const std::string part = text->substr(at, end - at);
    int64_t index = 0;
    const auto r = std::from_chars(part.data(), part.data() + part.size(), index);
    const bool is_index = r.ec == std::errc() && r.ptr == part.data() + part.size();
    value = GetItem(runtime, value, is_index ? Value::Int(index) : Value::Text(part));
    at = end + 1;
  }
  return value;
}

Value Join(Runtime& runtime, const Value& operand, const Arguments& arguments) {
  ArgumentReader reader("join", arguments);
  const std::string separator = ToText(reader.Next("d", Value::Text("")));
  const Value attribute = reader.Next("attribute", Value::Nothing());
  reader.Finish();
  std::string text;
  bool is_first = true;
  for (const Value& item : Iterate(runtime, operand)) {
    const std::string piece = ToText(attribute.IsNone() ? item : GetPath(runtime, item, attribute));
    runtime.SpendBytes(piece.size() + separator.size());
    if (!is_first) text += separator;
    is_first = false;
    text += piece;
  }
  return Value::Text(std::move(text));
}

Value Unique(Runtime& runtime, const Value& operand, const Arguments& arguments) {
  NoArguments("unique", arguments);
  std::vector<Value> kept;
  for (Value& item : Iterate(runtime, operand)) {
    runtime.Spend(kept.size() / 16);
    const auto same = [&item](const Value& other) {
      // Case does not count for strings.
      return item.AsText() && other.AsText() ? ToLower(*item.AsText()) == ToLower(*other.AsText())
                                             : Equal(item, other);
    };
    if (std::none_of(kept.begin(), kept.end(), same)) kept.push_back(std::move(item));
  }
  return MakeList(std::move(kept));
}

Value Default(Runtime&, const Value& operand, const Arguments& arguments) {
  ArgumentReader reader("default", arguments);
  Value otherwise = reader.Next("default_value", Value::Text(""));
  const bool also_false = IsTrue(reader.Next("boolean", Value::Bool(false)));
  reader.Finish();
  return operand.IsUndefined() || (also_false && !IsTrue(operand)) ? otherwise : operand;
}

// The arguments after the first `count`.
Arguments Rest(const Arguments& arguments, size_t count) {
  Arguments rest = arguments;
  const size_t skip = std::min(count, rest.positional.size());
  rest.positional.erase(rest.positional.begin(),
                        rest.positional.begin() + static_cast<std::ptrdiff_t>(skip));
  return rest;
}

Value Map(Runtime& runtime, const Value& operand, const Arguments& arguments) {
  const bool by_attribute = arguments.positional.empty();
  ArgumentReader reader("map", arguments);
  const Value attribute = by_attribute ? reader.Next("attribute") : Value::Nothing();
  const Value* otherwise = by_attribute ? reader.NextIfGiven("default") : nullptr;
  const std::string name = by_attribute ? "" : reader.NextText("name");
  if (by_attribute) reader.Finish();
  const Filter filter = by_attribute ? nullptr : FindFilter(name);
  if (!by_attribute && !filter) {
    Fault::ThrowUnsupported("the filter {} is not supported", Quoted(name));
  }
  std::vector<Value> mapped;
  for (const Value& item : Iterate(runtime, operand)) {
    Value value = by_attribute ? GetPath(runtime, item, attribute)
                               : filter(runtime, item, Rest(arguments, 1));
    mapped.push_back(value.IsUndefined() && otherwise ? *otherwise : std::move(value));
  }
  return MakeList(std::move(mapped));
}

// select, reject and their …attr forms: items for which a test (or truth) holds or does not.
template <bool kWanted, bool kByAttribute>
Value Select(Runtime& runtime, const Value& operand, const Arguments& arguments) {
  constexpr size_t kNameAt = kByAttribute ? 1 : 0;
  if (kByAttribute && arguments.positional.empty()) {
    Fault::Throw("Missing parameter for attribute name");
  }
  Test test = nullptr;
  if (arguments.positional.size() > kNameAt) {
    const std::string* name = arguments.positional[kNameAt].AsText();
    test = name ? FindTest(*name) : nullptr;
    if (!test) {
      Fault::ThrowUnsupported("the test {} is not supported",
                              ToRepr(arguments.positional[kNameAt]));
    }
  }
  const Arguments rest = Rest(arguments, kNameAt + 1);
  std::vector<Value> selected;
  for (const Value& item : Iterate(runtime, operand)) {
    const Value value = kByAttribute ? GetPath(runtime, item, arguments.positional[0]) : item;
    if ((test ? test(value, rest) : IsTrue(value)) == kWanted) selected.push_back(item);
  }
  return MakeList(std::move(selected));
}

struct Entry {
  std::string_view name;
  Filter filter;
};

constexpr Entry kFilters[] = {
    {"abs", Absolute},
    {"capitalize", Mapped<Capitalized>},
    {"count", LengthFilter},
    {"d", Default},
    {"default", Default},
    {"first", Edge<false>},
    {"indent", Indent},
    {"int", Integer},
    {"items", Items},
    {"join", Join},
    {"last", Edge<true>},
    {"length", LengthFilter},
    {"list", ListFilter},
    {"lower", Mapped<ToLower>},
    {"map", Map},
    {"reject", Select<false, false>},
    {"rejectattr", Select<false, true>},
    {"replace", Replace},
    {"reverse", Reverse},
    {"safe", Safe},
    {"select", Select<true, false>},
    {"selectattr", Select<true, true>},
    {"string", String},
    {"title", Mapped<CapitalizedWords>},
    {"tojson", ToJsonFilter},
    {"trim", Trim},
    {"unique", Unique},
    {"upper", Mapped<ToUpper>},
};

}  // namespace

Filter FindFilter(std::string_view name) {
  for (const Entry& entry : kFilters) {
    if (entry.name == name) return entry.filter;
  }
  return nullptr;
}

}  // namespace retort::jinja
