#include "api/thinking_fields.h"

#include "api/test_api.h"

namespace retort::api {
namespace {

GenerateRequest ReadThinkingOf(const char* text) {
  const Json body = Body(text);
  FieldReader fields(body, "");
  GenerateRequest request;
  ReadThinking(fields, &request);
  return request;
}

struct ThinkingCase {
  const char* text;
  std::optional<bool> enabled;
  std::optional<int32_t> budget;
};

TEST(ThinkingFields, HaveManyNames) {
  const ThinkingCase cases[] = {
      {"{}", {}, {}},
      {R"({"reasoning_effort": "none"})", false, {}},
      {R"({"reasoning_effort": "minimal"})", true, 1024},
      {R"({"reasoning_effort": "low"})", true, 1024},
      {R"({"reasoning_effort": "medium"})", true, 4096},
      {R"({"reasoning_effort": "high"})", true, {}},
      {R"({"thinking": {"type": "disabled"}})", false, {}},
      {R"({"thinking": {"type": "enabled", "budget_tokens": 2000}})", true, 2000},
      {R"({"thinking": {"type": "adaptive"}})", {}, {}},
      {R"({"thinking_budget": 0})", {}, 0},
      {R"({"thinking_token_budget": 7})", {}, 7},
      {R"({"thinking_budget": -1})", {}, {}},
      {R"({"enable_thinking": false})", false, {}},
      {R"({"enable_thinking": true})", true, {}},
      {R"({"chat_template_kwargs": {"enable_thinking": false}})", false, {}},
      {R"({"chat_template_kwargs": {"thinking": false}})", false, {}},
      // A budget goes before an effort, no thinking before both.
      {R"({"reasoning_effort": "low", "thinking_budget": 9})", true, 9},
      {R"({"reasoning_effort": "low", "thinking_budget": -1})", true, {}},
      {R"({"enable_thinking": false, "reasoning_effort": "high"})", false, {}},
      {R"({"enable_thinking": true, "reasoning_effort": "none"})", false, {}},
  };
  for (const ThinkingCase& test : cases) {
    const ThinkingWish wish = ReadThinkingOf(test.text).thinking;
    EXPECT_EQ(wish.enabled, test.enabled) << test.text;
    EXPECT_EQ(wish.budget, test.budget) << test.text;
  }
}

TEST(ThinkingFields, TemplatesGetTheirVariables) {
  const GenerateRequest request =
      ReadThinkingOf(R"({"chat_template_kwargs": {"a": [1], "enable_thinking": true},
               "enable_thinking": false})");
  EXPECT_EQ(request.template_kwargs, Json::parse(R"({"a": [1], "enable_thinking": false})"));
}

TEST(ThinkingFields, SayWhatIsSent) {
  const auto shown = [](const char* text) {
    const GenerateRequest request = ReadThinkingOf(text);
    return std::pair(request.include_reasoning, request.separate_reasoning);
  };
  EXPECT_EQ(shown("{}"), std::pair(true, true));
  EXPECT_EQ(shown(R"({"include_reasoning": false})"), std::pair(false, true));
  EXPECT_EQ(shown(R"({"reasoning_format": "none"})"), std::pair(true, false));
  EXPECT_EQ(shown(R"({"reasoning_format": "deepseek"})"), std::pair(true, true));
  EXPECT_EQ(shown(R"({"reasoning_format": "hidden"})"), std::pair(false, true));
  EXPECT_EQ(shown(R"({"separate_reasoning": false})"), std::pair(true, false));
}

TEST(ThinkingFields, NameWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"reasoning_effort": "much"})", "reasoning_effort"},
      {R"({"reasoning_effort": 5})", "reasoning_effort"},
      {R"({"thinking": true})", "thinking"},
      {R"({"thinking": {}})", "thinking.type"},
      {R"({"thinking": {"type": "enabled", "budget_tokens": -1}})", "thinking.budget_tokens"},
      {R"({"thinking_budget": -2})", "thinking_budget"},
      {R"({"thinking_budget": 3000000000})", "thinking_budget"},
      {R"({"enable_thinking": "no"})", "enable_thinking"},
      {R"({"chat_template_kwargs": []})", "chat_template_kwargs"},
      {R"({"chat_template_kwargs": {"messages": [1]}})", "chat_template_kwargs.messages"},
      {R"({"reasoning_format": "deepseek-legacy"})", "reasoning_format"},
      {R"({"include_reasoning": 1})", "include_reasoning"},
  };
  for (const auto& [text, param] : cases)
    EXPECT_EQ(RefusalOf([&, t = text] { ReadThinkingOf(t); }).param, param) << text;
}

}  // namespace
}  // namespace retort::api
