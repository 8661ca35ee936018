// For tests: whether a value is an instance of a JSON schema, and schemas by chance. It knows the
// keywords that json_schema.h knows, and looks at values alone, never at text.
//
//   EXPECT_EQ(WhyNot(schema, value), "");     // else the first thing that is wrong
//   const SchemaJson schema = RandomSchema(seed);
#pragma once

#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <vector>

#include "base/rng.h"
#include "grammar/code_points.h"
#include "grammar/schema_keywords.h"

namespace retort {

class SchemaValidator {
 public:
  explicit SchemaValidator(const SchemaJson& root) : root_(root) {}

  // Empty if the value is an instance.
  std::string WhyNot(const SchemaJson& schema, const SchemaJson& value) const {
    if (schema.is_boolean()) return schema == true ? "" : "false allows nothing";
    if (const auto ref = schema.find("$ref"); ref != schema.end()) {
      const SchemaJson::json_pointer pointer(ref->get<std::string>().substr(1));
      if (auto why = WhyNot(root_.at(pointer), value); !why.empty()) return why;
    }
    if (value.is_null() && schema.value("nullable", false)) return "";
    for (const auto& [keyword, wanted] : schema.items()) {
      if (!Holds(keyword, wanted, schema, value)) {
        return keyword + " " + wanted.dump() + " does not hold of " + value.dump();
      }
    }
    return "";
  }

 private:
  bool Fine(const SchemaJson& schema, const SchemaJson& value) const {
    return WhyNot(schema, value).empty();
  }

  bool Holds(const std::string& keyword, const SchemaJson& wanted, const SchemaJson& schema,
             const SchemaJson& value) const {
    const auto any = [&](const auto& fits) {
      return std::any_of(wanted.begin(), wanted.end(), fits);
    };
    const auto fine = [&](const SchemaJson& part) { return Fine(part, value); };
    if (keyword == "type") {
      if (wanted.is_string()) return HasType(value, wanted.get<std::string>());
      return any([&](const SchemaJson& type) { return HasType(value, type.get<std::string>()); });
    }
    if (keyword == "enum") return any([&](const SchemaJson& one) { return one == value; });
    if (keyword == "const") return wanted == value;
    if (keyword == "anyOf" || keyword == "oneOf") return any(fine);
    if (keyword == "allOf") return std::all_of(wanted.begin(), wanted.end(), fine);
    if (value.is_object()) return HoldsOfObject(keyword, wanted, schema, value);
    if (value.is_array()) return HoldsOfArray(keyword, wanted, schema, value);
    if (value.is_string()) return HoldsOfString(keyword, wanted, value.get<std::string>());
    if (value.is_number()) return HoldsOfNumber(keyword, wanted, value.get<double>());
    return true;
  }

  bool HoldsOfObject(const std::string& keyword, const SchemaJson& wanted, const SchemaJson& schema,
                     const SchemaJson& value) const {
    const SchemaJson named = schema.value("properties", SchemaJson::object());
    for (const auto& [name, member] : value.items()) {
      const auto property = named.find(name);
      if (keyword == "properties" && property != named.end() && !Fine(*property, member)) {
        return false;
      }
      if (keyword == "additionalProperties" && property == named.end() && !Fine(wanted, member)) {
        return false;
      }
    }
    if (keyword != "required") return true;
    return std::all_of(wanted.begin(), wanted.end(), [&](const SchemaJson& name) {
      return value.contains(name.get<std::string>());
    });
  }

  bool HoldsOfArray(const std::string& keyword, const SchemaJson& wanted, const SchemaJson& schema,
                    const SchemaJson& value) const {
    if (keyword == "minItems") return value.size() >= wanted.get<size_t>();
    if (keyword == "maxItems") return value.size() <= wanted.get<size_t>();
    const size_t first = schema.value("prefixItems", SchemaJson::array()).size();
    for (size_t i = 0; i < value.size(); ++i) {
      if (keyword == "prefixItems" && i < first && !Fine(wanted[i], value[i])) return false;
      if (keyword == "items" && i >= first && !Fine(wanted, value[i])) return false;
    }
    return true;
  }

  static std::wstring Wide(const std::string& text) {
    std::wstring wide;
    for (const uint32_t c : ToCodePoints(text)) wide += static_cast<wchar_t>(c);
    return wide;
  }

  static bool HoldsOfString(const std::string& keyword, const SchemaJson& wanted,
                            const std::string& value) {
    const size_t length = ToCodePoints(value).size();
    if (keyword == "minLength") return length >= wanted.get<size_t>();
    if (keyword == "maxLength") return length <= wanted.get<size_t>();
    if (keyword == "pattern")
      return std::regex_search(Wide(value), std::wregex(Wide(wanted.get<std::string>())));
    if (keyword == "format" && wanted == "date") {
      return std::regex_match(value, std::regex("\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])"));
    }
    if (keyword == "format" && wanted == "uuid") {
      return value.size() == 36 && value[8] == '-' && value[23] == '-';
    }
    return true;
  }

