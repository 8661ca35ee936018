#include "grammar/json_schema.h"

#include <gtest/gtest.h>

#include "base/rng.h"
#include "grammar/matcher.h"
#include "grammar/test_schema.h"
#include "grammar/test_texts.h"

namespace retort {
namespace {

void ExpectSchemaTexts(std::string_view schema, const std::vector<std::string>& good,
                       const std::vector<std::string>& bad) {
  ExpectTexts(CompileSchema(schema), schema, good, bad);
}

TEST(JsonSchema, Scalars) {
  ExpectSchemaTexts(R"({"type": "null"})", {"null"}, {"", "nul", "Null"});
  ExpectSchemaTexts(R"({"type": "boolean"})", {"true", "false"}, {"True", "1"});
  ExpectSchemaTexts(R"({"type": "integer"})", {"0", "-1", "123456789012345678"},
                    {"-0", "01", "1.0", "1e2", "1234567890123456789", "+1"});
  ExpectSchemaTexts(R"({"type": "number"})", {"0", "-0.5", "1e9", "12.25E-10"},
                    {".5", "1.", "01", "1e999", "NaN", "- 1"});
  ExpectSchemaTexts(R"({"type": ["string", "null"]})", {"null", "\"a\""}, {"1"});
  ExpectSchemaTexts(R"({"type": "string", "nullable": true})", {"null", "\"a\""}, {"1"});
}

TEST(JsonSchema, StringsAreWhatEveryParserReads) {
  ExpectSchemaTexts(
      R"({"type": "string"})",
      {R"("")", R"("a\"b\\\/\n")", R"("\u00e9\uD83D\ude00\ud7ff")", "\"思考 \U0001F600\""},
      {"\"", "\"a", "\"\n\"", "\"\x01\"", R"("\x")", R"("\u12")", R"("\ud83d")", R"("\ude00")",
       R"("\ud83d\u0041")", "\"\xff\"", "\"\xc3\"", "\"\xed\xa0\x80\"", "'a'"});
  ExpectSchemaTexts(R"({"type": "string", "minLength": 2, "maxLength": 3})",
                    {"\"ab\"", "\"思考é\"", R"("\n\"x")"}, {"\"a\"", "\"abcd\"", "\"\""});
  ExpectSchemaTexts(R"({"minLength": 1})", {"\"a\"", "\"abc\""}, {"\"\"", "1"});
}

TEST(JsonSchema, EnumAndConst) {
  ExpectSchemaTexts(R"({"enum": ["a", 1, null, {"k": [1, "é"]}]})",
                    {"\"a\"", "1", "null", R"({"k":[1,"é"]})", R"({"k": [1, "é"]})",
                     "{\n  \"k\": [\n    1,\n    \"é\"\n  ]\n}"},
                    {"\"b\"", "2", "{}", R"({"k":[1]})"});
  ExpectSchemaTexts(R"({"type": "string", "enum": ["a", 1]})", {"\"a\""}, {"1"});
  ExpectSchemaTexts(R"({"const": "\n\"", "title": "t"})", {R"("\n\"")"}, {"\"\""});
}

TEST(JsonSchema, ObjectsInTheOrderOfTheSchema) {
  ExpectSchemaTexts(
      R"({"type": "object", "properties": {"b": {"type": "null"}, "a": {"type": "null"},
                  "c": {"type": "null"}}, "required": ["a"]})",
      {R"({"a":null})", R"({"b":null,"a":null})", R"({ "b": null, "a": null, "c": null })",
       "{\n  \"a\": null,\n  \"c\": null\n}"},
      {"{}", R"({"a":null,"b":null})", R"({"b":null})", R"({"a":null,})", R"({,"a":null})",
       R"({"a":null "c":null})", R"({"a":null,"d":null})", R"({"a":null,"a":null})"});
  ExpectSchemaTexts(R"({"properties": {"b": {"type": "null"}, "c": {"type": "null"}}})",
                    {"{}", R"({"b":null})", R"({"c":null})", R"({"b":null,"c":null})"},
                    {R"({,"c":null})", R"({"c":null,"b":null})"});
  ExpectSchemaTexts(R"({"type": "object", "required": ["x"]})", {R"({"x":1})", R"({"x":{"y":[]}})"},
                    {"{}", R"({"y":1})"});
  ExpectSchemaTexts(R"({"type": "object", "properties": {}})", {"{}", "{ }"}, {R"({"a":1})"});
}

