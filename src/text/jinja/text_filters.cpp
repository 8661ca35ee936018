// Filters that make text of text.
#include <algorithm>

#include "text/jinja/filters.h"
#include "text/jinja/operators.h"
#include "text/jinja/python_text.h"

namespace retort::jinja {
namespace {

Value Trim(Runtime& runtime, const Value& operand, const Arguments& arguments) {
  ArgumentReader reader("trim", arguments);
  const Value characters = reader.Next("chars", Value::Nothing());
  reader.Finish();
  const std::string text = runtime.TextOf(operand);
  if (!characters.IsNone() && !characters.AsText()) {
    Fault::Throw("strip arg must be None or str");
  }
  const std::string* set = characters.AsText();
  return runtime.NewText(std::string(StripRight(StripLeft(text, set), set)));
}

template <std::string (*kMap)(std::string_view)>
Value CaseFilter(Runtime& runtime, const Value& operand, const Arguments& arguments) {
  NoArguments("case filter", arguments);
  return runtime.NewText(kMap(runtime.TextOf(operand)));
}

Value String(Runtime& runtime, const Value& operand, const Arguments& arguments) {
  NoArguments("string", arguments);
  return runtime.NewText(runtime.TextOf(operand));
}

// Autoescaping is off, so everything is safe.
Value Safe(Runtime& runtime, const Value& operand, const Arguments& arguments) {
  return String(runtime, operand, arguments);
}

Value ReplaceFilter(Runtime& runtime, const Value& operand, const Arguments& arguments) {
  ArgumentReader reader("replace", arguments);
  const std::string from = runtime.TextOf(reader.Next("old"));
  const std::string to = runtime.TextOf(reader.Next("new"));
  const Value count = reader.Next("count", Value::Nothing());
  reader.Finish();
  int64_t limit = -1;
  if (!count.IsNone() && !count.ToInt(&limit)) Fault::Throw("count must be an integer");
  return ReplaceText(runtime, runtime.TextOf(operand), from, to, limit);
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
  const std::string text = runtime.TextOf(operand);
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

constexpr FilterEntry kTextFilters[] = {
    {"capitalize", CaseFilter<Capitalized>},
    {"indent", Indent},
    {"lower", CaseFilter<ToLower>},
    {"replace", ReplaceFilter},
    {"safe", Safe},
    {"string", String},
    {"title", CaseFilter<CapitalizedWords>},
    {"trim", Trim},
    {"upper", CaseFilter<ToUpper>},
};

}  // namespace

std::span<const FilterEntry> TextFilters() { return kTextFilters; }

}  // namespace retort::jinja
