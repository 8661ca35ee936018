#include "runtime/generation.h"

#include <gtest/gtest.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "base/error.h"
#include "runtime/scripted_model.h"
#include "tests/support/byte_tokenizer.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kPrompt = "<|user|>q<|assistant|><think>\n";

// Generates one scripted continuation of kPrompt.
class GenerationTest : public testing::Test {
 protected:
  GenerationResult Generate(const std::string& continuation, const GenerationOptions& options) {
    ScriptedModel model(
        {{.prompt = tokenizer_.Encode(kPrompt), .continuation = tokenizer_.Encode(continuation)}},
        {.vocab_size = kByteVocabulary + 7,  // padded
         .eos = kEndToken,
         .max_positions = 1000});
    Engine engine(model, {});
    Generator generator(tokenizer_, nullptr, engine);
    const auto stream = generator.Complete(kPrompt, options);
    pieces_ = {};
    while (const auto piece = stream->Next()) {
      pieces_.reasoning += piece->reasoning;
      pieces_.answer += piece->answer;
    }
    EXPECT_EQ(pieces_.reasoning, stream->result().reasoning);
    EXPECT_EQ(pieces_.answer, stream->result().answer);
    EXPECT_FALSE(stream->Next().has_value());
    return stream->result();
  }

  Tokenizer tokenizer_ = MakeByteTokenizer();
  ThinkDelta pieces_;  // what the stream gave, joined
};

TEST_F(GenerationTest, SplitsAndCountsThinking) {
  const GenerationResult result = Generate("ab</think>c<|end|>", {.max_tokens = 50});
  EXPECT_EQ(result.reasoning, "ab");
  EXPECT_EQ(result.answer, "c");
  EXPECT_EQ(result.finish, FinishReason::kStop);
  EXPECT_EQ(result.prompt_tokens, 5);
  EXPECT_EQ(result.generated_tokens, 5) << "the end token counts";
  EXPECT_EQ(result.reasoning_tokens, 3) << "the tag counts";
  EXPECT_GT(result.first_token_s, 0);
  EXPECT_GE(result.first_answer_s, result.first_token_s + result.thinking_s);
  EXPECT_GE(result.total_s, result.first_answer_s);
  EXPECT_GT(result.decode_tokens_per_s, 0);
}

TEST_F(GenerationTest, AnAnswerWithoutWordsHasNoFirstAnswer) {
  EXPECT_EQ(Generate("ab</think>\n\n<|end|>", {.max_tokens = 50}).first_answer_s, 0);
}

TEST_F(GenerationTest, AStopStringEndsAtItsLastTokenAndIsNotShown) {
  const GenerationResult result =
      Generate("x</think>one two three<|end|>", {.max_tokens = 50, .stop = {"never", "o t"}});
  EXPECT_EQ(result.answer, "one tw") << "the first stop string to be complete is in \"two three\"";
  EXPECT_EQ(result.finish, FinishReason::kStop);
  EXPECT_EQ(result.generated_tokens, 11) << "x, the tag and \"one two t\"";
}

TEST_F(GenerationTest, StopStringsHoldInThinkingIfAskedTo) {
  const GenerationResult result =
      Generate("so 思考 then</think>no<|end|>",
               {.max_tokens = 50, .stop = {"考 t"}, .constrain_thinking = true});
  EXPECT_EQ(result.reasoning, "so 思");
  EXPECT_EQ(result.answer, "");
  EXPECT_EQ(result.finish, FinishReason::kStop);
}

TEST_F(GenerationTest, StopStringsAreOfTheAnswerAlone) {
  const GenerationResult result = Generate("END and\n\n</think>\n\nyes END no<|end|>",
                                           {.max_tokens = 50, .stop = {"END", "\n\n"}});
  EXPECT_EQ(result.reasoning, "END and\n\n");
  EXPECT_EQ(result.answer, "\n\nyes ");
  EXPECT_EQ(result.stop_string, "END");
  EXPECT_EQ(result.finish, FinishReason::kStop);
}

