#include "runtime/answer_constraint.h"

#include <gtest/gtest.h>

#include <set>

#include "grammar/gbnf.h"
#include "runtime/generation.h"
#include "runtime/scripted_model.h"
#include "runtime/test_prompts.h"
#include "tests/support/byte_tokenizer.h"
#include "tests/support/expect_error.h"

namespace retort {
namespace {

constexpr const char* kYesNo = "root ::= \"yes\" | \"no\" | \"n\" [a-f]{2} \"!\"?";

// What a model that wants to say `script` says within a grammar. Off its script it wants to end,
// and where that is not allowed it says the token with the lowest id that is.
class AnswerConstraintTest : public testing::Test {
 protected:
  GenerationResult Generate(const std::string& prompt, const std::string& script,
                            const std::string& gbnf, GenerationOptions options = {}) {
    const std::vector<int32_t> suffix = tokenizer_.Encode(
        options.thinking.budget == 0 && prompt == kThinkingPrompt ? "\n</think>\n\n" : "");
    std::vector<int32_t> whole_prompt = tokenizer_.Encode(prompt);
    whole_prompt.insert(whole_prompt.end(), suffix.begin(), suffix.end());
    ScriptedModel model(
        {{.prompt = whole_prompt, .continuation = tokenizer_.Encode(script)}},
        {.vocab_size = kByteVocabulary + 7, .eos = kEndToken, .max_positions = 500});
    Engine engine(model, {});
    Generator generator(tokenizer_, nullptr, engine);
    options.max_tokens = 60;
    options.grammar = generator.Compile(ParseGbnf(gbnf, "test.gbnf"));
    const auto stream = generator.Complete(prompt, options);
    while (stream->Next()) continue;
    EXPECT_EQ(stream->result().error, "");
    return stream->result();
  }

