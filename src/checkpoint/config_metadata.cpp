#include "checkpoint/config_metadata.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/quote.h"
#include "base/strict_json.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;
using Values = std::map<std::string, MetadataValue, std::less<>>;

bool IsInt(const Json& json) {
  // What lies beyond int64 counts as a number: files use such values for "no limit".
  return json.is_number_integer() &&
         (!json.is_number_unsigned() || std::in_range<int64_t>(json.get<uint64_t>()));
}
bool IsNumber(const Json& json) { return json.is_number(); }
bool IsBool(const Json& json) { return json.is_boolean(); }
bool IsString(const Json& json) { return json.is_string(); }

std::optional<MetadataValue> ArrayValue(const Json& array) {
  const auto all = [&](bool (*is)(const Json&)) { return std::ranges::all_of(array, is); };
  if (array.empty()) return std::nullopt;
  if (all(IsInt)) return array.get<std::vector<int64_t>>();
  if (all(IsNumber)) return array.get<std::vector<double>>();
  if (all(IsBool)) return array.get<std::vector<bool>>();
  if (all(IsString)) return array.get<std::vector<std::string>>();
  return std::nullopt;
}

std::optional<MetadataValue> Value(const Json& json) {
  if (IsInt(json)) return json.get<int64_t>();
  if (IsNumber(json)) return json.get<double>();
  if (IsBool(json)) return json.get<bool>();
  if (IsString(json)) return json.get<std::string>();
  return json.is_array() ? ArrayValue(json) : std::nullopt;
}

// As deep as ReadJson allows.
void AddObject(const Json& object, const std::string& prefix, const std::string& source,
               Values& values) {
  for (const auto& [name, json] : object.items()) {
    const std::string key = prefix + name;
    if (json.is_object()) {
      AddObject(json, key + ".", source, values);
    } else if (std::optional<MetadataValue> value = Value(json)) {
      if (values.emplace(key, *std::move(value)).second) continue;
      // {"a.b": 1, "a": {"b": 2}}
      Fail(ErrorCode::kCorrupt, "{}: the key {} comes twice; get the file anew", source,
           Quoted(key));
    }
  }
}

}  // namespace

Metadata MetadataFromJson(std::string_view text, const std::string& source) {
  const Json json = ReadJson(text, source);
  if (!json.is_object()) {
    Fail(ErrorCode::kCorrupt, "{}: holds {}, not an object of settings; download it again", source,
         json.type_name());
  }
  Values values;
  AddObject(json, "", source, values);
  return Metadata(source, std::move(values));
}

}  // namespace retort