TEST_F(GenerationTest, RawTextBeginsWithThePromptsTag) {
  const GenerationResult result = Generate("END</think>\n\nyes END<|end|>",
                                           {.max_tokens = 50, .stop = {"END"}, .raw_text = true});
  EXPECT_EQ(result.answer, "<think>\nEND</think>\n\nyes ");
  EXPECT_EQ(result.reasoning, "");
  EXPECT_EQ(result.reasoning_tokens, 4);
}

TEST_F(GenerationTest, TellsThatTheThoughtWasCut) {
  EXPECT_TRUE(Generate("abc</think>d<|end|>", {.max_tokens = 2}).ended_in_reasoning);
  EXPECT_FALSE(Generate("abc</think>d<|end|>", {.max_tokens = 5}).ended_in_reasoning);
}

TEST_F(GenerationTest, WhoDoesNotWaitIsToldWhenThereIsSomething) {
  ScriptedModel model({{.prompt = tokenizer_.Encode(kPrompt),
                        .continuation = tokenizer_.Encode("a</think>b<|end|>")}},
                      {.vocab_size = kByteVocabulary, .eos = kEndToken});
  Engine engine(model, {});
  Generator generator(tokenizer_, nullptr, engine);
  std::atomic<int> told = 0;
  const auto stream = generator.Complete(kPrompt, {.max_tokens = 50}, [&] { ++told; });
  std::string text;
  GenerationPiece piece;
  for (Poll poll = Poll::kNothingYet; poll != Poll::kEnd;) {
    const int before = told;
    while ((poll = stream->TryNext(piece)) == Poll::kEvent) text += piece.reasoning + piece.answer;
    while (poll == Poll::kNothingYet && told == before) std::this_thread::yield();
  }
  EXPECT_EQ(text, "ab");
  EXPECT_LE(told, 5);
  EXPECT_EQ(stream->TryNext(piece), Poll::kEnd);
}

TEST_F(GenerationTest, EndThinkingClosesTheThought) {
  ScriptedModel model({{.prompt = tokenizer_.Encode(kPrompt),
                        .continuation = tokenizer_.Encode(std::string(900, 'x'))}},
                      {.vocab_size = kByteVocabulary, .eos = kEndToken, .max_positions = 2000});
  Engine engine(model, {});
  Generator generator(tokenizer_, nullptr, engine);
  const auto stream =
      generator.Complete(kPrompt, {.max_tokens = 950, .thinking = {.loop_guard = false}});
  stream->EndThinking();
  while (stream->Next()) {
  }
  const GenerationResult& result = stream->result();
  EXPECT_EQ(result.thinking_end, ThinkingEnd::kAsked);
  EXPECT_EQ(result.forced_tokens, 4) << "a line's end, the tag, two more";
  EXPECT_LT(result.generated_tokens, 950);
  EXPECT_FALSE(result.ended_in_reasoning);
}

TEST_F(GenerationTest, TheBeginningOfAStopStringIsShownInTheEnd) {
  EXPECT_EQ(Generate("</think>abcab<|end|>", {.max_tokens = 50, .stop = {"abd"}}).answer, "abcab");
}

TEST_F(GenerationTest, MaxTokensCutsInsideACharacter) {
  // The three bytes of U+601D, of which two fit.
  const GenerationResult result = Generate("</think>a思<|end|>", {.max_tokens = 4});
  EXPECT_EQ(result.answer, "a\uFFFD");
  EXPECT_EQ(result.finish, FinishReason::kLength);
  EXPECT_EQ(result.generated_tokens, 4);
}

TEST_F(GenerationTest, IgnoreEosRunsOnAndHidesTheEnd) {
  const GenerationResult result =
      Generate("</think>a<|end|>", {.max_tokens = 20, .ignore_eos = true});
  EXPECT_EQ(result.answer, "a");
  EXPECT_EQ(result.generated_tokens, 20);
  EXPECT_EQ(result.finish, FinishReason::kLength);
}

