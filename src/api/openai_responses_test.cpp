#include "api/openai_responses.h"

#include "api/test_api.h"

namespace retort::api {
namespace {

GenerateRequest ParseResponsesWith(const std::string& members) {
  return ParseResponses(
      Body(R"({"input": "Hi")" + std::string(members.empty() ? "" : ", ") + members + "}"), {});
}

Json ResponsesMessagesOf(const std::string& input) {
  return ParseResponses(Body(R"({"input": )" + input + "}"), {}).messages;
}

TEST(ParseResponses, ReadsSettings) {
  const GenerateRequest request =
      ParseResponsesWith(R"("model": "r1", "instructions": "Be brief.", "max_output_tokens": 9,
               "reasoning": {"effort": "medium", "summary": "auto"}, "temperature": 0.5,
               "text": {"format": {"type": "json_schema", "name": "c", "schema": {"type": "object"}}},
               "stream": true, "store": false, "metadata": {}, "truncation": "auto",
               "include": ["reasoning.encrypted_content", "message.output_text.logprobs"])");
  EXPECT_EQ(request.messages, Json::parse(R"([{"role": "system", "content": "Be brief."},
                                              {"role": "user", "content": "Hi"}])"));
  EXPECT_EQ(request.max_tokens, 9);
  EXPECT_EQ(request.thinking.budget, 4096);
  EXPECT_EQ(request.format.kind, OutputFormat::Kind::kJsonSchema);
  EXPECT_EQ(request.top_logprobs, 0);
  EXPECT_TRUE(request.stream && request.unknown_fields.empty());
}

TEST(ParseResponses, ReadsItems) {
  EXPECT_EQ(ResponsesMessagesOf(R"([
      {"role": "developer", "content": "Be brief."},
      {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "a"}]},
      {"type": "reasoning", "id": "rs_1", "summary": [],
       "content": [{"type": "reasoning_text", "text": "hm"}]},
      {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{\"x\": 1}"},
      {"type": "function_call_output", "call_id": "c1", "output": "7"},
      {"type": "message", "role": "assistant", "id": "msg_1", "status": "completed",
       "content": [{"type": "output_text", "text": "b", "annotations": []}]},
      {"role": "user", "content": "c"}])"),
            Json::parse(R"([
      {"role": "system", "content": "Be brief."},
      {"role": "user", "content": "a"},
      {"role": "assistant", "reasoning_content": "hm",
       "tool_calls": [{"id": "c1", "type": "function",
                       "function": {"name": "f", "arguments": {"x": 1}}}], "content": ""},
      {"role": "tool", "content": "7", "tool_call_id": "c1"},
      {"role": "assistant", "content": "b"},
      {"role": "user", "content": "c"}])"));
}

TEST(ParseResponses, ReadsFlatTools) {
  const std::string tools =
      R"("tools": [{"type": "function", "name": "f", "parameters": {"type": "object"}}])";
  const GenerateRequest request =
      ParseResponsesWith(tools + R"(, "tool_choice": {"type": "function", "name": "f"})");
  EXPECT_EQ(request.tools[0]["function"]["name"], "f");
  EXPECT_EQ(request.tool_choice.kind, ToolChoice::Kind::kNamed);
  EXPECT_EQ(ParseResponsesWith(tools + R"(, "tool_choice": "required")").tool_choice.kind,
            ToolChoice::Kind::kRequired);
}

TEST(ParseResponses, NamesWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {R"("previous_response_id": "resp_1")", "previous_response_id"},
      {R"("conversation": "c")", "conversation"},
      {R"("background": true)", "background"},
      {R"("prompt": {"id": "p"})", "prompt"},
      {R"("instructions": 5)", "instructions"},
      {R"("max_output_tokens": 0)", "max_output_tokens"},
      {R"("reasoning": "low")", "reasoning"},
      {R"("reasoning": {"effort": "much"})", "reasoning.effort"},
      {R"("text": {"format": {"type": "xml"}})", "text.format.type"},
      {R"("text": {"format": {"type": "json_schema"}})", "text.format.schema"},
      {R"("tools": [{"type": "web_search"}])", "tools[0].type"},
      {R"("tool_choice": "required")", "tool_choice"},
      {R"("tool_choice": {"type": "file_search"})", "tool_choice.type"},
      {R"("include": "x")", "include"},
      {R"("n": 2)", "n"},
  };
  for (const auto& [members, param] : cases)
    EXPECT_EQ(RefusalOf([&, m = members] { ParseResponsesWith(m); }).param, param) << members;
  const std::pair<const char*, const char*> inputs[] = {
      {"5", "input"},
      {"[]", "input"},
      {"[5]", "input[0]"},
      {R"([{"type": "item_reference", "id": "x"}])", "input[0].type"},
      {R"([{"role": "tool", "content": "x"}])", "input[0].role"},
      {R"([{"role": "user", "content": [{"type": "input_image"}]}])", "input[0].content[0]"},
      {R"([{"type": "function_call", "call_id": "c", "name": "f", "arguments": "x"}])",
       "input[0].arguments"},
      {R"([{"type": "function_call_output", "call_id": "c"}])", "input[0].output"},
  };
  for (const auto& [input, param] : inputs)
    EXPECT_EQ(RefusalOf([&, i = input] { ResponsesMessagesOf(i); }).param, param) << input;
}

