#include "api/field_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "api/json_text.h"
#include "base/quote.h"
#include "base/utf8.h"

namespace retort::api {
namespace {

constexpr size_t kShownBytes = 60;

std::string Described(const NumberRange& range) {
  if (std::isinf(range.least)) return "a number";
  if (std::isinf(range.most)) {
    return range.above_least ? fmt::format("a number above {}", range.least)
                             : fmt::format("a number of {} or more", range.least);
  }
  if (range.below_most)
    return fmt::format("a number of {} or more and below {}", range.least, range.most);
  return range.above_least ? fmt::format("a number above {} up to {}", range.least, range.most)
                           : fmt::format("a number from {} to {}", range.least, range.most);
}

std::string Described(int64_t least, int64_t most) {
  return fmt::format("a whole number from {} to {}", least, most);
}

// nullopt: no whole number, or beyond 64 bits.
std::optional<int64_t> WholeNumber(const Json& value) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<uint64_t>();
    if (!std::in_range<int64_t>(number)) return std::nullopt;
    return static_cast<int64_t>(number);
  }
  if (value.is_number_integer()) return value.get<int64_t>();
  if (!value.is_number_float()) return std::nullopt;
  const auto number = value.get<double>();  // some writers give 5.0
  if (number != std::floor(number) || std::abs(number) >= 0x1p53) return std::nullopt;
  return static_cast<int64_t>(number);
}

bool IsEmpty(const Json& value) {
  return value.is_null() || (value.is_structured() && value.empty());
}

}  // namespace

std::string ShownValue(const Json& value) {
  if (value.is_string()) return Quoted(value.get_ref<const std::string&>(), kShownBytes);
  if (value.is_array()) return fmt::format("an array of {}", value.size());
  if (value.is_object()) return "an object";
  return JsonText(value);
}

void RefuseValue(const std::string& path, const Json& value, std::string_view wanted) {
  throw RequestError(ErrorCode::kInvalidArgument, path,
                     fmt::format("{} is {}; give {}", path.empty() ? "the body" : path,
                                 ShownValue(value), wanted));
}

void RefuseUnsupported(const std::string& path, std::string_view reason) {
  throw RequestError(ErrorCode::kUnsupported, path, fmt::format("{} {}", path, reason));
}

bool BoolAt(const Json& value, const std::string& path) {
  if (!value.is_boolean()) RefuseValue(path, value, "true or false");
  return value.get<bool>();
}

double NumberAt(const Json& value, const std::string& path, NumberRange range) {
  if (!value.is_number()) RefuseValue(path, value, Described(range));
  const auto number = value.get<double>();
  const bool low = range.above_least ? number <= range.least : number < range.least;
  const bool high = range.below_most ? number >= range.most : number > range.most;
  if (low || high || !std::isfinite(number)) RefuseValue(path, value, Described(range));
  return number;
}

int64_t IntegerAt(const Json& value, const std::string& path, int64_t least, int64_t most) {
  const std::optional<int64_t> number = WholeNumber(value);
  if (!number || *number < least || *number > most)
    RefuseValue(path, value, Described(least, most));
  return *number;
}

std::string TextAt(const Json& value, const std::string& path) {
  if (!value.is_string()) RefuseValue(path, value, "a text");
  const auto& text = value.get_ref<const std::string&>();
  if (ValidUtf8Prefix(text) != text.size()) RefuseValue(path, value, "a text in UTF-8");
  return text;
}

const Json& ArrayAt(const Json& value, const std::string& path, size_t most) {
  if (!value.is_array()) RefuseValue(path, value, "an array");
  if (value.size() > most) RefuseValue(path, value, fmt::format("an array of at most {}", most));
  return value;
}

const Json& ObjectAt(const Json& value, const std::string& path) {
  if (!value.is_object()) RefuseValue(path, value, "an object");
  return value;
}