  Tokenizer tokenizer_ = MakeByteTokenizer();
};

TEST_F(AnswerConstraintTest, BeginsBehindTheThought) {
  const GenerationResult result =
      Generate(kThinkingPrompt, "well, maybe</think>\n\nno<|end|>", kYesNo);
  EXPECT_EQ(result.reasoning, "well, maybe") << "the thought is free";
  EXPECT_EQ(result.answer, "\n\nno");
  EXPECT_EQ(result.finish, FinishReason::kStop);
}

TEST_F(AnswerConstraintTest, KeepsTheAnswerToTheGrammar) {
  EXPECT_EQ(Generate(kThinkingPrompt, "x</think>\n\nperhaps<|end|>", kYesNo).answer, "\n\nnaa");
  EXPECT_EQ(Generate(kThinkingPrompt, "x</think>yes, or no<|end|>", kYesNo).answer, "yes");
  EXPECT_EQ(Generate(kThinkingPrompt, "x</think>\n\n\n\nno<|end|>", kYesNo).answer, "\n\nnaa")
      << "a third end of line belongs to the answer";
}

TEST_F(AnswerConstraintTest, EndsWithoutAnEndTokenWhereNothingCanFollow) {
  const GenerationResult result = Generate(kPlainPrompt, "yes and more", kYesNo);
  EXPECT_EQ(result.answer, "yes");
  EXPECT_EQ(result.generated_tokens, 3);
  EXPECT_EQ(result.finish, FinishReason::kStop);
  const GenerationResult open = Generate(kPlainPrompt, "nab<|end|>", kYesNo);
  EXPECT_EQ(open.answer, "nab");
  EXPECT_EQ(open.generated_tokens, 4) << "! could follow, so the model ends it";
}

TEST_F(AnswerConstraintTest, AModelMayOpenItsThoughtItself) {
  const GenerationResult result = Generate(kPlainPrompt, "<think>hm</think>\n\nno<|end|>", kYesNo);
  EXPECT_EQ(result.reasoning, "hm");
  EXPECT_EQ(result.answer, "\n\nno");
  EXPECT_EQ(Generate(kPlainPrompt, "no<think>", kYesNo).answer, "no");
  // With no budget it may not.
  const GenerationResult without =
      Generate(kPlainPrompt, "<think>hm</think>yes<|end|>", kYesNo, {.thinking = {.budget = 0}});
  EXPECT_EQ(without.reasoning, "");
  EXPECT_EQ(without.answer, "naa");
}

TEST_F(AnswerConstraintTest, HoldsBehindAThoughtThatWasClosed) {
  const GenerationResult cut =
      Generate(kThinkingPrompt, "one\ntwo\nthree and so on", kYesNo, {.thinking = {.budget = 4}});
  EXPECT_EQ(cut.thinking_end, ThinkingEnd::kBudget);
  EXPECT_EQ(cut.answer, "\n\nnaa");
  const GenerationResult none =
      Generate(kThinkingPrompt, "yes<|end|>", kYesNo, {.thinking = {.budget = 0}});
  EXPECT_EQ(none.answer, "yes");
}

TEST_F(AnswerConstraintTest, MayBeOfTheThoughtToo) {
  const GenerationResult result =
      Generate(kThinkingPrompt, "thinking</think>yes<|end|>", kYesNo, {.constrain_thinking = true});
  EXPECT_EQ(result.reasoning + result.answer, "naa");
}

TEST_F(AnswerConstraintTest, SpecialTokensAreNoText) {
  EXPECT_EQ(Generate(kPlainPrompt, "<|user|><|end|>", "root ::= .{3} [a]").answer,
            std::string("\0\0\0a", 4));
  // Their text may be spelled.
  const std::string spelled = Generate(kPlainPrompt, "", "root ::= \"<|user|>\"").answer;
  EXPECT_EQ(spelled, "<|user|>");
}

TEST_F(AnswerConstraintTest, IgnoredEndsAreTakenAsEnds) {
  const GenerationResult result =
      Generate(kPlainPrompt, "nab<|end|>", kYesNo, {.ignore_eos = true});
  EXPECT_EQ(result.answer, "nab");
  EXPECT_EQ(result.finish, FinishReason::kStop);
}

TEST_F(AnswerConstraintTest, EachChoiceKeepsToIt) {
  ScriptedModel model({}, {.vocab_size = kByteVocabulary, .eos = kEndToken, .max_positions = 500});
  Engine engine(model, {});
  Generator generator(tokenizer_, nullptr, engine);
  GenerationOptions options = {.sampling = {.temperature = 30, .seed = 5}, .num_choices = 5};
  options.grammar = generator.Compile(ParseGbnf("root ::= [a-z]{8} [0-9]", "test.gbnf"));
  const auto stream = generator.Complete(kPlainPrompt, options);
  while (stream->Next()) continue;
  std::set<std::string> answers;
  for (int32_t choice = 0; choice < 5; ++choice) {
    const std::string& answer = stream->result_of(choice).answer;
    EXPECT_EQ(answer.size(), 9u) << answer;
    EXPECT_TRUE(answer.back() >= '0' && answer.back() <= '9') << answer;
    answers.insert(answer);
  }
  EXPECT_EQ(answers.size(), 5u);
}

// A vocabulary that spells the tag, with tokens that go on behind it.
TEST(AnswerConstraintOfSpelledTags, NoTokenClosesAThoughtAndGoesOnBesideTheGrammar) {
  TokenizerSpec spec = MakeByteTokenizer().spec();
  spec.tokens = {"<", "/", "think", ">", ">Ċ", ">ĊĊ", ">x", ">Ċx", "y", "</", "k>x", "thin"};
  spec.kinds.assign(spec.tokens.size(), TokenKind::kNormal);
  spec.eos = std::nullopt;
  spec.stop_ids.clear();
  const Tokenizer tokenizer(spec);
  const auto grammar =
      CompileGrammar(ParseGbnf("root ::= \"y\"", "test.gbnf"), MakeGrammarVocabulary(tokenizer));
  AnswerConstraint constraint(tokenizer, grammar, AnswerStart::kBehindThought);
  const auto allowed = [&](AnswerConstraint& at) {
    std::vector<int32_t> tokens;
    const std::span<const uint64_t> bits = at.Allowed();
    for (int32_t t = 0; t < tokenizer.size(); ++t) {
      if (bits.empty() || ((bits[0] >> t) & 1) != 0) tokens.push_back(t);
    }
    return tokens;
  };
  EXPECT_TRUE(constraint.Allowed().empty()) << "a thought is free";
  for (const int32_t token : {3, 9, 2}) constraint.Accept(token);  // "></think"
  EXPECT_EQ(allowed(constraint), (std::vector<int32_t>{0, 1, 2, 3, 4, 5, 8, 9, 10, 11}));
  AnswerConstraint other = constraint;
  other.Accept(8);
  EXPECT_TRUE(other.Allowed().empty()) << "it was no tag";
  constraint.Accept(4);
  EXPECT_EQ(allowed(constraint), std::vector<int32_t>{8});
  AnswerConstraint thin(tokenizer, grammar, AnswerStart::kBehindThought);
  for (const int32_t token : {9, 11}) thin.Accept(token);  // "</thin"
  const std::vector<int32_t> behind = allowed(thin);
  EXPECT_EQ(std::count(behind.begin(), behind.end(), 10), 0) << "k>x would close it";
  constraint.Accept(8);
  EXPECT_TRUE(constraint.complete());
}

TEST(AnswerConstraintOfAddedTokens, TakesThoseThatShowTextAndAreNoThought) {
  TokenizerSpec spec = MakeByteTokenizer().spec();
  for (const auto& [text, kind] :
       {std::pair("<call>", TokenKind::kUserDefined), std::pair("<skip>", TokenKind::kControl)}) {
    spec.tokens.push_back(text);
    spec.kinds.push_back(kind);
  }
  const Tokenizer tokenizer(spec);
  const auto allowed = [&](const char* gbnf) {
    AnswerConstraint constraint(
        tokenizer, CompileGrammar(ParseGbnf(gbnf, "test.gbnf"), MakeGrammarVocabulary(tokenizer)),
        AnswerStart::kAtOnce);
    const std::span<const uint64_t> bits = constraint.Allowed();
    std::vector<int32_t> tokens;
    for (size_t t = 0; t < spec.tokens.size(); ++t) {
      if (((bits[t / 64] >> (t % 64)) & 1) != 0) tokens.push_back(static_cast<int32_t>(t));
    }
    return tokens;
  };
  EXPECT_EQ(allowed("root ::= \"<call>x\""),
            (std::vector<int32_t>{'<', *tokenizer.Find("<call>")}));
  EXPECT_EQ(allowed("root ::= \"<skip>\""), std::vector<int32_t>{'<'});
  EXPECT_EQ(allowed("root ::= \"<think>\" | \"</think>\""), std::vector<int32_t>{'<'});
}

TEST(AnswerConstraintOfOtherModels, IsRefused) {
  const Tokenizer tokenizer = MakeByteTokenizer();
  const auto grammar = CompileGrammar(ParseGbnf("root ::= \"y\"", "test.gbnf"),
                                      std::make_shared<const GrammarVocabulary>(
                                          std::vector<std::string>{"y"}, std::vector<int32_t>{}));
  ExpectError(ErrorCode::kInvalidArgument, {"1 tokens", "261"},
              [&] { AnswerConstraint(tokenizer, grammar, AnswerStart::kAtOnce); });
}

}  // namespace
}  // namespace retort
