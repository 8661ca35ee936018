#include "runtime/chat_prompt.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/byte_tokenizer.h"
#include "tests/support/expect_error.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

class ChatPromptTest : public testing::Test {
 protected:
  std::string Render(const ChatPrompt& chat) {
    return RenderChatPrompt(ChatTemplate(source_, "t"), tokenizer_, chat);
  }
  static Json Message(const char* role, const char* content) {
    return {{"role", role}, {"content", content}};
  }

  Tokenizer tokenizer_ = MakeByteTokenizer();
  std::string source_ =
      "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}"
      "{% if tools %}{{ tools | tojson }}{% endif %}"
      "{% if add_generation_prompt %}{{ eos_token }}{% if not fast %}<think>{% endif %}{% endif %}";
};

TEST_F(ChatPromptTest, GivesTheTemplateWhatItKnows) {
  const Json messages = {Message("user", "hi")};
  const Json kwargs = {{"fast", true}};
  const Json tools = Json::array({{{"name", "f"}}});
  ChatPrompt chat{.messages = &messages};
  EXPECT_EQ(Render(chat), "[user]hi<|end|><think>");
  chat.template_kwargs = &kwargs;
  EXPECT_EQ(Render(chat), "[user]hi<|end|>");
  chat.tools = &tools;
  chat.add_generation_prompt = false;
  EXPECT_EQ(Render(chat), "[user]hi[{\"name\": \"f\"}]");
}

TEST_F(ChatPromptTest, ContinuesTheFinalMessage) {
  source_ += "!";
  Json messages = {Message("user", "hi"), Message("assistant", " once upon\n")};
  const ChatPrompt chat{.messages = &messages, .continue_final_message = true};
  EXPECT_EQ(Render(chat), "[user]hi[assistant] once upon");
  messages = {Message("assistant", "  ")};
  ExpectError(ErrorCode::kInvalidArgument, {"empty and cannot be continued"},
              [&] { Render(chat); });
  messages = Json::array();
  ExpectError(ErrorCode::kInvalidArgument, {"no final message"}, [&] { Render(chat); });
  source_ = "nothing";
  messages = {Message("assistant", "x")};
  ExpectError(ErrorCode::kInvalidArgument, {"changes the final message"}, [&] { Render(chat); });
}

TEST_F(ChatPromptTest, KnowsWhenTheContinuedMessageIsAThought) {
  Json messages = {Message("user", "<think>?"), Message("assistant", "\n<think>\nhm, ")};
  ChatPrompt chat{.messages = &messages, .continue_final_message = true};
  EXPECT_TRUE(ContinuesThought(chat));
  chat.continue_final_message = false;
  EXPECT_FALSE(ContinuesThought(chat));
  chat.continue_final_message = true;
  messages.back() = Message("assistant", "<think>hm</think>so");
  EXPECT_FALSE(ContinuesThought(chat));
  messages.back() = Message("assistant", "The tag <think> opens a thought");
  EXPECT_FALSE(ContinuesThought(chat));
}

}  // namespace
}  // namespace retort
