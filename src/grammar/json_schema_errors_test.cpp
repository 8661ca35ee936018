// What JSON schemas are refused for, and that the message names the place.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "grammar/json_schema.h"
#include "grammar/schema_keywords.h"
#include "grammar/test_texts.h"
#include "tests/support/expect_error.h"

namespace retort {
namespace {

TEST(JsonSchema, WhatIsNotSupportedIsNamedWithItsPlace) {
  const auto refuses = [](std::string_view schema, const std::vector<std::string>& parts,
                          ErrorCode code = ErrorCode::kUnsupported) {
    ExpectError(code, parts, [&] { CompileSchema(schema); });
  };
  refuses(R"({"properties": {"a/b": {"not": {}}}})",
          {"test.json", "#/properties/a~1b/not", "'not'"});
  refuses(R"({"items": {"multipleOf": 2}})", {"#/items/multipleOf"});
  refuses(R"({"anyOf": [{"type": "null"}, {"patternProperties": {}}]})",
          {"#/anyOf/1/patternProperties"});
  refuses(R"({"$defs": {"x": {"if": {}}}, "$ref": "#/$defs/x"})", {"#/$defs/x/if"});
  refuses(R"({"uniqueItems": true})", {"#/uniqueItems"});
  refuses(R"({"maxlength": 3})", {"'maxlength'"});
  refuses(R"({"$ref": "other.json#/x"})", {"#/$ref", "other.json"});
  refuses(R"({"$ref": "#anchor"})", {"#anchor"});
  refuses(R"({"type": "string", "format": "hostname"})", {"#/format", "'hostname'", "uuid"});
  refuses(R"({"type": "string", "pattern": "a", "maxLength": 3})", {"#", "one"});
  refuses(R"({"type": "number", "minimum": 0.5})", {"#/minimum", "0.5"});
  refuses(R"({"type": "integer", "minimum": 1e19})", {"#/minimum"});
  refuses(R"({"allOf": [{"minLength": 1}, {"minLength": 2}]})", {"'minLength'"});
  refuses(R"({"allOf": [{"properties": {"a": {}}, "additionalProperties": false},
                        {"properties": {"b": {}}}]})",
          {"additionalProperties"});
  refuses(R"({"enum": [1], "minimum": 0})", {"#/minimum"});
  for (const char* pattern :
       {"(?=a)", "(?<n>a)", "\\b", "\\p{L}", "\\1", "a^", "(^a)", "a$b", "^a|b$"}) {
    refuses(SchemaJson{{"pattern", pattern}}.dump(), {"#/pattern", "at character"});
  }
}

TEST(JsonSchema, WhatIsWrongIsNamedWithItsPlace) {
  const auto refuses = [](std::string_view schema, const std::vector<std::string>& parts,
                          ErrorCode code = ErrorCode::kInvalidArgument) {
    ExpectError(code, parts, [&] { CompileSchema(schema); });
  };
  refuses("{", {"test.json", "give a JSON schema"}, ErrorCode::kCorrupt);
  refuses(R"({"type": "text"})", {"#/type", "text"});
  refuses(R"({"type": []})", {"#/type"});
  refuses("[]", {"#", "[]"});
  refuses("false", {"#", "no value"});
  refuses(R"({"properties": {"a": 3}})", {"#/properties/a", "'3'"});
  refuses(R"({"properties": []})", {"#/properties"});
  refuses(R"({"required": "a"})", {"#/required"});
  refuses(R"({"properties": {}, "required": ["a"], "additionalProperties": false})", {"'a'"});
  refuses(R"({"enum": []})", {"#"});
  refuses(R"({"type": "string", "enum": [1]})", {"none of the values"});
  refuses(R"({"type": "array", "minItems": -1})", {"#/minItems", "-1"});
  refuses(R"({"type": "array", "minItems": 3, "maxItems": 2})", {"at least 3"});
  refuses(R"({"maxLength": 20000})", {"#/maxLength", "20000"}, ErrorCode::kResourceExhausted);
  refuses(R"({"type": "integer", "minimum": 3, "maximum": 2})", {"no integer"});
  refuses(R"({"type": "number", "minimum": 3, "exclusiveMaximum": 3})", {"no number"});
  refuses(R"({"minimum": "a"})", {"#/minimum"});
  refuses(R"({"anyOf": []})", {"#/anyOf"});
  refuses(R"({"$ref": "#/$defs/no"})", {"#/$ref", "leads nowhere"}, ErrorCode::kNotFound);
  refuses(R"({"$ref": "#"})", {"'#'", "left-recursive"});
  refuses(R"({"allOf": [{"$ref": "#"}]})", {"circle"});
  refuses(R"({"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]})",
          {"never ends"});
  for (const char* pattern :
       {"(a", "a)", "[a", "a**", "*", "a{2,1}", "a{", "\\", "[b-a]", "\\x1"}) {
    refuses(SchemaJson{{"pattern", pattern}}.dump(), {"#/pattern", "at character"});
  }
}

}  // namespace
}  // namespace retort
