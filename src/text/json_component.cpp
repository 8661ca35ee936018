#include "text/json_component.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/quote.h"

namespace retort {

using Json = JsonComponent::Json;

std::optional<JsonComponent> JsonComponent::Find(const char* name) const {
  if (!json_->is_object()) Corrupt(fmt::format("is {}, must be object", json_->type_name()));
  const auto found = json_->find(name);
  if (found == json_->end() || found->is_null()) return std::nullopt;
  return JsonComponent(source_, place_.empty() ? name : place_ + "." + name, *found);
}

JsonComponent JsonComponent::Get(const char* name, Type type) const {
  std::optional<JsonComponent> found = Find(name);
  if (!found) Corrupt(fmt::format("has no {}", Quoted(name)));
  const Json& json = *found->json_;
  const auto expect = [&](bool is_right, const char* wanted) {
    if (!is_right) found->Corrupt(fmt::format("is {}, must be {}", json.type_name(), wanted));
  };
  switch (type) {
    case Type::kObject:
      expect(json.is_object(), "object");
      break;
    case Type::kArray:
      expect(json.is_array(), "array");
      break;
    case Type::kString:
      expect(json.is_string(), "string");
      break;
    case Type::kBool:
      expect(json.is_boolean(), "boolean");
      break;
  }
  return *std::move(found);
}

JsonComponent JsonComponent::GetObject(const char* name) const { return Get(name, Type::kObject); }
JsonComponent JsonComponent::GetArray(const char* name) const { return Get(name, Type::kArray); }

JsonComponent JsonComponent::At(size_t index) const {
  return {source_, fmt::format("{}[{}]", place_, index), json_->at(index)};
}

std::string JsonComponent::GetString(const char* name) const {
  return Get(name, Type::kString).json_->get<std::string>();
}

bool JsonComponent::GetBool(const char* name, bool otherwise) const {
  return Find(name) ? Get(name, Type::kBool).json_->get<bool>() : otherwise;
}

void JsonComponent::Only(const char* name, const Json& only) const {
  const std::optional<JsonComponent> found = Find(name);
  if (found && *found->json_ != only) found->Unsupported(only.dump());
}

std::vector<JsonComponent> JsonComponent::Parts(const char* name) const {
  if (GetString("type") != "Sequence") return {*this};
  const JsonComponent list = GetArray(name);
  std::vector<JsonComponent> parts;
  for (size_t i = 0; i < list.json_->size(); ++i) parts.push_back(list.At(i));
  return parts;
}

void JsonComponent::Corrupt(std::string_view problem) const {
  Fail(ErrorCode::kCorrupt, "{}: {} {}; get the file anew", source_,
       place_.empty() ? "the file" : place_, problem);
}

void JsonComponent::Unsupported(std::string_view supported) const {
  Fail(ErrorCode::kUnsupported, "{}: {} is {}; Retort supports {}", source_, place_,
       Quoted(json_->dump(-1, ' ', false, Json::error_handler_t::replace)), supported);
}

}  // namespace retort
