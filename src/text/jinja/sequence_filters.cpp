// Filters that read lists, dictionaries and the characters of text.
#include <algorithm>
#include <charconv>

#include "base/quote.h"
#include "text/jinja/filters.h"
#include "text/jinja/operators.h"
#include "text/jinja/python_text.h"

namespace retort::jinja {
namespace {

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
  const std::vector<Value> forward = Iterate(runtime, operand);
  std::vector<Value> items(forward.rbegin(), forward.rend());
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

Value JoinFilter(Runtime& runtime, const Value& operand, const Arguments& arguments) {
  ArgumentReader reader("join", arguments);
  const std::string separator = runtime.TextOf(reader.Next("d", Value::Text("")));
  const Value attribute = reader.Next("attribute", Value::Nothing());
  reader.Finish();
  std::string text;
  bool is_first = true;
  for (const Value& item : Iterate(runtime, operand)) {
    const std::string piece =
        runtime.TextOf(attribute.IsNone() ? item : GetPath(runtime, item, attribute));
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
    runtime.Spend(kept.size() * TreeSize(item));
    const auto same = [&item](const Value& other) {
      // Case does not count for strings.
      return item.AsText() && other.AsText() ? ToLower(*item.AsText()) == ToLower(*other.AsText())
                                             : Equal(item, other);
    };
    if (std::none_of(kept.begin(), kept.end(), same)) kept.push_back(std::move(item));
  }
  return MakeList(std::move(kept));
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
                              runtime.ReprOf(arguments.positional[kNameAt]));
    }
  }
  const Arguments rest = Rest(arguments, kNameAt + 1);
  std::vector<Value> selected;
  for (const Value& item : Iterate(runtime, operand)) {
    const Value value = kByAttribute ? GetPath(runtime, item, arguments.positional[0]) : item;
    if ((test ? test(runtime, value, rest) : IsTrue(value)) == kWanted) selected.push_back(item);
  }
  return MakeList(std::move(selected));
}

constexpr FilterEntry kSequenceFilters[] = {
    {"count", LengthFilter},
    {"first", Edge<false>},
    {"items", Items},
    {"join", JoinFilter},
    {"last", Edge<true>},
    {"length", LengthFilter},
    {"list", ListFilter},
    {"map", Map},
    {"reject", Select<false, false>},
    {"rejectattr", Select<false, true>},
    {"reverse", Reverse},
    {"select", Select<true, false>},
    {"selectattr", Select<true, true>},
    {"unique", Unique},
};

}  // namespace

std::span<const FilterEntry> SequenceFilters() { return kSequenceFilters; }

}  // namespace retort::jinja
