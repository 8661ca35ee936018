#include "api/anthropic_messages.h"

#include "api/test_api.h"

namespace retort::api {
namespace {

GenerateRequest ParseAnthropicWith(const std::string& members) {
  return ParseAnthropicMessages(
      Body(R"({"max_tokens": 99, "messages": [{"role": "user", "content": "Hi"}])" +
           std::string(members.empty() ? "" : ", ") + members + "}"),
      {});
}

Json AnthropicMessagesOf(const std::string& messages) {
  return ParseAnthropicMessages(Body(R"({"max_tokens": 99, "messages": )" + messages + "}"), {})
      .messages;
}

TEST(ParseAnthropicMessages, ReadsSettings) {
  const GenerateRequest request = ParseAnthropicWith(
      R"("model": "r1", "system": [{"type": "text", "text": "Be brief.", "cache_control": {}}],
         "stop_sequences": ["x"], "temperature": 1, "top_p": 0.9, "top_k": 5, "stream": true,
         "metadata": {"user_id": "ann"}, "thinking": {"type": "enabled", "budget_tokens": 500})");
  EXPECT_EQ(request.model, "r1");
  EXPECT_EQ(request.messages[0], Json::parse(R"({"role": "system", "content": "Be brief."})"));
  EXPECT_EQ(request.max_tokens, 99);
  EXPECT_EQ(request.stop, std::vector<std::string>{"x"});
  EXPECT_EQ(request.temperature, 1);
  EXPECT_EQ(request.top_k, 5);
  EXPECT_TRUE(request.stream && request.include_reasoning);
  EXPECT_EQ(request.user, "ann");
  EXPECT_EQ(request.thinking.budget, 500);
  EXPECT_FALSE(ParseAnthropicWith(R"("thinking": {"type": "disabled"})").include_reasoning);
}

TEST(ParseAnthropicMessages, ReadsBlocks) {
  const Json messages = AnthropicMessagesOf(R"([
      {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
      {"role": "assistant", "content": [
          {"type": "thinking", "thinking": "hm", "signature": ""},
          {"type": "text", "text": "c"},
          {"type": "tool_use", "id": "t1", "name": "f", "input": {"x": 1}}]},
      {"role": "user", "content": [
          {"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "text", "text": "7"}]},
          {"type": "text", "text": "d"}]}])");
  EXPECT_EQ(messages, Json::parse(R"([
      {"role": "user", "content": "a\nb"},
      {"role": "assistant", "content": "c", "reasoning_content": "hm",
       "tool_calls": [{"id": "t1", "type": "function",
                       "function": {"name": "f", "arguments": {"x": 1}}}]},
      {"role": "tool", "tool_call_id": "t1", "content": "7"},
      {"role": "user", "content": "d"}])"));
}

TEST(ParseAnthropicMessages, AResultAloneIsNoMessageOfTheUser) {
  const Json messages = AnthropicMessagesOf(
      R"([{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t"}]}])");
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0]["role"], "tool");
  EXPECT_EQ(messages[0]["content"], "");
}

TEST(ParseAnthropicMessages, ContinuesTheAssistantsLastMessage) {
  const GenerateRequest request = ParseAnthropicMessages(
      Body(R"({"max_tokens": 9, "messages": [{"role": "user", "content": "Hi"},
                                             {"role": "assistant", "content": "He"}]})"),
      {});
  EXPECT_TRUE(request.continue_final_message);
  EXPECT_FALSE(request.add_generation_prompt);
  EXPECT_TRUE(ParseAnthropicWith("").add_generation_prompt);
}

TEST(ParseAnthropicMessages, ReadsTools) {
  const std::string tools =
      R"("tools": [{"name": "f", "description": "d", "input_schema": {"type": "object"}}])";
  const GenerateRequest request =
      ParseAnthropicWith(tools + R"(, "tool_choice": {"type": "tool", "name": "f",
                                         "disable_parallel_tool_use": true})");
  EXPECT_EQ(request.tools, Json::parse(R"([{"type": "function", "function": {"name": "f",
      "description": "d", "parameters": {"type": "object"}}}])"));
  EXPECT_EQ(request.tool_choice.kind, ToolChoice::Kind::kNamed);
  EXPECT_FALSE(request.parallel_tool_calls);
  EXPECT_EQ(ParseAnthropicWith(tools + R"(, "tool_choice": {"type": "any"})").tool_choice.kind,
            ToolChoice::Kind::kRequired);
}

TEST(ParseAnthropicMessages, NamesWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {R"("temperature": 1.5)", "temperature"},
      {R"("stop_sequences": [""])", "stop_sequences"},
      {R"("system": 5)", "system"},
      {R"("system": [{"type": "image"}])", "system[0]"},
      {R"("thinking": {"type": "enabled", "budget_tokens": -1})", "thinking.budget_tokens"},
      {R"("tools": [{"type": "web_search_20250305", "name": "web_search"}])", "tools[0].type"},
      {R"("tools": [{"input_schema": {}}])", "tools[0].name"},
      {R"("tool_choice": "auto")", "tool_choice"},
      {R"("tool_choice": {"type": "any"})", "tool_choice.type"},
      {R"("tool_choice": {"type": "tool", "name": "f"})", "tool_choice.name"},
      {R"("metadata": 5)", "metadata"},
      {R"("mcp_servers": [{"url": "x"}])", "mcp_servers"},
  };
  for (const auto& [members, param] : cases)
    EXPECT_EQ(RefusalOf([&, m = members] { ParseAnthropicWith(m); }).param, param) << members;
  EXPECT_EQ(RefusalOf([] {
              ParseAnthropicMessages(Body(R"({"messages": [{"role": "user", "content": "Hi"}]})"),
                                     {});
            }).param,
            "max_tokens");
}

