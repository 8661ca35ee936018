#include "api/output_format_fields.h"

#include "api/test_api.h"

namespace retort::api {
namespace {

using Kind = OutputFormat::Kind;

OutputFormat ReadFormatOf(const char* text) {
  const Json body = Body(text);
  FieldReader fields(body, "");
  return ReadOutputFormat(fields);
}

TEST(OutputFormatFields, ReadsResponseFormats) {
  EXPECT_EQ(ReadFormatOf("{}").kind, Kind::kText);
  EXPECT_EQ(ReadFormatOf(R"({"response_format": {"type": "text"}})").kind, Kind::kText);
  EXPECT_EQ(ReadFormatOf(R"({"response_format": {"type": "json_object"}})").kind,
            Kind::kJsonObject);
  const OutputFormat format =
      ReadFormatOf(R"({"response_format": {"type": "json_schema", "json_schema":
      {"name": "city", "strict": true, "schema": {"type": "object"}}}})");
  EXPECT_EQ(format.kind, Kind::kJsonSchema);
  EXPECT_EQ(format.schema["type"], "object");
}

TEST(OutputFormatFields, ReadsTheFormsOfOtherServers) {
  for (const char* text :
       {R"({"response_format": {"type": "json_object", "schema": {"type": "array"}}})",
        R"({"structured_outputs": {"json": {"type": "array"}}})",
        R"({"guided_json": {"type": "array"}})", R"({"guided_json": "{\"type\": \"array\"}"})",
        R"({"json_schema": {"type": "array"}})"}) {
    EXPECT_EQ(ReadFormatOf(text).kind, Kind::kJsonSchema) << text;
    EXPECT_EQ(ReadFormatOf(text).schema["type"], "array") << text;
  }
  for (const char* text :
       {R"({"structured_outputs": {"grammar": "root ::= \"a\""}})",
        R"({"guided_grammar": "root ::= \"a\""})", R"({"grammar": "root ::= \"a\""})",
        R"({"guided_choice": ["a"]})", R"({"structured_outputs": {"choice": ["a"]}})"}) {
    EXPECT_EQ(ReadFormatOf(text).kind, Kind::kGrammar) << text;
    EXPECT_EQ(ReadFormatOf(text).grammar, "root ::= \"a\"") << text;
  }
  EXPECT_EQ(ReadFormatOf(R"({"structured_outputs": {"json_object": true}})").kind,
            Kind::kJsonObject);
}

TEST(OutputFormatFields, ChoicesAreLiterals) {
  EXPECT_EQ(ChoiceGrammar({"yes", "a \"b\" \\ \n\x7F"}),
            "root ::= \"yes\" | \"a \\\"b\\\" \\\\ \\x0A\\x7F\"");
}

TEST(OutputFormatFields, NamesWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"response_format": "json"})", "response_format"},
      {R"({"response_format": {}})", "response_format.type"},
      {R"({"response_format": {"type": "xml"}})", "response_format.type"},
      {R"({"response_format": {"type": "json_schema"}})", "response_format.json_schema"},
      {R"({"response_format": {"type": "json_schema", "json_schema": {"name": "x"}}})",
       "response_format.json_schema.schema"},
      {R"({"response_format": {"type": "json_schema", "json_schema": {"schema": 5}}})",
       "response_format.json_schema.schema"},
      {R"({"guided_json": "nonsense"})", "guided_json"},
      {R"({"guided_json": "[1]"})", "guided_json"},
      {R"({"guided_choice": []})", "guided_choice"},
      {R"({"guided_choice": [5]})", "guided_choice[0]"},
      {R"({"guided_regex": "a+"})", "guided_regex"},
      {R"({"structured_outputs": {"regex": "a+"}})", "structured_outputs.regex"},
      {R"({"grammar": ""})", "grammar"},
      {R"({"grammar": 5})", "grammar"},
      {R"({"guided_json": {}, "grammar": "root ::= \"a\""})", "grammar"},
  };
  for (const auto& [text, param] : cases)
    EXPECT_EQ(RefusalOf([&, t = text] { ReadFormatOf(t); }).param, param) << text;
}

TEST(OutputFormatFields, TextBesideAGrammarIsNoContradiction) {
  EXPECT_EQ(
      ReadFormatOf(R"({"response_format": {"type": "text"}, "grammar": "root ::= \"a\""})").kind,
      Kind::kGrammar);
}

}  // namespace
}  // namespace retort::api