TEST_F(GenerationTest, MinTokensHoldsTheEndBack) {
  const GenerationResult result =
      Generate("</think>a<|end|>", {.max_tokens = 20, .min_tokens = 6, .stop = {}});
  EXPECT_EQ(result.finish, FinishReason::kStop);
  EXPECT_EQ(result.generated_tokens, 7) << "six, and the end";
}

TEST_F(GenerationTest, LogprobsComeWithTheTextOfTheirTokens) {
  const GenerationResult result =
      Generate("x</think>é<|end|>", {.max_tokens = 20, .top_logprobs = 2});
  ASSERT_EQ(result.logprobs.size(), 5u) << "every token, also those without text";
  std::string bytes;
  for (const TextLogprobs& logprobs : result.logprobs) {
    bytes += logprobs.chosen.bytes;
    ASSERT_EQ(logprobs.top.size(), 2u);
    EXPECT_EQ(logprobs.top[0].token, logprobs.chosen.token);
    // One logit of 50 among zeros.
    EXPECT_NEAR(logprobs.chosen.logprob, 0, 1e-15);
    EXPECT_NEAR(logprobs.top[1].logprob, -50, 1e-12);
  }
  EXPECT_EQ(bytes, "x</think>é<|end|>");
  EXPECT_TRUE(result.logprobs[1].reasoning) << "the tag";
  EXPECT_FALSE(result.logprobs[2].reasoning);
}

TEST_F(GenerationTest, ChoicesAreStreamedEachWithItsText) {
  ScriptedModel model({}, {.vocab_size = kByteVocabulary, .eos = kEndToken});
  Engine engine(model, {});
  Generator generator(tokenizer_, nullptr, engine);
  const auto texts = [&](int32_t choices, uint64_t seed) {
    // At such a temperature all tokens are equally likely, so choices differ.
    const auto stream = generator.Complete(kPrompt, {.sampling = {.temperature = 1e6, .seed = seed},
                                                     .max_tokens = 30,
                                                     .num_choices = choices,
                                                     .ignore_eos = true});
    std::vector<std::string> joined(static_cast<size_t>(choices));
    while (const auto piece = stream->Next()) {
      joined[static_cast<size_t>(piece->choice)] += piece->reasoning + piece->answer;
    }
    for (int32_t i = 0; i < choices; ++i) {
      EXPECT_EQ(stream->result_of(i).generated_tokens, 30);
      EXPECT_EQ(stream->result_of(i).reasoning + stream->result_of(i).answer,
                joined[static_cast<size_t>(i)]);
    }
    return joined;
  };
  const std::vector<std::string> together = texts(3, 5);
  EXPECT_NE(together[0], together[1]);
  for (int32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(texts(1, ChoiceSeed(5, i))[0], together[static_cast<size_t>(i)]);
  }
}

TEST_F(GenerationTest, StopStringsEndEachChoiceByItself) {
  ScriptedModel model({{.prompt = tokenizer_.Encode(kPrompt),
                        .continuation = tokenizer_.Encode("</think>one two<|end|>")}},
                      {.vocab_size = kByteVocabulary, .eos = kEndToken});
  Engine engine(model, {});
  Generator generator(tokenizer_, nullptr, engine);
  const auto stream =
      generator.Complete(kPrompt, {.max_tokens = 50, .num_choices = 3, .stop = {"e t"}});
  while (stream->Next()) {
  }
  for (int32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(stream->result_of(i).answer, "on");
    EXPECT_EQ(stream->result_of(i).finish, FinishReason::kStop);
  }
}

TEST_F(GenerationTest, ARepeatedPromptIsMostlyCached) {
  ScriptedModel model({}, {.vocab_size = kByteVocabulary, .eos = kEndToken});
  Engine engine(model, {});
  Generator generator(tokenizer_, nullptr, engine);
  const auto cached = [&] {
    const auto stream = generator.Complete(std::string(40, 'a'), {.max_tokens = 2});
    while (stream->Next()) {
    }
    return stream->result().cached_tokens;
  };
  EXPECT_EQ(cached(), 0);
  EXPECT_EQ(cached(), 32) << "blocks of 16";
}