TEST(ParseAnthropicMessages, NamesWhatIsWrongInMessages) {
  const std::pair<const char*, const char*> cases[] = {
      {R"([])", "messages"},
      {R"({})", "messages"},
      {R"([{"role": "system", "content": "a"}])", "messages[0].role"},
      {R"([{"role": "user"}])", "messages[0].content"},
      {R"([{"role": "user", "content": 5}])", "messages[0].content"},
      {R"([{"role": "user", "content": [{"type": "image"}]}])", "messages[0].content[0]"},
      {R"([{"role": "user", "content": [{"type": "thinking"}]}])", "messages[0].content[0].type"},
      {R"([{"role": "user", "content": [{"type": "tool_result"}]}])",
       "messages[0].content[0].tool_use_id"},
      {R"([{"role": "assistant", "content": [{"type": "tool_use", "id": "t"}]}])",
       "messages[0].content[0].name"},
      {R"([{"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "f",
                                              "input": "x"}]}])",
       "messages[0].content[0].input"},
  };
  for (const auto& [messages, param] : cases)
    EXPECT_EQ(RefusalOf([&, m = messages] { AnthropicMessagesOf(m); }).param, param) << messages;
}

TEST(ParseAnthropicMessages, CountingNeedsNoLimit) {
  EXPECT_EQ(ParseAnthropicCount(Body(R"({"messages": [{"role": "user", "content": "Hi"}]})"), {})
                .max_tokens,
            std::nullopt);
  EXPECT_EQ(AnthropicCountJson(17), Json::parse(R"({"input_tokens": 17})"));
}

TEST(AnthropicWriter, WritesAWholeMessage) {
  const Json whole = MakeAnthropicWriter(SomeHead(), {})->Whole({SomeOutcome()});
  EXPECT_EQ(whole, Json::parse(R"({"id": "msg_5f0c2a", "type": "message", "role": "assistant",
      "model": "r1", "content": [
          {"type": "thinking", "thinking": "17 * 23 = 391", "signature": ""},
          {"type": "text", "text": "It is 391."}],
      "stop_reason": "end_turn", "stop_sequence": null,
      "usage": {"input_tokens": 5, "cache_creation_input_tokens": 0,
                "cache_read_input_tokens": 4, "output_tokens": 20}})"));
}

TEST(AnthropicWriter, SaysWhyItStopped) {
  const auto reason = [](ChoiceOutcome outcome) {
    return MakeAnthropicWriter(SomeHead(), {})->Whole({{.choices = {outcome}}})["stop_reason"];
  };
  EXPECT_EQ(reason({.finish = Finish::kLength}), "max_tokens");
  EXPECT_EQ(reason({.finish = Finish::kLoop}), "max_tokens");
  EXPECT_EQ(reason({.finish = Finish::kToolCalls}), "tool_use");
  EXPECT_EQ(reason({.finish = Finish::kCancelled}), "end_turn");
  EXPECT_EQ(reason({.stop_sequence = "x"}), "stop_sequence");
}

TEST(AnthropicWriter, StreamsBlocks) {
  const auto writer = MakeAnthropicWriter(SomeHead(), {});
  std::vector<Event> all = writer->Begin();
  for (const Piece& piece : {Piece{.reasoning = "h"}, Piece{.reasoning = "m"}, Piece{.text = "4"},
                             Piece{.calls = {SomeCall()}}}) {
    for (Event& event : writer->Push(piece)) all.push_back(std::move(event));
  }
  for (Event& event : writer->End({SomeOutcome()})) all.push_back(std::move(event));
  std::vector<std::string> names;
  for (const Event& event : all) {
    names.push_back(event.name);
    EXPECT_EQ(DataOf(event)["type"], event.name);
  }
  EXPECT_EQ(names,
            (std::vector<std::string>{
                "message_start", "ping", "content_block_start", "content_block_delta",
                "content_block_delta", "content_block_stop", "content_block_start",
                "content_block_delta", "content_block_stop", "content_block_start",
                "content_block_delta", "content_block_stop", "message_delta", "message_stop"}));
  EXPECT_EQ(DataOf(all[4]), Json::parse(R"({"type": "content_block_delta", "index": 0,
      "delta": {"type": "thinking_delta", "thinking": "m"}})"));
  EXPECT_EQ(DataOf(all[10])["delta"]["partial_json"], R"({"city":"Oslo"})");
  EXPECT_EQ(DataOf(all[10])["index"], 2);
  EXPECT_EQ(DataOf(all[12])["usage"]["output_tokens"], 20);
  EXPECT_EQ(writer->Break({.status = 503}).at(0).name, "error");
}

TEST(AnthropicWriter, DoesNotShowThinkingThatWasDisabled) {
  const auto writer = MakeAnthropicWriter(SomeHead(), {.include_reasoning = false});
  EXPECT_TRUE(writer->Push({.reasoning = "hm"}).empty());
  EXPECT_EQ(writer->Whole({SomeOutcome()})["content"].size(), 1u);
}

}  // namespace
}  // namespace retort::api