TEST(JsonSchema, FurtherPropertiesAreNoneOfTheNamed) {
  ExpectSchemaTexts(
      R"({"type": "object", "properties": {"ab": {"type": "null"}, "a": {"type": "null"}},
                  "additionalProperties": {"type": "integer"}})",
      {"{}", R"({"x":1})", R"({"ab":null,"x":1,"y":2})", R"({"a":null})", R"({"abc":1})",
       R"({"":1})", R"({"b":1})", R"({"\"":1})", R"({"x\u0061":1})"},
      {R"({"a":1})", R"({"ab":1})", R"({"\u0061":1})", R"({"x":1,"a":null})", R"({"x":null})"});
  ExpectSchemaTexts(R"({"additionalProperties": {"type": "null"}})", {"{}", R"({"a":null})"},
                    {R"({"a":1})"});
  ExpectSchemaTexts(
      R"({"type": "object", "properties": {"a": true}, "additionalProperties": true})",
      {R"({"a":[1],"b":{"c":"d"}})"}, {R"({"a"})"});
}

TEST(JsonSchema, ManyOptionalPropertiesStaySmall) {
  SchemaJson schema = {{"type", "object"}, {"properties", SchemaJson::object()}};
  for (int i = 0; i < 150; ++i) schema["properties"]["p" + std::to_string(i)] = {{"type", "null"}};
  const Automaton automaton = CompileAutomaton(JsonSchemaGrammar(schema, "test.json"));
  EXPECT_LT(automaton.size(), 20'000u);
  EXPECT_TRUE(Accepts(automaton, R"({"p3":null,"p70":null,"p149":null})"));
  EXPECT_FALSE(Accepts(automaton, R"({"p70":null,"p3":null})"));
  schema["required"] = SchemaJson::array();
  for (const auto& [name, value] : schema["properties"].items()) schema["required"].push_back(name);
  EXPECT_NO_THROW(CompileAutomaton(JsonSchemaGrammar(schema, "test.json")));
}

TEST(JsonSchema, Arrays) {
  ExpectSchemaTexts(R"({"type": "array", "items": {"type": "integer"}})",
                    {"[]", "[ ]", "[1]", "[1,2, 3]", "[\n 1\n]"},
                    {"[1,]", "[,1]", "[\"a\"]", "[1 2]"});
  ExpectSchemaTexts(R"({"items": {"type": "null"}, "minItems": 1, "maxItems": 3})",
                    {"[null]", "[null,null,null]"}, {"[]", "[null,null,null,null]"});
  ExpectSchemaTexts(R"({"type": "array", "maxItems": 0})", {"[]"}, {"[1]"});
  ExpectSchemaTexts(R"({"type": "array", "minItems": 2})", {"[1,\"a\"]", "[{},[],0]"},
                    {"[]", "[1]"});
  ExpectSchemaTexts(R"({"prefixItems": [{"type": "null"}, {"type": "boolean"}]})",
                    {"[]", "[null]", "[null,true]"}, {"[true]", "[null,true,1]"});
  ExpectSchemaTexts(
      R"({"prefixItems": [{"type": "null"}], "items": {"type": "integer"}, "minItems": 2,
                  "maxItems": 3})",
      {"[null,1]", "[null,1,2]"}, {"[null]", "[1,2]", "[null,1,2,3]"});
  ExpectSchemaTexts(R"({"prefixItems": [{"type": "null"}, {"type": "null"}], "items": false,
                  "minItems": 2})",
                    {"[null,null]"}, {"[null]", "[]"});
  ExpectSchemaTexts(R"({"items": [{"type": "null"}], "type": "array"})", {"[]", "[null]"}, {"[1]"});
}

