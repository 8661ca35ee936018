#include "runtime/thinking_governor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/error.h"
#include "runtime/generation.h"
#include "runtime/scripted_model.h"
#include "runtime/test_prompts.h"
#include "tests/support/byte_tokenizer.h"

namespace retort {
namespace {

std::string Repeat(const std::string& text, int times) {
  std::string repeated;
  for (int i = 0; i < times; ++i) repeated += text;
  return repeated;
}

// A prompt and what the model says: the first continuation, until the governor cuts in; then, as
// what was forced is off that script, the one that begins with all there is.
struct Told {
  std::string prompt = kThinkingPrompt;
  std::vector<std::string> continuations;
};

class ThinkingGovernorTest : public testing::TestWithParam<TokenKind> {
 protected:
  ThinkingGovernorTest() : tokenizer_(MakeByteTokenizer(GetParam())) {}

  GenerationResult Generate(const Told& told, const GenerationOptions& options) {
    std::vector<Script> scripts;
    for (const std::string& continuation : told.continuations) {
      scripts.push_back({.prompt = tokenizer_.Encode(told.prompt),
                         .continuation = tokenizer_.Encode(continuation)});
    }
    ScriptedModel model(std::move(scripts), {.vocab_size = kByteVocabulary, .eos = kEndToken});
    Engine engine(model, {});
    Generator generator(tokenizer_, nullptr, engine);
    const auto stream = generator.Complete(told.prompt, options);
    ThinkDelta pieces;
    while (const auto piece = stream->Next()) {
      pieces.reasoning += piece->reasoning;
      pieces.answer += piece->answer;
    }
    EXPECT_EQ(pieces.reasoning, stream->result().reasoning);
    EXPECT_EQ(pieces.answer, stream->result().answer);
    EXPECT_EQ(engine.Stats().free_blocks, engine.Stats().total_blocks);
    return stream->result();
  }

