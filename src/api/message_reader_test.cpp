#include "api/message_reader.h"

#include "api/test_api.h"

namespace retort::api {
namespace {

Json ReadMessagesOf(const char* messages, std::vector<std::string>* unknown = nullptr) {
  std::vector<std::string> ignored;
  return ReadMessages(Json::parse(messages), "messages", unknown ? unknown : &ignored);
}

Refusal RefusalOfMessages(const char* messages) {
  return RefusalOf([&] { ReadMessagesOf(messages); });
}

TEST(MessageReader, KeepsRolesAndText) {
  EXPECT_EQ(ReadMessagesOf(R"([{"role": "developer", "content": "Be brief."},
                     {"role": "user", "content": "Hi", "name": "Ann"},
                     {"role": "assistant", "content": "Hello"}])"),
            Json::parse(R"([{"role": "system", "content": "Be brief."},
                            {"role": "user", "content": "Hi", "name": "Ann"},
                            {"role": "assistant", "content": "Hello"}])"));
}

TEST(MessageReader, JoinsPartsOfText) {
  EXPECT_EQ(ReadMessagesOf(R"([{"role": "user", "content": [{"type": "text", "text": "a"},
                                                  {"type": "text", "text": "b"}]}])")[0]["content"],
            "a\nb");
  EXPECT_EQ(ReadMessagesOf(R"([{"role": "user", "content": []}])")[0]["content"], "");
}

TEST(MessageReader, RefusesMediaAsUnsupported) {
  for (const char* type : {"image_url", "input_audio", "file", "video_url"}) {
    Json messages =
        Json::parse(R"([{"role": "user", "content": [{"type": "text", "text": "a"}]}])");
    messages[0]["content"].push_back({{"type", type}, {type, Json::object()}});
    const Refusal refusal = RefusalOfMessages(messages.dump().c_str());
    EXPECT_EQ(refusal.param, "messages[0].content[1]") << type;
    EXPECT_EQ(refusal.code, ErrorCode::kUnsupported) << type;
  }
}

TEST(MessageReader, KeepsReasoningByEitherName) {
  for (const char* name : {"reasoning_content", "reasoning"}) {
    Json messages = Json::parse(R"([{"role": "assistant", "content": "4"}])");
    messages[0][name] = "2 + 2";
    EXPECT_EQ(ReadMessagesOf(messages.dump().c_str())[0]["reasoning_content"], "2 + 2") << name;
  }
}

TEST(MessageReader, ReadsCallsAndTheirResults) {
  const Json read = ReadMessagesOf(R"([{"role": "assistant", "content": null, "tool_calls": [
      {"id": "call_1", "type": "function",
       "function": {"name": "weather", "arguments": "{\"city\": \"Oslo\"}"}}]},
      {"role": "tool", "tool_call_id": "call_1", "content": "rain"}])");
  EXPECT_EQ(read[0]["content"], "");
  EXPECT_EQ(read[0]["tool_calls"][0]["function"]["arguments"]["city"], "Oslo");
  EXPECT_EQ(read[0]["tool_calls"][0]["id"], "call_1");
  EXPECT_EQ(read[1], Json::parse(R"({"role": "tool", "content": "rain",
                                     "tool_call_id": "call_1"})"));
}

TEST(MessageReader, ArgumentsAreAnObjectOrItsText) {
  const auto read = [](const Json& arguments) {
    return RefusalOf([&] { ReadArguments(arguments, "a"); });
  };
  EXPECT_EQ(ReadArguments("", "a"), Json::object());
  EXPECT_EQ(ReadArguments(Json::parse(R"({"x": 1})"), "a")["x"], 1);
  for (const char* text : {"[1]", "7", "{", "{\"a\": 1, \"a\": 2}", "nonsense"})
    EXPECT_EQ(read(text).param, "a") << text;
  EXPECT_EQ(read(5).param, "a");
}

TEST(MessageReader, NamesWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {R"([])", "messages"},
      {R"([5])", "messages[0]"},
      {R"([{"content": "a"}])", "messages[0].role"},
      {R"([{"role": "cat", "content": "a"}])", "messages[0].role"},
      {R"([{"role": 1, "content": "a"}])", "messages[0].role"},
      {R"([{"role": "function", "content": "a"}])", "messages[0].role"},
      {R"([{"role": "user"}])", "messages[0].content"},
      {R"([{"role": "user", "content": null}])", "messages[0].content"},
      {R"([{"role": "user", "content": 5}])", "messages[0].content"},
      {R"([{"role": "user", "content": [5]}])", "messages[0].content[0]"},
      {R"([{"role": "user", "content": [{"text": "a"}]}])", "messages[0].content[0].type"},
      {R"([{"role": "user", "content": [{"type": "text"}]}])", "messages[0].content[0].text"},
      {R"([{"role": "user", "content": [{"type": "x"}]}])", "messages[0].content[0].type"},
      {R"([{"role": "assistant"}])", "messages[0].content"},
      {R"([{"role": "assistant", "content": "", "tool_calls": {}}])", "messages[0].tool_calls"},
      {R"([{"role": "assistant", "tool_calls": [{"function": {}}]}])",
       "messages[0].tool_calls[0].function.name"},
      {R"([{"role": "assistant", "tool_calls": [{"type": "x"}]}])",
       "messages[0].tool_calls[0].type"},
      {R"([{"role": "assistant", "content": "", "function_call": {"name": "f"}}])",
       "messages[0].function_call"},
      {R"([{"role": "user", "content": "a", "name": 5}])", "messages[0].name"},
      {R"([{"role": "tool", "content": "a", "tool_call_id": 5}])", "messages[0].tool_call_id"},
  };
  for (const auto& [messages, param] : cases)
    EXPECT_EQ(RefusalOfMessages(messages).param, param) << messages;
}

TEST(MessageReader, TellsOfUnknownFields) {
  std::vector<std::string> unknown;
  ReadMessagesOf(R"([{"role": "user", "content": "a", "mood": "good"}])", &unknown);
  EXPECT_EQ(unknown, std::vector<std::string>{"messages[0].mood"});
}

}  // namespace
}  // namespace retort::api