TEST(JsonSchema, Combinations) {
  ExpectSchemaTexts(
      R"({"anyOf": [{"type": "null"}, {"type": "integer", "maximum": 3, "minimum": 0}]})",
      {"null", "2"}, {"4"});
  ExpectSchemaTexts(R"({"oneOf": [{"const": 1}, {"const": 2}]})", {"1", "2"}, {"3"});
  ExpectSchemaTexts(R"({"type": "object", "properties": {"a": {"const": 1}, "b": {"const": 2}},
                  "anyOf": [{"required": ["a"]}, {"required": ["b"]}]})",
                    {R"({"a":1})", R"({"b":2})", R"({"a":1,"b":2})"}, {"{}"});
  ExpectSchemaTexts(R"({"allOf": [{"properties": {"a": {"const": 1}}, "required": ["a"]},
                            {"properties": {"b": {"const": 2}}, "required": ["b"]}]})",
                    {R"({"a":1,"b":2})"}, {R"({"a":1})", R"({"b":2})"});
  ExpectSchemaTexts(R"({"allOf": [{"$ref": "#/$defs/x"}], "description": "d",
                  "$defs": {"x": {"type": "integer", "minimum": 5, "maximum": 6}}})",
                    {"5"}, {"7"});
  ExpectSchemaTexts(R"({"$ref": "#/$defs/x", "type": ["integer"],
                  "$defs": {"x": {"type": ["integer", "null"]}}})",
                    {"5"}, {"null"});
}

TEST(JsonSchema, ReferencesMayRecurse) {
  ExpectSchemaTexts(R"({"$ref": "#/$defs/node", "$defs": {"node": {"type": "object", "properties": {
                  "v": {"type": "integer"}, "next": {"anyOf": [{"$ref": "#/$defs/node"},
                  {"type": "null"}]}}, "required": ["v", "next"]}}})",
                    {R"({"v":1,"next":null})", R"({"v":1,"next":{"v":2,"next":null}})"},
                    {R"({"v":1})", R"({"v":1,"next":1})"});
  ExpectSchemaTexts(R"({"type": "array", "items": {"$ref": "#"}})", {"[]", "[[],[[]]]"}, {"[1]"});
  ExpectSchemaTexts(R"({"properties": {"a~b/c": {"$ref": "#/properties/d"}, "d": {"const": 1},
                  "e": {"$ref": "#/properties/a~0b~1c"}}})",
                    {R"({"a~b/c":1,"e":1})"}, {R"({"e":2})"});
  // Merged into itself: each level requires the next.
  ExpectSchemaTexts(R"({"$ref": "#/$defs/a", "$defs": {"a": {"type": "object", "properties": {
                  "x": {"allOf": [{"$ref": "#/$defs/a"}, {"type": "object"}]}}}}})",
                    {"{}", R"({"x":{"x":{}}})"}, {R"({"x":1})"});
}

TEST(JsonSchema, IntegerBoundsAreExact) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    Rng rng(seed);
    const int64_t scale = int64_t{1} << rng.Int(1, 16);
    int64_t low = rng.Int(-scale, scale), high = rng.Int(-scale, scale);
    if (low > high) std::swap(low, high);
    const Automaton automaton = CompileAutomaton(JsonSchemaGrammar(
        SchemaJson{{"type", "integer"}, {"minimum", low}, {"exclusiveMaximum", high + 1}}, "t"));
    std::vector<int64_t> values = {low - 1, low, high, high + 1, -1, 0, 1, 9, 10, 99, 100, -10};
    for (int i = 0; i < 100; ++i) values.push_back(rng.Int(low - 50, high + 50));
    for (const int64_t value : values) {
      ASSERT_EQ(Accepts(automaton, std::to_string(value)), low <= value && value <= high)
          << value << " of " << low << " to " << high;
    }
  }
  ExpectSchemaTexts(R"({"type": "integer", "minimum": 0.5})", {"1", "99999"}, {"0", "-1"});
  ExpectSchemaTexts(R"({"type": "integer", "exclusiveMinimum": -2, "maximum": 1e300})", {"-1", "7"},
                    {"-2"});
  ExpectSchemaTexts(R"({"type": "integer", "minimum": 10, "maximum": 10})", {"10"},
                    {"1", "100", "11"});
}