TEST_F(GenerationTest, SamplingNeverReachesThePaddingOfTheVocabulary) {
  // At such a temperature every token is as likely as the script's.
  const GenerationResult result = Generate(
      "</think>a", {.sampling = {.temperature = 1e6}, .max_tokens = 400, .ignore_eos = true});
  EXPECT_EQ(result.generated_tokens, 400);
  EXPECT_EQ(result.finish, FinishReason::kLength);
}

TEST_F(GenerationTest, FitContextCutsInsteadOfRefusing) {
  EXPECT_EQ(Generate("a", {.max_tokens = 1 << 30, .ignore_eos = true, .fit_context = true})
                .generated_tokens,
            995);
}

TEST_F(GenerationTest, RefusesEmptyStopStrings) {
  EXPECT_THROW(Generate("a", {.max_tokens = 5, .stop = {""}}), Error);
}

TEST_F(GenerationTest, ChatRendersTheTemplate) {
  const ChatTemplate chat_template(kThinkingTemplate, "test");
  ScriptedModel model({{.prompt = tokenizer_.Encode("<|user|>2+2?<|assistant|><think>\n"),
                        .continuation = tokenizer_.Encode("sum</think>4<|end|>")}},
                      {.vocab_size = kByteVocabulary, .eos = kEndToken});
  Engine engine(model, {});
  Generator generator(tokenizer_, &chat_template, engine);
  const Json messages = {{{"role", "user"}, {"content", "2+2?"}}};
  EXPECT_EQ(generator.RenderChat(messages), "<|user|>2+2?<|assistant|><think>\n");
  const auto stream = generator.Chat(messages, {.max_tokens = 50});
  while (stream->Next()) {
  }
  EXPECT_EQ(stream->result().answer, "4");
  EXPECT_EQ(stream->result().reasoning, "sum");
}

TEST_F(GenerationTest, ChatWithoutATemplateNamesTheFile) {
  ScriptedModel model({}, {.vocab_size = kByteVocabulary, .eos = kEndToken});
  Engine engine(model, {});
  Generator generator(tokenizer_, nullptr, engine);
  try {
    generator.Chat(Json::array(), {});
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_NE(std::string(error.what()).find("bytes.gguf"), std::string::npos);
  }
}

class FailingModel : public ScriptedModel {
 public:
  using ScriptedModel::ScriptedModel;
  std::span<const float> Forward(const Batch&) override { throw std::runtime_error("broken"); }
};

TEST_F(GenerationTest, AnErrorEndsTheStreamWithItsMessage) {
  FailingModel model({}, {.vocab_size = kByteVocabulary, .eos = kEndToken});
  Engine engine(model, {});
  Generator generator(tokenizer_, nullptr, engine);
  const auto stream = generator.Complete("a", {});
  EXPECT_FALSE(stream->Next().has_value());
  EXPECT_EQ(stream->result().finish, FinishReason::kError);
  EXPECT_EQ(stream->result().error, "broken");
}

TEST_F(GenerationTest, CancelAndDestructionFreeTheCache) {
  ScriptedModel model({}, {.vocab_size = kByteVocabulary, .eos = kEndToken});
  Engine engine(model, {});
  Generator generator(tokenizer_, nullptr, engine);
  const GenerationOptions endless{.max_tokens = 30000, .ignore_eos = true};
  const auto cancelled = generator.Complete("a", endless);
  cancelled->Cancel();
  while (cancelled->Next()) {
  }
  EXPECT_EQ(cancelled->result().finish, FinishReason::kCancelled);
  generator.Complete("b", endless).reset();
  // A request behind the two has an end, and then all is free.
  const auto last = generator.Complete("c", {.max_tokens = 5});
  while (last->Next()) {
  }
  EXPECT_EQ(engine.Stats().free_blocks, engine.Stats().total_blocks);
}

}  // namespace
}  // namespace retort