  Tokenizer tokenizer_;
};

TEST_P(ThinkingGovernorTest, ALoopingThoughtIsClosedAndAnAnswerFollows) {
  const std::string loop = Repeat("Wait, let me check that again. ", 40);
  const std::string cut = loop.substr(0, 320);  // the first look after 256 repeated tokens
  const GenerationResult result = Generate(
      {.continuations = {loop, cut + "\n</think>\n\nIt is 4.<|end|>"}}, {.max_tokens = 2000});
  EXPECT_EQ(result.reasoning, cut + "\n");
  EXPECT_EQ(result.answer, "\n\nIt is 4.");
  EXPECT_EQ(result.thinking_end, ThinkingEnd::kLoop);
  EXPECT_EQ(result.forced_tokens, 4);
  EXPECT_EQ(result.reasoning_tokens, 320 + 2) << "the forced line break and tag count";
  EXPECT_EQ(result.finish, FinishReason::kStop);
}

TEST_P(ThinkingGovernorTest, WithoutTheGuardALoopRunsOn) {
  const GenerationResult result =
      Generate({.continuations = {Repeat("Wait, let me check that again. ", 40)}},
               {.max_tokens = 800, .thinking = {.loop_guard = false}});
  EXPECT_EQ(result.finish, FinishReason::kLength);
  EXPECT_EQ(result.reasoning_tokens, 800);
  EXPECT_EQ(result.thinking_end, ThinkingEnd::kNone);
}

TEST_P(ThinkingGovernorTest, ALoopingAnswerEndsTheRequest) {
  const GenerationResult result = Generate(
      {.continuations = {"Hm.</think>" + Repeat("The answer is 4. ", 100)}}, {.max_tokens = 2000});
  EXPECT_EQ(result.reasoning, "Hm.");
  EXPECT_EQ(result.thinking_end, ThinkingEnd::kModel);
  EXPECT_EQ(result.finish, FinishReason::kLoop);
  EXPECT_LT(result.generated_tokens, 400);
}

TEST_P(ThinkingGovernorTest, ABudgetClosesAtALinesEnd) {
  const std::string thought = Repeat("abcdefg\n", 13);  // 104 tokens, a line's end at the 104th
  const GenerationResult result =
      Generate({.continuations = {thought + "hij", thought + "</think>\n\nok<|end|>"}},
               {.max_tokens = 500, .thinking = {.budget = 100}});
  EXPECT_EQ(result.reasoning, thought);
  EXPECT_EQ(result.answer, "\n\nok");
  EXPECT_EQ(result.thinking_end, ThinkingEnd::kBudget);
  EXPECT_EQ(result.forced_tokens, 3);
}

TEST_P(ThinkingGovernorTest, ABudgetClosesHardAfterATenth) {
  const std::string thought = std::string(99, 'a') + "\n" + std::string(10, 'b');
  // The line's end is the hundredth token: nothing to wait for. One token less, and it is too
  // early.
  const GenerationResult at_end =
      Generate({.continuations = {thought, thought.substr(0, 100) + "</think>\n\nok<|end|>"}},
               {.max_tokens = 500, .thinking = {.budget = 100}});
  EXPECT_EQ(at_end.thinking_end, ThinkingEnd::kBudget);
  EXPECT_EQ(at_end.answer, "\n\nok");
  const std::string longer = std::string(98, 'a') + "\n" + std::string(100, 'b');
  const GenerationResult hard =
      Generate({.continuations = {longer, longer.substr(0, 110) + "\n</think>\n\nok<|end|>"}},
               {.max_tokens = 500, .thinking = {.budget = 100}});
  EXPECT_EQ(hard.thinking_end, ThinkingEnd::kBudgetHard);
  EXPECT_EQ(hard.reasoning, longer.substr(0, 110) + "\n");
  EXPECT_EQ(hard.answer, "\n\nok");
}

TEST_P(ThinkingGovernorTest, NoCharacterIsCut) {
  const std::string thought =
      Repeat("思", 100);  // three bytes each: the 110th is the second of one
  const std::string cut = thought.substr(0, 111);
  const GenerationResult result =
      Generate({.continuations = {thought, cut + "\n</think>\n\n好<|end|>"}},
               {.max_tokens = 500, .thinking = {.budget = 100, .loop_guard = false}});
  EXPECT_EQ(result.reasoning, cut + "\n");
  EXPECT_EQ(result.answer, "\n\n好");
}

TEST_P(ThinkingGovernorTest, ThinkingThatTheModelOpensHasTheBudgetToo) {
  const std::string thought = "<think>\n" + std::string(200, 'x');
  const std::string cut = thought.substr(0, std::string("<think>").size() + 54);  // the tag is one
  const GenerationResult result = Generate(
      {.prompt = kPlainPrompt, .continuations = {thought, cut + "\n</think>\n\nok<|end|>"}},
      {.max_tokens = 500, .thinking = {.budget = 50, .loop_guard = false}});
  EXPECT_EQ(result.thinking_end, ThinkingEnd::kBudgetHard);
  EXPECT_EQ(result.reasoning_tokens, 55 + 2);
  EXPECT_EQ(result.answer, "\n\nok");
}

TEST_P(ThinkingGovernorTest, ABudgetOfZeroLeavesNoThinking) {
  // The prompt opens it: the prompt closes it.
  const GenerationResult prefilled =
      Generate({.prompt = kThinkingPrompt, .continuations = {"\n</think>\n\nok<|end|>"}},
               {.max_tokens = 50, .thinking = {.budget = 0}});
  EXPECT_EQ(prefilled.reasoning + prefilled.answer, "ok");
  EXPECT_EQ(prefilled.thinking_end, ThinkingEnd::kBudget);
  EXPECT_EQ(prefilled.forced_tokens, 0);
  // The model opens it: it is closed behind the tag.
  const GenerationResult opened = Generate(
      {.prompt = kPlainPrompt, .continuations = {"<think>Hm", "<think>\n</think>\n\nok<|end|>"}},
      {.max_tokens = 50, .thinking = {.budget = 0}});
  EXPECT_EQ(opened.reasoning, "\n");
  EXPECT_EQ(opened.answer, "\n\nok");
  EXPECT_EQ(opened.thinking_end, ThinkingEnd::kBudget);
}

TEST_P(ThinkingGovernorTest, ABudgetDoesNotTouchAModelThatDoesNotThink) {
  const std::string answer = Repeat("Well, x = 1.\n", 3) + "So it is 1. <think> is a tag.";
  for (const int32_t budget : {0, 5}) {
    const GenerationResult result =
        Generate({.prompt = kPlainPrompt, .continuations = {answer + "<|end|>"}},
                 {.max_tokens = 500, .thinking = {.budget = budget}});
    EXPECT_EQ(result.answer, answer);
    EXPECT_EQ(result.forced_tokens, 0);
    EXPECT_EQ(result.thinking_end, ThinkingEnd::kNone);
  }
}

TEST_P(ThinkingGovernorTest, ReopenedThinkingIsClosedAtOnceAndThenEndsTheRequest) {
  const std::string thought = std::string(55, 'x');
  const std::string closed = thought + "\n</think>\n\n";
  const std::string again = "<think>\n</think>\n\n";
  const GenerationOptions options{.max_tokens = 500,
                                  .thinking = {.budget = 50, .loop_guard = false}};
  const GenerationResult once = Generate(
      {.continuations = {thought + "xxx", closed + "<think>x", closed + again + "ok<|end|>"}},
      options);
  EXPECT_EQ(once.reasoning, thought + "\n\n\n\n");
  EXPECT_EQ(once.answer, "\n\nok");
  EXPECT_EQ(once.finish, FinishReason::kStop);
  const GenerationResult forever = Generate(
      {.continuations = {thought + "xxx", closed + "<think>x", closed + again + again}}, options);
  EXPECT_EQ(forever.answer, "");
  EXPECT_EQ(forever.finish, FinishReason::kLoop);
  EXPECT_EQ(forever.thinking_end, ThinkingEnd::kBudgetHard);
}

TEST_P(ThinkingGovernorTest, MaxTokensMayCutTheClosing) {
  const std::string thought = std::string(300, 'x');
  const GenerationResult result =
      Generate({.continuations = {thought}},
               {.max_tokens = 56, .thinking = {.budget = 50, .loop_guard = false}});
  EXPECT_EQ(result.finish, FinishReason::kLength);
  EXPECT_EQ(result.forced_tokens, 1);
  EXPECT_EQ(result.reasoning, thought.substr(0, 55) + "\n");
  EXPECT_EQ(result.thinking_end, ThinkingEnd::kBudgetHard);
}

TEST_P(ThinkingGovernorTest, AStopStringAtTheTagIsNoMatterForIt) {
  // The matcher holds the tag back, for it might become the stop string; the thinking is over.
  const std::string text = std::string(48, 'x') + "</think>" + std::string(100, 'y');
  const GenerationResult result = Generate(
      {.continuations = {text + "<|end|>"}},
      {.max_tokens = 500, .stop = {"</think>!"}, .thinking = {.budget = 50, .loop_guard = false}});
  EXPECT_EQ(result.answer, std::string(100, 'y'));
  EXPECT_EQ(result.forced_tokens, 0);
}

// The vocabularies of models that were not made to think have no tokens for the tags.
TEST(ThinkingGovernor, WritesTheTagInBytesWhereTheVocabularyHasNone) {
  const Tokenizer tokenizer = MakeByteTokenizer(TokenKind::kNormal);
  ThinkingGovernor governor(tokenizer, kThinkingPrompt, {.budget = 2});
  EXPECT_TRUE(governor.Push('a').force.empty());
  const Steering steering = governor.Push('b');
  EXPECT_EQ(tokenizer.Decode(steering.force), "\n</think>\n\n");
  EXPECT_EQ(steering.force.size(), 11u);
  for (const int32_t token : steering.force) EXPECT_TRUE(governor.Push(token).force.empty());
  EXPECT_EQ(governor.end(), ThinkingEnd::kBudgetHard);
}

TEST(ThinkingGovernor, ClosesWithTheNextTokenWhenAskedAndTheReaderKnows) {
  const Tokenizer tokenizer = MakeByteTokenizer();
  const auto switches = std::make_shared<ThinkingSwitches>();
  ThinkingGovernor governor(tokenizer, kThinkingPrompt, {}, switches);
  ThinkingGovernor reader(tokenizer, kThinkingPrompt, {});
  const auto push = [&](int32_t token, bool forced) {
    reader.Push(token, forced);
    return governor.Push(token);
  };
  EXPECT_TRUE(push('a', false).force.empty());
  switches->answer_now = true;
  const Steering steering = push('b', false);
  EXPECT_EQ(tokenizer.Decode(steering.force), "\n</think>\n\n");
  for (const int32_t token : steering.force) EXPECT_TRUE(push(token, true).force.empty());
  for (const ThinkingGovernor* each : {&governor, &reader}) {
    EXPECT_EQ(each->end(), ThinkingEnd::kAsked);
  }
  EXPECT_TRUE(push('c', false).force.empty()) << "the answer is free";
}

INSTANTIATE_TEST_SUITE_P(TagKinds, ThinkingGovernorTest,
                         testing::Values(TokenKind::kControl, TokenKind::kUserDefined),
                         [](const auto& param_info) -> std::string {
                           return param_info.param == TokenKind::kControl ? "Control"
                                                                          : "UserDefined";
                         });

TEST(ThinkingLimits, RefuseANegativeBudget) {
  try {
    ThinkingLimits{.budget = -1}.Validate();
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_STREQ(error.what(),
                 "the thinking budget is -1; it must be at least 0 (0: no thinking at all)");
  }
}

TEST(ThinkingEnd, HasNames) {
  EXPECT_EQ(ThinkingEndName(ThinkingEnd::kNone), "none");
  EXPECT_EQ(ThinkingEndName(ThinkingEnd::kBudgetHard), "budget_hard");
  EXPECT_EQ(ThinkingEndName(ThinkingEnd::kLoop), "loop");
}

}  // namespace
}  // namespace retort