std::vector<std::string> TextsAt(const Json& value, const std::string& path, size_t most) {
  const Json& array = ArrayAt(value, path, most);
  std::vector<std::string> texts;
  for (size_t i = 0; i < array.size(); ++i) texts.push_back(TextAt(array[i], ElementPath(path, i)));
  return texts;
}

std::string ElementPath(const std::string& path, size_t index) {
  return fmt::format("{}[{}]", path, index);
}

FieldReader::FieldReader(const Json& object, std::string path)
    : object_(ObjectAt(object, path)), path_(std::move(path)) {}

std::string FieldReader::PathOf(std::string_view name) const {
  return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
}

const Json* FieldReader::Find(std::string_view name) {
  const std::string key(name);
  asked_.insert(key);
  const auto found = object_.find(key);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

const Json& FieldReader::Need(std::string_view name, std::string_view wanted) {
  const Json* value = Find(name);
  if (value == nullptr) {
    throw RequestError(ErrorCode::kInvalidArgument, PathOf(name),
                       fmt::format("{} is missing; give {}", PathOf(name), wanted));
  }
  return *value;
}

std::optional<bool> FieldReader::Bool(std::string_view name) {
  const Json* value = Find(name);
  return value ? std::optional(BoolAt(*value, PathOf(name))) : std::nullopt;
}

std::optional<double> FieldReader::Number(std::string_view name, NumberRange range) {
  const Json* value = Find(name);
  return value ? std::optional(NumberAt(*value, PathOf(name), range)) : std::nullopt;
}

std::optional<int64_t> FieldReader::Integer(std::string_view name, int64_t least, int64_t most) {
  const Json* value = Find(name);
  return value ? std::optional(IntegerAt(*value, PathOf(name), least, most)) : std::nullopt;
}

std::optional<int32_t> FieldReader::Int32(std::string_view name, int32_t least, int32_t most) {
  const std::optional<int64_t> value = Integer(name, least, most);
  return value ? std::optional(static_cast<int32_t>(*value)) : std::nullopt;
}

std::optional<std::string> FieldReader::Text(std::string_view name) {
  const Json* value = Find(name);
  return value ? std::optional(TextAt(*value, PathOf(name))) : std::nullopt;
}

std::string FieldReader::NeedText(std::string_view name) {
  return TextAt(Need(name, "a text"), PathOf(name));
}

std::optional<std::string> FieldReader::OneOf(std::string_view name,
                                              std::initializer_list<std::string_view> allowed) {
  const Json* value = Find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) {
    const auto& text = value->get_ref<const std::string&>();
    if (std::find(allowed.begin(), allowed.end(), text) != allowed.end()) return text;
  }
  RefuseValue(PathOf(name), *value, fmt::format("one of {}", fmt::join(allowed, ", ")));
}

const Json* FieldReader::Array(std::string_view name, size_t most) {
  const Json* value = Find(name);
  return value ? &ArrayAt(*value, PathOf(name), most) : nullptr;
}

const Json* FieldReader::Object(std::string_view name) {
  const Json* value = Find(name);
  return value ? &ObjectAt(*value, PathOf(name)) : nullptr;
}

void FieldReader::Ignore(std::initializer_list<std::string_view> names) {
  for (std::string_view name : names) asked_.emplace(name);
}

void FieldReader::Only(std::string_view name, const Json& value, std::string_view reason) {
  const Json* given = Find(name);
  if (given != nullptr && !IsEmpty(*given) && *given != value)
    RefuseUnsupported(PathOf(name), fmt::format("is {}; {}", ShownValue(*given), reason));
}

void FieldReader::ReportUnknown(std::vector<std::string>* paths) const {
  for (const auto& [name, value] : object_.items()) {
    if (paths->size() >= kMaxUnknown) return;
    if (!asked_.contains(name)) paths->push_back(PathOf(Printable(name.substr(0, kShownBytes))));
  }
}

}  // namespace retort::api
