// Constrained answers through the whole of generator, engine and sampler: whatever a model says and
// however it is sampled, an answer that was not cut is JSON and an instance of its schema.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "grammar/json_schema.h"
#include "grammar/test_schema.h"
#include "runtime/generation.h"
#include "tests/support/byte_tokenizer.h"
#include "tests/support/hash_model.h"
#include "text/test_data.h"
#include "text/tokenizer_json.h"

namespace retort {
namespace {

constexpr const char* kThinkingPrompt = "<|user|>q<|assistant|><think>\n";
constexpr const char* kPlainPrompt = "<|user|>q<|assistant|>";

struct Tally {
  int whole = 0, cut = 0;
};

// Answers to a prompt, checked against their schema.
void Check(Generator& generator, const std::string& prompt, const SchemaJson& schema,
           const GenerationOptions& options, Tally& tally) {
  const auto stream = generator.Complete(prompt, options);
  while (stream->Next()) continue;
  for (int32_t choice = 0; choice < options.num_choices; ++choice) {
    const GenerationResult& result = stream->result_of(choice);
    ASSERT_EQ(result.error, "");
    if (result.finish == FinishReason::kLength) {
      ++tally.cut;
      continue;
    }
    ASSERT_EQ(result.finish, FinishReason::kStop);
    ++tally.whole;
    const SchemaJson value = SchemaJson::parse(result.answer, nullptr, /*allow_exceptions=*/false);
    ASSERT_FALSE(value.is_discarded()) << result.answer;
    ASSERT_EQ(WhyNot(schema, value), "") << result.answer;
  }
}

SamplingParams SamplingOf(uint64_t seed) {
  SamplingParams sampling = {.temperature = seed % 4 == 0 ? 0.0 : 0.8, .seed = seed};
  if (seed % 3 == 0) sampling.top_p = 0.9;
  if (seed % 5 == 0) sampling.top_k = 20;
  if (seed % 7 == 0) sampling.presence_penalty = 0.5;
  return sampling;
}

TEST(ConstrainedOutput, RandomModelsGiveInstancesOfRandomSchemas) {
  const Tokenizer tokenizer = MakeByteTokenizer();
  Tally tally;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    HashModel model({.vocab_size = kByteVocabulary + 7,
                     .habit = seed % 2 == 0 ? 3.0f : 0.0f,
                     .max_positions = 1500,
                     .kv = {.block_size = 8, .num_blocks = 400}});
    Engine engine(model, {.max_draft_tokens = seed % 3 == 0 ? 0 : 8, .draft_always = true});
    Generator generator(tokenizer, nullptr, engine);
    const SchemaJson schema = RandomSchema(1000 + seed);
    SCOPED_TRACE(schema.dump());
    GenerationOptions options = {
        .sampling = SamplingOf(seed),
        .max_tokens = 700,
        .num_choices = seed % 4 == 1 ? 3 : 1,
        .thinking = {.budget = 10 * static_cast<int32_t>(seed % 3), .loop_guard = false}};
    options.grammar = generator.Compile(JsonSchemaGrammar(schema, "random"));
    Check(generator, seed % 2 == 0 ? kThinkingPrompt : kPlainPrompt, schema, options, tally);
  }
  EXPECT_GT(tally.whole, 30);
}

TEST(ConstrainedOutput, DraftsChangeNothing) {
  const Tokenizer tokenizer = MakeByteTokenizer();
  for (uint64_t seed = 0; seed < 12; ++seed) {
    std::vector<std::string> answers;
    for (const int32_t drafts : {0, 8}) {
      HashModel model({.vocab_size = kByteVocabulary,
                       .habit = 6,
                       .max_positions = 1500,
                       .kv = {.block_size = 8, .num_blocks = 200}});
      Engine engine(model, {.max_draft_tokens = drafts, .draft_always = true});
      Generator generator(tokenizer, nullptr, engine);
      GenerationOptions options = {.sampling = SamplingOf(seed),
                                   .max_tokens = 300,
                                   .thinking = {.budget = 8, .loop_guard = false}};
      options.grammar = generator.Compile(JsonSchemaGrammar(RandomSchema(seed), "random"));
      const auto stream = generator.Complete(kThinkingPrompt, options);
      while (stream->Next()) continue;
      answers.push_back(stream->result().reasoning + "|" + stream->result().answer);
      if (drafts > 0 && answers.back().size() > 200) {
        EXPECT_GT(engine.Stats().drafted_tokens, 0);
      }
    }
    EXPECT_EQ(answers[0], answers[1]);
  }
}

TEST(ConstrainedOutput, HoldsInARealVocabulary) {
  const std::string file = SharedData("data/tokenizers/r1-distill-qwen/tokenizer.json.gz");
  if (file.empty()) GTEST_SKIP() << kNoSharedData;
  TokenizerSpec spec = ReadTokenizerJson(ReadGz(file), "r1-distill-qwen");
  const Tokenizer finder{TokenizerSpec(spec)};
  spec.eos = finder.Find("<｜end▁of▁sentence｜>");
  ASSERT_TRUE(spec.eos.has_value());
  spec.stop_ids = {*spec.eos};
  const Tokenizer tokenizer(spec);
  HashModel model(
      {.vocab_size = 151'936, .max_positions = 1000, .kv = {.block_size = 8, .num_blocks = 400}});
  Engine engine(model, {.max_draft_tokens = 0});
  Generator generator(tokenizer, nullptr, engine);
  Tally tally;
  for (uint64_t seed = 0; seed < 25; ++seed) {
    const SchemaJson schema = RandomSchema(2000 + seed);
    SCOPED_TRACE(schema.dump());
    GenerationOptions options = {.sampling = SamplingOf(seed),
                                 .max_tokens = 120,
                                 .thinking = {.budget = 3, .loop_guard = false}};
    options.grammar = generator.Compile(JsonSchemaGrammar(schema, "random"));
    Check(generator, "<think>\n", schema, options, tally);
  }
  EXPECT_GT(tally.whole, 15);
}

}  // namespace
}  // namespace retort
