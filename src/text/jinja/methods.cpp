// The methods of strings, lists and dictionaries.
#include <algorithm>
#include <limits>

#include "text/jinja/builtins.h"
#include "text/jinja/operators.h"
#include "text/jinja/python_text.h"

namespace retort::jinja {
namespace {

const std::string& TextOf(const Value& self) { return *self.AsText(); }

void NoArguments(const char* method, const Arguments& arguments) {
  ArgumentReader(method, arguments).Finish();
}

// An optional argument that must be str or None.
Value NextTextOrNone(ArgumentReader* reader, const char* name, const char* complaint) {
  Value value = reader->Next(name, Value::Nothing());
  ThrowIfUndefined(value);
  if (!value.IsNone() && !value.AsText()) {
    Fault::Throw("{}", fmt::format(fmt::runtime(complaint), TypeName(value)));
  }
  return value;
}

int64_t OptionalInt(ArgumentReader* reader, const char* name, int64_t otherwise) {
  const Value value = reader->Next(name, Value::Int(otherwise));
  int64_t i = 0;
  ThrowIfUndefined(value);
  if (!value.ToInt(&i)) {
    Fault::Throw("'{}' object cannot be interpreted as an integer", TypeName(value));
  }
  return i;
}

// --- strings ---

enum class Side { kBoth, kLeft, kRight };

template <Side kSide>
Value Strip(Runtime& runtime, const Value& self, const Arguments& arguments) {
  ArgumentReader reader("strip", arguments);
  const Value characters = NextTextOrNone(&reader, "chars", "strip arg must be None or str");
  reader.Finish();
  std::string_view text = TextOf(self);
  const std::string* set = characters.AsText();
  runtime.Spend(set ? set->size() : 0);
  if (kSide != Side::kRight) text = StripLeft(text, set);
  if (kSide != Side::kLeft) text = StripRight(text, set);
  return runtime.NewText(std::string(text));
}

std::vector<std::string_view> SplitBy(std::string_view text, std::string_view separator,
                                      int64_t limit) {
  std::vector<std::string_view> parts;
  while (static_cast<int64_t>(parts.size()) < limit) {
    const size_t at = text.find(separator);
    if (at == std::string_view::npos) break;
    parts.push_back(text.substr(0, at));
    text.remove_prefix(at + separator.size());
  }
  parts.push_back(text);
  return parts;
}

std::vector<std::string_view> SplitFromRight(std::string_view text, std::string_view separator,
                                             int64_t limit) {
  std::vector<std::string_view> parts;
  while (static_cast<int64_t>(parts.size()) < limit) {
    const size_t at = text.rfind(separator);
    if (at == std::string_view::npos) break;
    parts.push_back(text.substr(at + separator.size()));
    text = text.substr(0, at);
  }
  parts.push_back(text);
  std::reverse(parts.begin(), parts.end());
  return parts;
}

// Words between runs of white space.
std::vector<std::string_view> SplitWords(std::string_view text, int64_t limit) {
  std::vector<std::string_view> parts;
  text = StripLeft(text, nullptr);
  while (!text.empty() && static_cast<int64_t>(parts.size()) < limit) {
    std::string_view rest = text;
    while (!rest.empty() && StripLeft(rest, nullptr).size() == rest.size()) {
      rest.remove_prefix(CodePoints(rest.substr(0, 4))[0].size());
    }
    parts.push_back(text.substr(0, text.size() - rest.size()));
    text = StripLeft(rest, nullptr);
  }
  if (!text.empty()) parts.push_back(text);
  return parts;
}

Value TextList(Runtime& runtime, const std::vector<std::string_view>& parts) {
  std::vector<Value> items;
  for (const std::string_view part : parts) items.push_back(runtime.NewText(std::string(part)));
  return runtime.NewList(std::move(items));
}

template <bool kFromRight>
Value Split(Runtime& runtime, const Value& self, const Arguments& arguments) {
  ArgumentReader reader(kFromRight ? "rsplit" : "split", arguments);
  const Value sep = NextTextOrNone(&reader, "sep", "must be str or None, not {}");
  const std::string* separator = sep.AsText();
  int64_t limit = OptionalInt(&reader, "maxsplit", -1);
  reader.Finish();
  if (limit < 0) limit = std::numeric_limits<int64_t>::max();
  if (!separator) {
    if (kFromRight) Fault::ThrowUnsupported("rsplit() without a separator is not supported");
    return TextList(runtime, SplitWords(TextOf(self), limit));
  }
  if (separator->empty()) Fault::Throw("empty separator");
  return TextList(runtime, kFromRight ? SplitFromRight(TextOf(self), *separator, limit)
                                      : SplitBy(TextOf(self), *separator, limit));
}

template <bool kAtStart>
Value StartsOrEnds(Runtime&, const Value& self, const Arguments& arguments) {
  const char* const name = kAtStart ? "startswith" : "endswith";
  ArgumentReader reader(name, arguments);
  const Value wanted = reader.Next("prefix");
  reader.Finish();
  ThrowIfUndefined(wanted);
  const auto matches = [&](const Value& part) {
    if (!part.AsText()) {
      Fault::Throw("{} first arg must be str or a tuple of str, not {}", name, TypeName(part));
    }
    return kAtStart ? TextOf(self).starts_with(*part.AsText())
                    : TextOf(self).ends_with(*part.AsText());
  };
  const List* choices = wanted.AsList();
  if (!choices || !choices->is_tuple) return Value::Bool(matches(wanted));
  return Value::Bool(std::any_of(choices->items.begin(), choices->items.end(), matches));
}

template <bool kAtStart>
Value Remove(Runtime& runtime, const Value& self, const Arguments& arguments) {
  ArgumentReader reader(kAtStart ? "removeprefix" : "removesuffix", arguments);
  const std::string part = reader.NextText("prefix");
  reader.Finish();
  std::string_view text = TextOf(self);
  if (kAtStart && text.starts_with(part)) text.remove_prefix(part.size());
  if (!kAtStart && text.ends_with(part)) text.remove_suffix(part.size());
  return runtime.NewText(std::string(text));
}

Value ReplaceMethod(Runtime& runtime, const Value& self, const Arguments& arguments) {
  ArgumentReader reader("replace", arguments);
  const std::string from = reader.NextText("old"), to = reader.NextText("new");
  const int64_t limit = OptionalInt(&reader, "count", -1);
  reader.Finish();
  return ReplaceText(runtime, TextOf(self), from, to, limit);
}

Value JoinMethod(Runtime& runtime, const Value& self, const Arguments& arguments) {
  ArgumentReader reader("join", arguments);
  const std::vector<Value> items = Iterate(runtime, reader.Next("iterable"));
  reader.Finish();
  std::string text;
  for (size_t i = 0; i < items.size(); ++i) {
    if (!items[i].AsText()) {
      Fault::Throw("sequence item {}: expected str instance, {} found", i, TypeName(items[i]));
    }
    const std::string piece = (i > 0 ? TextOf(self) : "") + *items[i].AsText();
    runtime.SpendBytes(piece.size());
    text += piece;
  }
  return Value::Text(std::move(text));
}

// Positions are counted in code points.
Value Find(Runtime& runtime, const Value& self, const Arguments& arguments) {
  ArgumentReader reader("find", arguments);
  const std::string part = reader.NextText("sub");
  reader.Finish();
  runtime.Spend(TextOf(self).size() / 16);
  const size_t at = TextOf(self).find(part);
  if (at == std::string::npos) return Value::Int(-1);
  return Value::Int(CodePointCount(std::string_view(TextOf(self)).substr(0, at)));
}

template <std::string (*kMap)(std::string_view)>
Value CaseMethod(Runtime& runtime, const Value& self, const Arguments& arguments) {
  NoArguments("case method", arguments);
  return runtime.NewText(kMap(TextOf(self)));
}

// --- lists and dictionaries ---

Value Count(Runtime& runtime, const Value& self, const Arguments& arguments) {
  ArgumentReader reader("count", arguments);
  const Value wanted = reader.Next("value");
  reader.Finish();
  int64_t count = 0;
  if (const List* list = self.AsList()) {
    for (const Value& item : list->items) count += Equal(item, wanted) ? 1 : 0;
    return Value::Int(count);
  }
  if (!wanted.AsText()) Fault::Throw("must be str, not {}", TypeName(wanted));
  const std::string &text = TextOf(self), &part = *wanted.AsText();
  if (part.empty()) return Value::Int(CodePointCount(text) + 1);
  runtime.Spend(text.size() / 16);
  for (size_t at = text.find(part); at != std::string::npos;
       at = text.find(part, at + part.size())) {
    ++count;
  }
  return Value::Int(count);
}

Value Get(Runtime& runtime, const Value& self, const Arguments& arguments) {
  ArgumentReader reader("get", arguments);
  const Value key = reader.Next("key");
  Value otherwise = reader.Next("default", Value::Nothing());
  reader.Finish();
  runtime.SpendOn(key);
  const Value* item = self.AsDict()->Find(key);
  return item ? *item : otherwise;
}

enum class Part { kKeys, kValues, kItems };

template <Part kPart>
Value Entries(Runtime& runtime, const Value& self, const Arguments& arguments) {
  NoArguments("items", arguments);
  std::vector<Value> entries;
  for (const auto& [key, value] : self.AsDict()->items) {
    entries.push_back(kPart == Part::kKeys     ? key
                      : kPart == Part::kValues ? value
                                               : MakeList({key, value}, /*is_tuple=*/true));
  }
  return runtime.NewList(std::move(entries));
}

struct MethodEntry {
  std::string_view name;
  BoundMethod::Function method;
};

constexpr MethodEntry kTextMethods[] = {
    {"capitalize", CaseMethod<Capitalized>},
    {"count", Count},
    {"endswith", StartsOrEnds<false>},
    {"find", Find},
    {"join", JoinMethod},
    {"lower", CaseMethod<ToLower>},
    {"lstrip", Strip<Side::kLeft>},
    {"removeprefix", Remove<true>},
    {"removesuffix", Remove<false>},
    {"replace", ReplaceMethod},
    {"rsplit", Split<true>},
    {"rstrip", Strip<Side::kRight>},
    {"split", Split<false>},
    {"startswith", StartsOrEnds<true>},
    {"strip", Strip<Side::kBoth>},
    {"title", CaseMethod<TitleCased>},
    {"upper", CaseMethod<ToUpper>},
};

constexpr MethodEntry kListMethods[] = {{"count", Count}};

constexpr MethodEntry kDictMethods[] = {
    {"get", Get},
    {"items", Entries<Part::kItems>},
    {"keys", Entries<Part::kKeys>},
    {"values", Entries<Part::kValues>},
};

template <size_t kCount>
BoundMethod::Function FindIn(const MethodEntry (&entries)[kCount], std::string_view name) {
  for (const MethodEntry& entry : entries) {
    if (entry.name == name) return entry.method;
  }
  return nullptr;
}

}  // namespace

BoundMethod::Function FindMethod(const Value& self, std::string_view name) {
  if (self.AsText()) return FindIn(kTextMethods, name);
  if (self.AsList()) return FindIn(kListMethods, name);
  if (self.AsDict()) return FindIn(kDictMethods, name);
  return nullptr;
}

bool IsKnownMethod(std::string_view name) {
  return FindIn(kTextMethods, name) || FindIn(kListMethods, name) || FindIn(kDictMethods, name);
}

}  // namespace retort::jinja
