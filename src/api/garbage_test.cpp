// For each interface: whatever stands in a field, it is read, or refused by the field's name.
#include <sstream>
#include <vector>

#include "api/anthropic_messages.h"
#include "api/ollama.h"
#include "api/openai_chat.h"
#include "api/openai_completions.h"
#include "api/openai_responses.h"
#include "api/test_api.h"
#include "api/tokenize.h"

namespace retort::api {
namespace {

const std::vector<Json>& Garbage() {
  static const std::vector<Json> garbage = [] {
    std::vector<Json> values;
    for (const char* text : {"null",
                             "true",
                             "false",
                             "0",
                             "1",
                             "-1",
                             "-0.0",
                             "1.5",
                             "1e300",
                             "-1e300",
                             "9007199254740993",
                             "18446744073709551615",
                             "-9223372036854775808",
                             "4294967296",
                             "\"\"",
                             "\"x\"",
                             "\"\\u0000\"",
                             "\"\xF0\x9F\x98\x80\"",
                             "[]",
                             "[null]",
                             "[[]]",
                             "[1]",
                             "[-1]",
                             "[\"\"]",
                             "[\"x\", 1]",
                             "[{}]",
                             "{}",
                             "{\"\": null}",
                             "{\"type\": null}",
                             "{\"type\": \"x\"}",
                             "{\"type\": \"function\"}",
                             "{\"type\": 5}",
                             "{\"-1\": 1}",
                             "[{\"type\": \"function\", \"function\": {\"name\": []}}]"})
      values.push_back(Json::parse(text));
    values.push_back(std::string(100'000, 'x'));
    return values;
  }();
  return garbage;
}

using Parser = void (*)(const Json&);

// `fields` are JSON pointers without their first slash, with blanks between them.
void TryFields(const char* body, const char* fields, Parser parse) {
  std::istringstream all(fields);
  for (std::string field; all >> field;) {
    for (const Json& value : Garbage()) {
      Json changed = Json::parse(body);
      const std::string pointer = "/" + field;
      changed[Json::json_pointer(pointer)] = value;
      const std::string top = pointer.substr(1, pointer.find('/', 1) - 1);
      try {
        parse(changed);
      } catch (const RequestError& error) {
        EXPECT_EQ(error.param.substr(0, top.size()), top) << value.dump().substr(0, 80);
        EXPECT_LT(std::string(error.what()).size(), 400u);
        EXPECT_EQ(DescribeError(error, "").status, 400);
      }
    }
  }
}

TEST(Garbage, InAChat) {
  TryFields(R"({"messages": [{"role": "user", "content": "a"},
                             {"role": "assistant", "content": "b", "tool_calls": [
                                 {"id": "c", "type": "function",
                                  "function": {"name": "f", "arguments": "{}"}}]},
                             {"role": "tool", "content": "d", "tool_call_id": "c"}],
                "tools": [{"type": "function", "function": {"name": "f"}}],
                "response_format": {"type": "text"}})",
            "messages messages/0 messages/0/role messages/0/content messages/0/name "
            "messages/1/content messages/1/reasoning_content messages/1/reasoning "
            "messages/1/tool_calls messages/1/tool_calls/0 messages/1/tool_calls/0/id "
            "messages/1/tool_calls/0/function messages/1/tool_calls/0/function/name "
            "messages/1/tool_calls/0/function/arguments messages/2/tool_call_id model stream "
            "stream_options max_tokens max_completion_tokens n stop seed temperature top_p top_k "
            "min_p frequency_penalty presence_penalty repetition_penalty repeat_penalty "
            "logit_bias logprobs top_logprobs response_format response_format/type "
            "response_format/json_schema structured_outputs guided_json guided_grammar "
            "guided_choice grammar json_schema tools/0/function/name tools/0/function/parameters "
            "tool_choice parallel_tool_calls reasoning_effort thinking thinking_budget "
            "thinking_token_budget enable_thinking chat_template_kwargs include_reasoning "
            "reasoning_format separate_reasoning loop_guard repetition_detection ignore_eos "
            "min_tokens add_generation_prompt return_token_ids timings_per_token user metadata "
            "store modalities audio functions function_call priority echo best_of",
            [](const Json& body) { ParseChatCompletion(body, {}); });
}

TEST(Garbage, InACompletion) {
  TryFields(R"({"prompt": "a"})", "prompt suffix echo logprobs best_of n max_tokens stop",
            [](const Json& body) { ParseCompletion(body, {}); });
}

TEST(Garbage, InAMessageOfAnthropics) {
  TryFields(R"({"max_tokens": 5, "messages": [
                   {"role": "user", "content": [{"type": "text", "text": "a"}]},
                   {"role": "assistant", "content": [
                       {"type": "tool_use", "id": "t", "name": "f", "input": {}},
                       {"type": "thinking", "thinking": "b"}]},
                   {"role": "user", "content": [
                       {"type": "tool_result", "tool_use_id": "t", "content": "c"}]}],
                "tools": [{"name": "f", "input_schema": {}}], "metadata": {}})",
            "max_tokens messages messages/0 messages/0/role messages/0/content "
            "messages/0/content/0 messages/0/content/0/type messages/0/content/0/text "
            "messages/1/content/0/id messages/1/content/0/name messages/1/content/0/input "
            "messages/1/content/1/thinking messages/2/content/0/tool_use_id "
            "messages/2/content/0/content system stop_sequences temperature top_p top_k tools "
            "tools/0 tools/0/name tools/0/input_schema tools/0/type tool_choice thinking "
            "metadata metadata/user_id stream mcp_servers",
            [](const Json& body) { ParseAnthropicMessages(body, {}); });
}

TEST(Garbage, InOllamas) {
  TryFields(R"({"model": "m", "messages": [{"role": "user", "content": "a"}], "options": {}})",
            "model messages messages/0 messages/0/role messages/0/content messages/0/thinking "
            "messages/0/images messages/0/tool_calls options options/temperature "
            "options/num_predict options/num_ctx options/stop options/seed options/top_k "
            "options/top_p options/min_p options/repeat_penalty options/repeat_last_n "
            "options/mirostat think format keep_alive stream tools logprobs top_logprobs",
            [](const Json& body) { ParseOllamaChat(body, {}); });
  TryFields(R"({"model": "m", "prompt": "a"})", "prompt system raw template suffix images context",
            [](const Json& body) { ParseOllamaGenerate(body, {}); });
}

TEST(Garbage, InAResponse) {
  TryFields(R"({"input": [{"role": "user", "content": "a"},
                          {"type": "reasoning", "summary": []},
                          {"type": "function_call", "call_id": "c", "name": "f",
                           "arguments": "{}"},
                          {"type": "function_call_output", "call_id": "c", "output": "d"}],
                "tools": [{"type": "function", "name": "f"}], "reasoning": {}, "text": {}})",
            "input input/0 input/0/role input/0/content input/0/type input/1/summary "
            "input/1/content input/2/call_id input/2/name input/2/arguments input/3/output "
            "instructions max_output_tokens reasoning reasoning/effort text text/format tools "
            "tools/0 tools/0/name tools/0/parameters tool_choice include top_logprobs "
            "previous_response_id conversation background prompt stream",
            [](const Json& body) { ParseResponses(body, {}); });
}

TEST(Garbage, InTokens) {
  TryFields(R"({"content": "a"})", "content add_special parse_special with_pieces model",
            [](const Json& body) { ParseTokenize(body, {}); });
  TryFields(R"({"tokens": [1]})", "tokens tokens/0 model",
            [](const Json& body) { ParseDetokenize(body, {}); });
}

}  // namespace
}  // namespace retort::api