  static bool HoldsOfNumber(const std::string& keyword, const SchemaJson& wanted, double value) {
    if (keyword == "minimum") return value >= wanted.get<double>();
    if (keyword == "maximum") return value <= wanted.get<double>();
    if (keyword == "exclusiveMinimum") return value > wanted.get<double>();
    if (keyword == "exclusiveMaximum") return value < wanted.get<double>();
    return true;
  }

  const SchemaJson& root_;
};

inline std::string WhyNot(const SchemaJson& schema, const SchemaJson& value) {
  return SchemaValidator(schema).WhyNot(schema, value);
}

// Schemas of the keywords that are known, nested a few levels; all have instances.
class SchemaMaker {
 public:
  explicit SchemaMaker(uint64_t seed) : rng_(seed) {}

  SchemaJson Make() {
    SchemaJson schema = Any(3);
    schema["$defs"] = {{"leaf", Scalar()}, {"tree", Tree()}};
    return schema;
  }

 private:
  bool Chance(int percent) { return rng_.Int(1, 100) <= percent; }

  SchemaJson Tree() {
    return {
        {"type", "object"},
        {"properties",
         {{"v", Scalar()},
          {"kids", {{"type", "array"}, {"items", {{"$ref", "#/$defs/tree"}}}, {"maxItems", 2}}}}},
        {"required", {"v"}},
        {"additionalProperties", false}};
  }

  SchemaJson Any(int depth) {
    const int64_t kind = depth == 0 ? 9 : rng_.Int(0, 9);
    if (kind <= 3) return Object(depth - 1);
    if (kind == 4) return Array(depth - 1);
    if (kind == 5) return {{"anyOf", SchemaJson::array({Any(depth - 1), Any(depth - 1)})}};
    if (kind == 6) return {{"$ref", Chance(50) ? "#/$defs/leaf" : "#/$defs/tree"}};
    if (kind == 7) {
      return {{"allOf", SchemaJson::array({SchemaJson{{"properties", {{"one", Any(depth - 1)}}}},
                                           SchemaJson{{"properties", {{"two", Scalar()}}},
                                                      {"required", {"two"}}}})},
              {"type", "object"}};
    }
    return Scalar();
  }

  SchemaJson Object(int depth) {
    SchemaJson properties = SchemaJson::object(), required = SchemaJson::array();
    const std::vector<std::string> names = {"a",       "ab",           "name", "\u00fcber",
                                            "quo\"te", "\u601d\u8003", ""};
    for (const std::string& name : names) {
      if (!Chance(45)) continue;
      properties[name] = Any(depth);
      if (Chance(60)) required.push_back(name);
    }
    SchemaJson schema = {{"type", "object"}, {"properties", properties}, {"required", required}};
    if (Chance(25)) schema["additionalProperties"] = Chance(50) ? Scalar() : SchemaJson(false);
    return schema;
  }

  SchemaJson Array(int depth) {
    SchemaJson schema = {{"type", "array"}, {"items", Any(depth)}};
    const int64_t min = rng_.Int(0, 2);
    if (Chance(50)) schema["minItems"] = min;
    schema["maxItems"] = min + rng_.Int(0, 2);
    if (Chance(30)) schema["prefixItems"] = SchemaJson::array({Scalar(), Scalar()});
    if (Chance(10)) schema["items"] = Scalar();
    return schema;
  }

  SchemaJson Scalar() {
    switch (rng_.Int(0, 8)) {
      case 0:
        return {{"type", "string"}, {"minLength", rng_.Int(0, 2)}, {"maxLength", rng_.Int(2, 6)}};
      case 1:
        return {{"type", "string"}, {"pattern", Pattern()}};
      case 2:
        return {{"type", "string"}, {"format", Chance(50) ? "date" : "uuid"}};
      case 3: {
        const int64_t low = rng_.Int(-300, 300);
        return {{"type", "integer"}, {"minimum", low}, {"maximum", low + rng_.Int(0, 2000)}};
      }
      case 4: {
        const int64_t low = rng_.Int(-20, 20);
        return {{"type", "number"},
                {Chance(50) ? "minimum" : "exclusiveMinimum", low},
                {Chance(50) ? "maximum" : "exclusiveMaximum", low + rng_.Int(1, 30)}};
      }
      case 5:
        return {{"enum", {"x", "y\nz", 3, nullptr, {{"k", {1, 2}}}}}};
      case 6:
        return {{"type", {"boolean", "null"}}};
      case 7:
        return {{"const", Chance(50) ? SchemaJson("fixed") : SchemaJson(1.5)}};
      default:
        return {{"type", Chance(50) ? "integer" : "number"}};
    }
  }

  std::string Pattern() {
    const std::vector<std::string> patterns = {"^[a-z]{2,4}$",  "^(ab|c)+\\d?$", "^\\w+[ \"\\\\]x$",
                                               "^[^a-y]{1,3}$", "^a.?b$",        "z{2}"};
    return patterns[static_cast<size_t>(rng_.Int(0, std::ssize(patterns) - 1))];
  }

  Rng rng_;
};

inline SchemaJson RandomSchema(uint64_t seed) { return SchemaMaker(seed).Make(); }

}  // namespace retort
