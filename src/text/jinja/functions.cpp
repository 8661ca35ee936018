// The functions that every template can call.
#include <algorithm>
#include <array>

#include "text/jinja/builtins.h"
#include "text/jinja/python_text.h"

namespace retort::jinja {
namespace {

constexpr int64_t kMaxRange = 100'000;  // as Jinja's sandbox

int64_t NextInt(ArgumentReader* reader, const char* name) {
  const Value value = reader->Next(name);
  ThrowIfUndefined(value);
  int64_t i = 0;
  if (!value.ToInt(&i)) {
    Fault::Throw("'{}' object cannot be interpreted as an integer", TypeName(value));
  }
  return i;
}

Value Range(Runtime& runtime, const Arguments& arguments) {
  ArgumentReader reader("range", arguments);
  int64_t start = 0, stop = NextInt(&reader, "stop"), step = 1;
  if (arguments.positional.size() > 1) {
    start = stop;
    stop = NextInt(&reader, "stop");
  }
  if (arguments.positional.size() > 2) step = NextInt(&reader, "step");
  reader.Finish();
  if (step == 0) Fault::Throw("range() arg 3 must not be zero");
  std::vector<Value> items;
  for (int64_t i = start; step > 0 ? i < stop : i > stop;) {
    if (static_cast<int64_t>(items.size()) == kMaxRange) {
      Fault::Throw("Range too big. The sandbox blocks ranges larger than MAX_RANGE ({}).",
                   kMaxRange);
    }
    items.push_back(Value::Int(i));
    if (__builtin_add_overflow(i, step, &i)) break;
  }
  return runtime.NewList(std::move(items));
}

Value MakeNamespace(Runtime& runtime, const Arguments& arguments) {
  auto* const space = runtime.New<Namespace>();
  for (const Value& start : arguments.positional) {
    const Dict* dict = start.AsDict();
    if (!dict) Fault::Throw("'{}' object is not iterable", TypeName(start));
    for (const auto& [key, value] : dict->items) space->Set(runtime.TextOf(key), value);
  }
  for (const auto& [name, value] : arguments.named) space->Set(name, value);
  return Value::Of(space);
}

Value MakeDictionary(Runtime& runtime, const Arguments& arguments) {
  std::vector<std::pair<Value, Value>> items;
  for (const Value& start : arguments.positional) {
    const Dict* dict = start.AsDict();
    if (!dict) Fault::ThrowUnsupported("dict() of anything but a dictionary is not supported");
    items = dict->items;
  }
  for (const auto& [name, value] : arguments.named) items.emplace_back(Value::Text(name), value);
  runtime.Spend(items.size());
  return MakeDict(std::move(items));
}

// The template's own refusal: its message is the user's, word for word.
Value RaiseException(Runtime& runtime, const Arguments& arguments) {
  ArgumentReader reader("raise_exception", arguments);
  const Value message = reader.Next("message");
  reader.Finish();
  throw Error(ErrorCode::kInvalidArgument, runtime.TextOf(message));
}

Value StrftimeNow(Runtime& runtime, const Arguments& arguments) {
  ArgumentReader reader("strftime_now", arguments);
  const std::string format = reader.NextText("format");
  reader.Finish();
  constexpr size_t kMaxFormat = 200;
  if (format.size() > kMaxFormat) Fault::Throw("strftime_now() format is too long");
  // A character more than the format, so that an empty result differs from one that did not fit.
  std::array<char, kMaxFormat * 32> buffer;
  const size_t size =
      std::strftime(buffer.data(), buffer.size(), (format + ' ').c_str(), &runtime.now());
  return runtime.NewText(std::string(buffer.data(), std::max<size_t>(size, 1) - 1));
}

struct FunctionEntry {
  std::string_view name;
  Builtin::Function function;
};

constexpr FunctionEntry kFunctions[] = {
    {"range", Range},
    {"namespace", MakeNamespace},
    {"dict", MakeDictionary},
    {"raise_exception", RaiseException},
    {"strftime_now", StrftimeNow},
};

constexpr std::string_view kUnsupportedNames[] = {"caller", "cycler", "joiner", "kwargs",
                                                  "lipsum", "self",   "super",  "varargs"};

}  // namespace

Builtin::Function FindFunction(std::string_view name) {
  for (const FunctionEntry& entry : kFunctions) {
    if (entry.name == name) return entry.function;
  }
  return nullptr;
}

bool IsUnsupportedName(std::string_view name) {
  return std::find(std::begin(kUnsupportedNames), std::end(kUnsupportedNames), name) !=
         std::end(kUnsupportedNames);
}

}  // namespace retort::jinja