TEST(JsonSchema, NumberBoundsAreExact) {
  const auto accepts = [](const char* schema, const char* text) {
    return Accepts(CompileSchema(schema), text);
  };
  ExpectSchemaTexts(R"({"type": "number", "minimum": 0, "maximum": 1})",
                    {"0", "0.0", "0.5", "1", "1.00", "0.999"}, {"-0.1", "1.01", "2", "-1", "1e0"});
  ExpectSchemaTexts(R"({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1})",
                    {"0.5", "0.001"}, {"0", "0.0", "1", "1.0", "-0.5"});
  ExpectSchemaTexts(R"({"type": "number", "exclusiveMinimum": -3, "maximum": -1})",
                    {"-1", "-1.0", "-2.9", "-1.5"}, {"-3", "-3.0", "-0.5", "0", "1", "-0"});
  ExpectSchemaTexts(R"({"type": "number", "minimum": -2})", {"-2", "-2.0", "-1.5", "0", "12345.5"},
                    {"-2.5", "-3"});
  ExpectSchemaTexts(R"({"type": "number", "maximum": 7})", {"7", "-100", "-0.5", "6.5"},
                    {"7.5", "8"});
  EXPECT_TRUE(accepts(R"({"type": "number", "minimum": 3, "maximum": 3})", "3.0"));
}