TEST(ResponsesWriter, WritesAWholeResponse) {
  const Json whole = MakeResponsesWriter(SomeHead(), {})->Whole({SomeOutcome()});
  EXPECT_EQ(whole["id"], "resp_5f0c2a");
  EXPECT_EQ(whole["status"], "completed");
  EXPECT_EQ(whole["output"], Json::parse(R"([
      {"id": "rs_5f0c2a_0", "type": "reasoning", "summary": [],
       "content": [{"type": "reasoning_text", "text": "17 * 23 = 391"}], "status": "completed"},
      {"id": "msg_5f0c2a_1", "type": "message", "role": "assistant",
       "content": [{"type": "output_text", "text": "It is 391.", "annotations": [],
                    "logprobs": []}], "status": "completed"}])"));
  EXPECT_EQ(whole["usage"], Json::parse(R"({"input_tokens": 9,
      "input_tokens_details": {"cached_tokens": 4, "cache_write_tokens": 0}, "output_tokens": 20,
      "output_tokens_details": {"reasoning_tokens": 12}, "total_tokens": 29})"));
}

TEST(ResponsesWriter, WhatWasCutIsIncomplete) {
  Outcome outcome = SomeOutcome();
  outcome.choices[0].text = "";
  outcome.choices[0].finish = Finish::kLength;
  const Json whole = MakeResponsesWriter(SomeHead(), {})->Whole({outcome});
  EXPECT_EQ(whole["status"], "incomplete");
  EXPECT_EQ(whole["incomplete_details"]["reason"], "max_output_tokens");
  EXPECT_EQ(whole["output"][0]["status"], "incomplete");
}

TEST(ResponsesWriter, StreamsNumberedEvents) {
  const auto writer = MakeResponsesWriter(SomeHead(), {});
  std::vector<Event> all = writer->Begin();
  for (const Piece& piece :
       {Piece{.reasoning = "hm"}, Piece{.text = "4"}, Piece{.calls = {SomeCall()}}}) {
    for (Event& event : writer->Push(piece)) all.push_back(std::move(event));
  }
  for (Event& event : writer->End({SomeOutcome()})) all.push_back(std::move(event));
  std::vector<std::string> names;
  for (size_t i = 0; i < all.size(); ++i) {
    names.push_back(all[i].name.substr(std::string("response.").size()));
    EXPECT_EQ(DataOf(all[i])["type"], all[i].name);
    EXPECT_EQ(DataOf(all[i])["sequence_number"], i);
  }
  EXPECT_EQ(names, (std::vector<std::string>{
                       "created", "in_progress", "output_item.added", "content_part.added",
                       "reasoning_text.delta", "reasoning_text.done", "content_part.done",
                       "output_item.done", "output_item.added", "content_part.added",
                       "output_text.delta", "output_text.done", "content_part.done",
                       "output_item.done", "output_item.added", "function_call_arguments.delta",
                       "function_call_arguments.done", "output_item.done", "completed"}));
  const Json response = DataOf(all.back())["response"];
  ASSERT_EQ(response["output"].size(), 3u);
  EXPECT_EQ(response["output"][2]["arguments"], R"({"city":"Oslo"})");
  EXPECT_EQ(response["status"], "completed");
  EXPECT_EQ(DataOf(all[14])["item"]["arguments"], "");
}

TEST(ResponsesWriter, AStreamThatBreaksHasFailed) {
  const auto writer = MakeResponsesWriter(SomeHead(), {});
  writer->Begin();
  writer->Push({.text = "4"});
  const std::vector<Event> events = writer->Break({.message = "out of memory"});
  EXPECT_EQ(events.back().name, "response.failed");
  EXPECT_EQ(DataOf(events.back())["response"]["error"]["message"], "out of memory");
  EXPECT_EQ(DataOf(events.back())["response"]["output"][0]["status"], "incomplete");
}

TEST(ResponsesWriter, SaysBackWhatWasAskedFor) {
  GenerateRequest request = ParseResponsesWith(
      R"("tools": [{"type": "function", "name": "f", "parameters": {"type": "object"}}],
         "temperature": 0.5, "text": {"format": {"type": "json_object"}})");
  const Json response = DataOf(MakeResponsesWriter(SomeHead(), request)->Begin()[0])["response"];
  EXPECT_EQ(response["tools"], Json::parse(R"([{"type": "function", "name": "f",
      "parameters": {"type": "object"}, "strict": false}])"));
  EXPECT_EQ(response["temperature"], 0.5);
  EXPECT_EQ(response["top_p"], nullptr);
  EXPECT_EQ(response["text"]["format"]["type"], "json_object");
}

}  // namespace
}  // namespace retort::api
