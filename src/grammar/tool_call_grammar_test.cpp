#include "grammar/tool_call_grammar.h"

#include <gtest/gtest.h>

#include "grammar/test_texts.h"
#include "tests/support/expect_error.h"

namespace retort {
namespace {

const std::vector<ToolSignature> kTools = {
    {"get", R"({"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"]})"},
    {"get_all", ""},
    // References are to the schema that they stand in.
    {"tree", R"({"properties": {"kid": {"$ref": "#"}, "leaf": {"$ref": "#/$defs/l"}},
                "$defs": {"l": {"type": "null"}}})"},
    {"any", R"({"type": "object"})"},
};
const ToolCallFrame kTagged = {.whole_begin = "[",
                               .whole_end = "]",
                               .begin = "<",
                               .between = ":",
                               .end = ">",
                               .separator = ", "};
const ToolCallFrame kObject = {.begin = "{\"name\": ",
                               .between = ", \"a\": ",
                               .end = "}",
                               .separator = ";",
                               .quoted_name = true};

Reading ReadAs(const ToolCallFrame& frame, bool parallel, std::string_view text,
               const std::vector<ToolSignature>& tools = kTools) {
  return Read(CompileAutomaton(ToolCallGrammar(frame, tools, parallel)), text);
}

TEST(ToolCallGrammar, OneCall) {
  for (const char* text :
       {R"([<get:{"x": 1}>])", R"([<get:{"x":-20}>])", "[<get_all:{}>]",
        R"([<tree:{"kid": {"kid": {}, "leaf": null}}>])", R"([<any:{"a": [1, {}]}>])"}) {
    EXPECT_EQ(ReadAs(kTagged, false, text), Reading::kWhole) << text;
    EXPECT_EQ(ReadAs(kTagged, true, text), Reading::kWhole) << text;
  }
  for (const char* text : {"<get", "[]", "[<put:{}>]", "[<get:{}>]", R"([<get:{"x": "1"}>])",
                           R"([<get_all:{"x": 1}>])", R"([<get {"x": 1}>])", "[<any:[]>]",
                           R"([<tree:{"leaf": 1}>])", "[<get_all:{}>, ", "[<get_all:{}>] "}) {
    EXPECT_EQ(ReadAs(kTagged, false, text), Reading::kNo) << text;
  }
  EXPECT_EQ(ReadAs(kTagged, false, "[<get_al"), Reading::kBegins);
  EXPECT_EQ(ReadAs(kTagged, false, "[<get_all:{}>"), Reading::kBegins);
}

TEST(ToolCallGrammar, ManyCalls) {
  EXPECT_EQ(ReadAs(kTagged, true, R"([<get_all:{}>, <get:{"x": 1}>, <any:{}>])"), Reading::kWhole);
  EXPECT_EQ(ReadAs(kTagged, true, "[<get_all:{}>, "), Reading::kBegins);
  EXPECT_EQ(ReadAs(kTagged, true, "[<get_all:{}>, ]"), Reading::kNo);
  EXPECT_EQ(ReadAs(kObject, true, R"({"name": "get_all", "a": {}};{"name": "any", "a": {}})"),
            Reading::kWhole);
}

TEST(ToolCallGrammar, NamesInQuotesAreEscaped) {
  const std::vector<ToolSignature> tools = {{"a\"b", ""}, {"\u00e9", ""}};
  EXPECT_EQ(ReadAs(kObject, false, R"({"name": "a\"b", "a": {}})", tools), Reading::kWhole);
  EXPECT_EQ(ReadAs(kObject, false, "{\"name\": \"\u00e9\", \"a\": {}}", tools), Reading::kWhole);
}

TEST(ToolCallGrammar, ArgumentsAreAnObjectWhateverTheSchemaAllows) {
  for (const char* schema :
       {"true", "{}", R"({"type": ["object", "null"]})", R"({"description": "anything"})",
        R"({"anyOf": [{"type": "object"}, {"type": "object", "properties": {"x": {}}}]})"}) {
    const std::vector<ToolSignature> tools = {{"f", schema}};
    EXPECT_EQ(ReadAs(kTagged, false, "[<f:{}>]", tools), Reading::kWhole) << schema;
    for (const char* other : {"null", "1", "[]", "\"{}\""}) {
      const std::string text = std::string("[<f:") + other + ">]";
      EXPECT_EQ(ReadAs(kTagged, false, text, tools), Reading::kNo) << schema << " " << text;
    }
  }
  EXPECT_EQ(ReadAs(kTagged, false, "[<f:{}>]", {{"f", "null"}}), Reading::kWhole);
  EXPECT_EQ(ReadAs(kTagged, false, R"([<f:{"x": 1}>])", {{"f", "null"}}), Reading::kNo);
}

TEST(ToolCallGrammar, ErrorsNameTheTool) {
  const auto refuses = [](const std::vector<ToolSignature>& tools, ErrorCode code,
                          const std::string& message) {
    ExpectError(code, {message}, [&] { ToolCallGrammar(kTagged, tools, false); });
  };
  refuses({}, ErrorCode::kInvalidArgument, "needs one at least");
  refuses({{"", ""}}, ErrorCode::kInvalidArgument, "a tool has no name");
  refuses({{"f", ""}, {"f", ""}}, ErrorCode::kInvalidArgument, "two tools are named 'f'");
  refuses({{"f", "{"}}, ErrorCode::kCorrupt, "parameters of the tool 'f'");
  refuses({{"f", R"({"type": "string"})"}}, ErrorCode::kInvalidArgument,
          "parameters of the tool 'f': #/type: the arguments of a tool are an object");
  refuses({{"f", R"({"not": {}})"}}, ErrorCode::kUnsupported, "parameters of the tool 'f': #/not");
  refuses({{"f", "[]"}}, ErrorCode::kInvalidArgument, "parameters of the tool 'f'");
  refuses({{"f", std::string(kMaxGrammarBytes + 1, ' ')}}, ErrorCode::kResourceExhausted,
          "parameters of the tool 'f'");
}

}  // namespace
}  // namespace retort