TEST(JsonSchema, PatternsAndFormats) {
  const auto pattern = [](const std::string& text) {
    return SchemaJson{{"type", "string"}, {"pattern", text}}.dump();
  };
  ExpectSchemaTexts(pattern("^[A-Z]{2}-\\d+$"), {"\"AB-1\"", "\"XY-123\""},
                    {"\"A-1\"", "\"AB-\"", "\"AB-1x\""});
  ExpectSchemaTexts(pattern("b+"), {"\"b\"", "\"abc\"", R"("\nbb")"}, {"\"ac\"", "\"\""});
  ExpectSchemaTexts(pattern("^(a|bc)?$"), {"\"\"", "\"a\"", "\"bc\""}, {"\"b\""});
  ExpectSchemaTexts(pattern("^\\\\\"\\n$"), {R"("\\\"\n")"}, {R"("\"")"});
  ExpectSchemaTexts(pattern("^[^\\d\"]$"), {"\"a\"", "\"é\""}, {"\"1\"", R"("\"")"});
  ExpectSchemaTexts(pattern("^.[\\w-]\\u00e9\\x41$"), {"\"?-éA\""}, {"\"?éA\""});
  ExpectSchemaTexts(pattern("^(?:ab){2,3}?c*?$"), {"\"abab\"", "\"abababcc\""}, {"\"ab\""});
  ExpectSchemaTexts(
      R"({"type": "string", "format": "date"})", {"\"2024-02-29\"", "\"1999-12-31\""},
      {"\"2023-02-29\"", "\"1900-02-29\"", "\"2024-04-31\"", "\"2024-13-01\"", "\"24-01-01\""});
  ExpectSchemaTexts(R"({"type": "string", "format": "time"})",
                    {"\"23:59:59Z\"", "\"00:00:00.5+01:30\""}, {"\"24:00:00Z\"", "\"12:00\""});
  ExpectSchemaTexts(R"({"type": "string", "format": "date-time"})", {"\"2024-01-31T12:00:00Z\""},
                    {"\"2024-01-31 12:00:00Z\""});
  ExpectSchemaTexts(R"({"type": "string", "format": "uuid"})",
                    {"\"123e4567-e89b-12d3-a456-426614174000\""}, {"\"123e4567\""});
  ExpectSchemaTexts(R"({"type": "string", "format": "email"})", {"\"a.b+c@example.co.uk\""},
                    {"\"a@b\"", "\"@example.com\"", "\"a b@example.com\""});
  ExpectSchemaTexts(R"({"type": "string", "format": "ipv4"})", {"\"255.0.10.199\""},
                    {"\"256.0.0.1\""});
}

TEST(JsonSchema, BlanksAreFew) {
  const Automaton automaton = CompileAutomaton(JsonObjectGrammar());
  EXPECT_TRUE(Accepts(automaton, "{\n    \"a\": [\n        1,\n        {}\n    ]\n}"));
  EXPECT_TRUE(Accepts(automaton, R"({"a": {"b": [null, "x", -1.5e3]}, "c": ""})"));
  EXPECT_EQ(Read(automaton, "{  "), Reading::kNo);
  EXPECT_EQ(Read(automaton, "{\n\n"), Reading::kNo);
  EXPECT_EQ(Read(automaton, "{\n" + std::string(25, ' ')), Reading::kNo);
  EXPECT_EQ(Read(automaton, " "), Reading::kNo);
  EXPECT_EQ(Read(automaton, "{} "), Reading::kNo);
  EXPECT_EQ(Read(automaton, "[]"), Reading::kNo) << "an object is wanted";
}

// Whatever a random stream makes of a random schema is JSON and an instance.
TEST(JsonSchema, RandomTextsOfRandomSchemasAreInstances) {
  std::vector<std::string> tokens;
  for (int byte = 0; byte < 256; ++byte) tokens.emplace_back(1, static_cast<char>(byte));
  for (const char* token : {"\": ", "\", \"", "}", "\"}", "{\"", "null", "\n  ", "],", "true", "12",
                            "\\\"", "\\u00", "é", "思考", "2024-0", "a\"", "\":\""}) {
    tokens.push_back(token);
  }
  const auto vocabulary = std::make_shared<const GrammarVocabulary>(tokens, std::vector<int32_t>{});
  int whole = 0;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    const SchemaJson schema = RandomSchema(seed);
    SCOPED_TRACE(schema.dump());
    const auto grammar = CompileGrammar(JsonSchemaGrammar(schema, "random"), vocabulary);
    for (uint64_t run = 0; run < 3; ++run) {
      Rng rng(seed * 100 + run);
      GrammarMatcher matcher(grammar);
      std::string text;
      std::vector<uint64_t> bits(matcher.num_words());
      while (!matcher.complete() && text.size() < 5000) {
        if (matcher.CanEnd() && rng.Int(0, 3) == 0) break;
        matcher.Mask(bits);
        std::vector<int32_t> allowed;
        for (int32_t t = 0; t < std::ssize(tokens); ++t) {
          if ((bits[static_cast<size_t>(t) / 64] >> (t % 64)) & 1) allowed.push_back(t);
        }
        ASSERT_FALSE(allowed.empty()) << text;
        const int32_t token = allowed[static_cast<size_t>(rng.Int(0, std::ssize(allowed) - 1))];
        matcher.Accept(token);
        text += tokens[static_cast<size_t>(token)];
      }
      if (!matcher.CanEnd()) continue;  // cut
      ++whole;
      const SchemaJson value = SchemaJson::parse(text, nullptr, /*allow_exceptions=*/false);
      ASSERT_FALSE(value.is_discarded()) << text;
      ASSERT_EQ(WhyNot(schema, value), "") << text;
    }
  }
  EXPECT_GT(whole, 600);
}

}  // namespace
}  // namespace retort
