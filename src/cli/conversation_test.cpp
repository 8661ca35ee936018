#include "cli/conversation.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "runtime/scripted_model.h"
#include "tests/support/byte_tokenizer.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

class ConversationTest : public testing::Test {
 protected:
  Script MakeScript(const std::string& prompt, const std::string& continuation) {
    return {.prompt = tokenizer_.Encode(prompt), .continuation = tokenizer_.Encode(continuation)};
  }

  GenerationResult Ask(Conversation& conversation, const std::string& question) {
    const auto stream = conversation.Ask(generator_, question, {.max_tokens = 100});
    while (stream->Next()) {
    }
    conversation.Keep(stream->result());
    return stream->result();
  }

  Tokenizer tokenizer_ = MakeByteTokenizer();
  ChatTemplate template_{kThinkingTemplate, "test"};
  ScriptedModel model_{{MakeScript("<|user|>1+1?<|assistant|><think>\n", "easy</think>2<|end|>"),
                        // The second turn is found only if the first one's thinking is gone.
                        MakeScript("<|user|>1+1?<|assistant|>2<|end|><|user|>Sure?<|assistant|>"
                                   "<think>\n",
                                   "hm</think>Yes.<|end|>")},
                       {.vocab_size = kByteVocabulary, .eos = kEndToken}};
  Engine engine_{model_, {}};
  Generator generator_{tokenizer_, &template_, engine_};
};

TEST_F(ConversationTest, KeepsAnswersAndDropsThinking) {
  Conversation conversation("");
  EXPECT_EQ(Ask(conversation, "1+1?").answer, "2");
  const GenerationResult second = Ask(conversation, "Sure?");
  EXPECT_EQ(second.reasoning, "hm");
  EXPECT_EQ(second.answer, "Yes.");
  EXPECT_EQ(conversation.messages(), Json::parse(R"([
    {"role": "user", "content": "1+1?"}, {"role": "assistant", "content": "2"},
    {"role": "user", "content": "Sure?"}, {"role": "assistant", "content": "Yes."}])"));
}

TEST_F(ConversationTest, ForgetsAQuestionWithoutAnswer) {
  Conversation conversation("");
  EXPECT_EQ(Ask(conversation, "nobody knows").answer, "");
  EXPECT_TRUE(conversation.messages().empty());
}

TEST_F(ConversationTest, ClearLeavesTheSystemMessage) {
  Conversation conversation("Be brief.");
  conversation.Keep({.answer = "x"});
  EXPECT_EQ(conversation.messages().size(), 3u);
  conversation.Clear();
  EXPECT_EQ(conversation.messages(),
            Json::parse(R"([{"role": "system", "content": "Be brief."}])"));
}

TEST_F(ConversationTest, TheSystemMessageChangesAndTheRestStays) {
  Conversation conversation("");
  Ask(conversation, "1+1?");
  conversation.SetSystem("Be brief.");
  conversation.SetSystem("Be kind.");
  EXPECT_EQ(conversation.system(), "Be kind.");
  ASSERT_EQ(conversation.messages().size(), 3u);
  EXPECT_EQ(conversation.messages()[0]["content"], "Be kind.");
  conversation.SetSystem("");
  EXPECT_EQ(conversation.messages().size(), 2u);
}

TEST_F(ConversationTest, TakesBackTheLastQuestionWithItsAnswer) {
  Conversation conversation("Be brief.");
  EXPECT_EQ(conversation.TakeBack(), std::nullopt);
  conversation.Replace(Json::parse(R"([
    {"role": "system", "content": "s"},
    {"role": "user", "content": "one"}, {"role": "assistant", "content": "1"},
    {"role": "user", "content": "two"}, {"role": "assistant", "content": "2"}])"));
  EXPECT_EQ(conversation.TakeBack(), "two");
  EXPECT_EQ(conversation.messages().size(), 3u);
  EXPECT_EQ(conversation.TakeBack(), "one");
  EXPECT_EQ(conversation.TakeBack(), std::nullopt);
  EXPECT_EQ(conversation.system(), "s");
}

}  // namespace
}  // namespace retort
