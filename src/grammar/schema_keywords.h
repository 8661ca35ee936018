// What JSON schemas are made of: which keywords are known, what stands under them, and two schemas
// joined to one that means both.
//
//   const SchemaAt at = {schema, "#/properties/a", "a.json"};
//   CheckKeywords(at);
//   std::optional<int64_t> n = CountAt(at, "maxItems");
//
// Errors: as json_schema.h. Stateless.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace retort {

using SchemaJson = nlohmann::ordered_json;

// A schema and where it stands.
struct SchemaAt {
  const SchemaJson& schema;
  std::string pointer;  // "#/properties/a"
  const std::string& source;

  // The place of a keyword in it, for messages: "a.json: #/properties/a/type".
  std::string Place(std::string_view keyword = {}) const;
  // What stands under a keyword, nullptr if nothing does.
  const SchemaJson* Find(const char* keyword) const;
};

// `token` as a step of a JSON pointer.
std::string PointerStep(std::string_view token);

// Whether a keyword says nothing about instances.
bool IsAnnotation(std::string_view keyword);
// Refuses keywords that are not known.
void CheckKeywords(const SchemaAt& at);

// The types that instances may have: those that are listed, or the one that the other keywords are
// about; empty for any.
std::vector<std::string> TypesOf(const SchemaAt& at);
bool HasType(const SchemaJson& value, std::string_view type);

// A whole number from 0 to kMaxRepeat.
std::optional<int32_t> CountAt(const SchemaAt& at, const char* keyword);
std::string TextAt(const SchemaAt& at, const char* keyword);  // a string that must be there

// A schema for what both allow. Refuses what would take more than putting their keywords together.
SchemaJson MergeSchemas(const SchemaAt& at, const SchemaJson& a, const SchemaJson& b);

}  // namespace retort
