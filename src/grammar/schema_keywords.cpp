#include "grammar/schema_keywords.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/quote.h"
#include "grammar/grammar_tree.h"

namespace retort {
namespace {

constexpr std::array<std::string_view, 20> kAnnotations = {"title",
                                                           "description",
                                                           "default",
                                                           "example",
                                                           "examples",
                                                           "deprecated",
                                                           "readOnly",
                                                           "writeOnly",
                                                           "$schema",
                                                           "$id",
                                                           "$comment",
                                                           "$defs",
                                                           "definitions",
                                                           "$vocabulary",
                                                           "contentEncoding",
                                                           "contentSchema",
                                                           "contentMediaType",
                                                           "discriminator",
                                                           "externalDocs",
                                                           "xml"};

constexpr std::array<std::string_view, 24> kKnown = {"type",
                                                     "enum",
                                                     "const",
                                                     "properties",
                                                     "required",
                                                     "additionalProperties",
                                                     "items",
                                                     "minItems",
                                                     "maxItems",
                                                     "prefixItems",
                                                     "anyOf",
                                                     "oneOf",
                                                     "allOf",
                                                     "$ref",
                                                     "minLength",
                                                     "maxLength",
                                                     "pattern",
                                                     "format",
                                                     "minimum",
                                                     "maximum",
                                                     "nullable",
                                                     "uniqueItems",
                                                     "exclusiveMinimum",
                                                     "exclusiveMaximum"};

constexpr std::array<std::string_view, 7> kTypes = {"object",  "array",   "string", "number",
                                                    "integer", "boolean", "null"};

// Keywords that tell a type where none is named.
struct Hint {
  std::string_view keyword, type;
};
constexpr std::array<Hint, 15> kHints = {{{"properties", "object"},
                                          {"required", "object"},
                                          {"additionalProperties", "object"},
                                          {"items", "array"},
                                          {"prefixItems", "array"},
                                          {"minItems", "array"},
                                          {"maxItems", "array"},
                                          {"minLength", "string"},
                                          {"maxLength", "string"},
                                          {"pattern", "string"},
                                          {"format", "string"},
                                          {"minimum", "number"},
                                          {"maximum", "number"},
                                          {"exclusiveMinimum", "number"},
                                          {"exclusiveMaximum", "number"}}};

template <size_t N>
bool IsIn(const std::array<std::string_view, N>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

void CheckType(const SchemaAt& at, const SchemaJson& type) {
  if (type.is_string() && IsIn(kTypes, type.get_ref<const std::string&>())) return;
  Fail(ErrorCode::kInvalidArgument,
       "{}: {} is no type; there are object, array, string, number, integer, boolean and null",
       at.Place("type"), Quoted(type.dump()));
}

[[noreturn]] void RefuseMerge(const SchemaAt& at, std::string_view keyword) {
  Fail(ErrorCode::kUnsupported,
       "{}: parts that must hold together both have {}, which cannot be joined; write one schema "
       "that says it",
       at.Place(), Quoted(keyword));
}

SchemaJson AsList(const SchemaJson& value) {
  return value.is_array() ? value : SchemaJson::array({value});
}

// What both allow of one keyword.
SchemaJson MergeKeyword(const SchemaAt& at, const std::string& keyword, const SchemaJson& a,
                        const SchemaJson& b) {
  if (a == b) return a;
  if (keyword == "required" && a.is_array() && b.is_array()) {
    SchemaJson both = a;
    for (const SchemaJson& name : b) {
      if (std::find(both.begin(), both.end(), name) == both.end()) both.push_back(name);
    }
    return both;
  }
  if (keyword == "properties" && a.is_object() && b.is_object()) {
    SchemaJson both = a;
    for (const auto& [name, schema] : b.items()) {
      const auto known = both.find(name);
      if (known != both.end() && *known != schema) RefuseMerge(at, "the property " + name);
      both[name] = schema;
    }
    return both;
  }
  if (keyword == "type") {
    SchemaJson both = SchemaJson::array();
    const SchemaJson others = AsList(b);
    for (const SchemaJson& type : AsList(a)) {
      if (std::find(others.begin(), others.end(), type) != others.end()) both.push_back(type);
    }
    if (!both.empty()) return both;
  }
  RefuseMerge(at, keyword);
}

// Keywords whose meaning depends on what stands beside them must not get new neighbours.
void CheckNeighbours(const SchemaAt& at, const SchemaJson& a, const SchemaJson& b,
                     const char* keyword, const char* neighbour) {
  const auto open = [&](const SchemaJson& schema) {
    const auto found = schema.find(keyword);
    return found == schema.end() || *found == true;
  };
  if (open(a) && open(b)) return;
  const auto there = [&](const SchemaJson& schema) {
    const auto found = schema.find(neighbour);
    return found == schema.end() ? SchemaJson() : *found;
  };
  const bool same_neighbours = there(a) == there(b);
  const bool one_is_empty = (open(a) && there(a).is_null()) || (open(b) && there(b).is_null());
  if (!same_neighbours && !one_is_empty) RefuseMerge(at, keyword);
}

}  // namespace

std::string PointerStep(std::string_view token) {
  std::string step = "/";
  for (const char c : token) {
    if (c == '~') {
      step += "~0";
    } else if (c == '/') {
      step += "~1";
    } else {
      step += c;
    }
  }
  return step;
}

std::string SchemaAt::Place(std::string_view keyword) const {
  const std::string step = keyword.empty() ? "" : PointerStep(keyword);
  return source + ": " + Printable(pointer + step);
}

const SchemaJson* SchemaAt::Find(const char* keyword) const {
  const auto found = schema.find(keyword);
  return found == schema.end() ? nullptr : &*found;
}

bool IsAnnotation(std::string_view keyword) {
  return IsIn(kAnnotations, keyword) || keyword.starts_with("x-");
}

void CheckKeywords(const SchemaAt& at) {
  for (const auto& [keyword, value] : at.schema.items()) {
    if (IsAnnotation(keyword)) continue;
    if (!IsIn(kKnown, keyword)) {
      Fail(ErrorCode::kUnsupported,
           "{}: the keyword {} is not supported; leave it out, or say it with others "
           "(docs/constrained-output.md lists them)",
           at.Place(keyword), Quoted(keyword));
    }
    if (keyword == "uniqueItems" && value != false) {
      Fail(ErrorCode::kUnsupported, "{}: items cannot be kept unique; leave it out",
           at.Place(keyword));
    }
  }
}

std::vector<std::string> TypesOf(const SchemaAt& at) {
  if (const SchemaJson* type = at.Find("type")) {
    std::vector<std::string> types;
    for (const SchemaJson& each : AsList(*type)) {
      CheckType(at, each);
      types.push_back(each.get<std::string>());
    }
    if (types.empty()) Fail(ErrorCode::kInvalidArgument, "{}: no type is listed", at.Place("type"));
    return types;
  }
  for (const auto& [keyword, type] : kHints) {
    if (at.schema.contains(keyword)) return {std::string(type)};
  }
  return {};
}

bool HasType(const SchemaJson& value, std::string_view type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "null") return value.is_null();
  if (type == "number") return value.is_number();
  if (value.is_number_float()) {
    return value.get<double>() == std::floor(value.get<double>());
  }
  return value.is_number_integer();
}

std::optional<int32_t> CountAt(const SchemaAt& at, const char* keyword) {
  const SchemaJson* value = at.Find(keyword);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number() || !HasType(*value, "integer") || value->get<double>() < 0) {
    Fail(ErrorCode::kInvalidArgument, "{}: {} stands where a whole number of at least 0 is wanted",
         at.Place(keyword), Quoted(value->dump()));
  }
  if (value->get<double>() > kMaxRepeat) {
    Fail(ErrorCode::kResourceExhausted,
         "{}: {} is more than the {} that are possible; lower it, or "
         "leave it out",
         at.Place(keyword), value->dump(), kMaxRepeat);
  }
  return static_cast<int32_t>(value->get<double>());
}

std::string TextAt(const SchemaAt& at, const char* keyword) {
  const SchemaJson* value = at.Find(keyword);
  if (value == nullptr || !value->is_string()) {
    Fail(ErrorCode::kInvalidArgument, "{}: a string is wanted here", at.Place(keyword));
  }
  return value->get<std::string>();
}

SchemaJson MergeSchemas(const SchemaAt& at, const SchemaJson& a, const SchemaJson& b) {
  if (a == true) return b;
  if (b == true) return a;
  if (!a.is_object() || !b.is_object()) {
    Fail(ErrorCode::kInvalidArgument,
         "{}: nothing can be generated where one part is no schema or "
         "allows nothing",
         at.Place());
  }
  CheckNeighbours(at, a, b, "additionalProperties", "properties");
  CheckNeighbours(at, a, b, "items", "prefixItems");
  SchemaJson both = a;
  for (const auto& [keyword, value] : b.items()) {
    if (IsAnnotation(keyword)) continue;
    const auto known = both.find(keyword);
    both[keyword] = known == both.end() ? value : MergeKeyword(at, keyword, *known, value);
  }
  return both;
}

}  // namespace retort
