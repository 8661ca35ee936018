#include "api/tool_fields.h"

#include "api/test_api.h"

namespace retort::api {
namespace {

constexpr const char* kTools = R"("tools": [{"type": "function", "function": {"name": "weather",
    "description": "of a city", "parameters": {"type": "object", "properties": {"city": {}}}}}])";

GenerateRequest ReadToolsOf(const std::string& members) {
  const Json body = Body("{" + members + "}");
  FieldReader fields(body, "");
  GenerateRequest request;
  ReadTools(fields, &request);
  return request;
}

TEST(ToolFields, KeepsToolsInTheTemplatesForm) {
  const GenerateRequest request = ReadToolsOf(kTools);
  EXPECT_EQ(request.tools, Body(std::string("{") + kTools + "}")["tools"]);
  EXPECT_TRUE(request.parallel_tool_calls);
  EXPECT_EQ(request.tool_choice.kind, ToolChoice::Kind::kAuto);
}

TEST(ToolFields, NoToolsAreNull) {
  EXPECT_TRUE(ReadToolsOf("").tools.is_null());
  EXPECT_TRUE(ReadToolsOf(R"("tools": [])").tools.is_null());
}

TEST(ToolFields, AFunctionWithoutParametersTakesNone) {
  const GenerateRequest request =
      ReadToolsOf(R"("tools": [{"type": "function", "function": {"name": "now"}}])");
  EXPECT_EQ(request.tools[0]["function"]["parameters"],
            Json::parse(R"({"type": "object", "properties": {}})"));
}

TEST(ToolFields, ReadsChoices) {
  const auto choice = [](const char* value) {
    return ReadToolsOf(std::string(kTools) + R"(, "tool_choice": )" + value).tool_choice;
  };
  EXPECT_EQ(choice("\"none\"").kind, ToolChoice::Kind::kNone);
  EXPECT_EQ(choice("\"auto\"").kind, ToolChoice::Kind::kAuto);
  EXPECT_EQ(choice("\"required\"").kind, ToolChoice::Kind::kRequired);
  const ToolChoice named = choice(R"({"type": "function", "function": {"name": "weather"}})");
  EXPECT_EQ(named.kind, ToolChoice::Kind::kNamed);
  EXPECT_EQ(named.name, "weather");
}

TEST(ToolFields, NamesWhatIsWrong) {
  const std::pair<std::string, const char*> cases[] = {
      {R"("tools": {})", "tools"},
      {R"("tools": [5])", "tools[0]"},
      {R"("tools": [{"function": {"name": "f"}}])", "tools[0].type"},
      {R"("tools": [{"type": "web_search"}])", "tools[0].type"},
      {R"("tools": [{"type": "function"}])", "tools[0].function"},
      {R"("tools": [{"type": "function", "function": {}}])", "tools[0].function.name"},
      {R"("tools": [{"type": "function", "function": {"name": ""}}])", "tools[0].function.name"},
      {R"("tools": [{"type": "function", "function": {"name": "f", "parameters": []}}])",
       "tools[0].function.parameters"},
      {R"("tools": [{"type": "function", "function": {"name": "f"}},
                    {"type": "function", "function": {"name": "f"}}])",
       "tools[1].function.name"},
      {R"("tool_choice": "required")", "tool_choice"},
      {R"("tool_choice": "some")", "tool_choice"},
      {R"("tool_choice": {"type": "function", "function": {"name": "f"}})", "tool_choice"},
      {R"("tool_choice": {"type": "allowed_tools"})", "tool_choice.type"},
      {R"("parallel_tool_calls": 1)", "parallel_tool_calls"},
      {R"("functions": [{"name": "f"}])", "functions"},
      {R"("function_call": "auto")", "function_call"},
  };
  for (const auto& [members, param] : cases)
    EXPECT_EQ(RefusalOf([&, m = members] { ReadToolsOf(m); }).param, param) << members;
}

}  // namespace
}  // namespace retort::api
