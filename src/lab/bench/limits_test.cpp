#include "lab/bench/limits.h"

#include <gtest/gtest.h>

namespace retort {
namespace {

constexpr ModelWork kWork = {
    .layer_params = 1000, .head_params = 500, .weight_bytes = 800, .kv_bytes_per_token = 4};
constexpr MachineLimits kSlowMemory = {
    .read_bytes_per_s = 100, .flops_per_s = 1e12, .prompt_flops_per_s = 1e12};
constexpr MachineLimits kSlowArithmetic = {
    .read_bytes_per_s = 1e12, .flops_per_s = 1000, .prompt_flops_per_s = 4000};

BenchTest Prompt(int32_t tokens) { return {.kind = BenchKind::kPrompt, .tokens = tokens}; }

BenchTest Generate(int32_t sequences, int32_t depth, int32_t tokens) {
  return {.kind = BenchKind::kGenerate, .sequences = sequences, .depth = depth, .tokens = tokens};
}

TEST(Limits, APromptMultipliesEveryLayerPerTokenAndTheHeadOnce) {
  const TimeFloor floor = FloorOf(Prompt(10), kWork, kSlowArithmetic, 512);
  EXPECT_TRUE(floor.arithmetic);
  EXPECT_DOUBLE_EQ(floor.seconds, 2 * (10 * 1000 + 500) / 4000.0);
}

TEST(Limits, APromptReadsTheWeightsOnceAChunk) {
  EXPECT_DOUBLE_EQ(FloorOf(Prompt(512), kWork, kSlowMemory, 512).seconds, 8);
  EXPECT_DOUBLE_EQ(FloorOf(Prompt(513), kWork, kSlowMemory, 512).seconds, 16);
}

TEST(Limits, AGeneratedTokenReadsTheWeightsAndItsContext) {
  const TimeFloor floor = FloorOf(Generate(1, 100, 1), kWork, kSlowMemory, 512);
  EXPECT_FALSE(floor.arithmetic);
  EXPECT_DOUBLE_EQ(floor.seconds, (800 + 101 * 4) / 100.0);
  // Contexts of 101, 102 and 103 tokens.
  EXPECT_DOUBLE_EQ(FloorOf(Generate(1, 100, 3), kWork, kSlowMemory, 512).seconds,
                   (3 * 800 + (101 + 102 + 103) * 4) / 100.0);
}

TEST(Limits, StreamsShareTheWeightsButNotTheirContexts) {
  EXPECT_DOUBLE_EQ(FloorOf(Generate(8, 100, 1), kWork, kSlowMemory, 512).seconds,
                   (800 + 8 * 101 * 4) / 100.0);
  EXPECT_DOUBLE_EQ(FloorOf(Generate(8, 100, 1), kWork, kSlowArithmetic, 512).seconds,
                   2 * 8 * 1500 / 1000.0);
}

TEST(Limits, ClientsPayForTheirPromptsAndForTheirTokens) {
  const BenchTest clients = {.kind = BenchKind::kServed, .sequences = 8, .depth = 100, .tokens = 3};
  const BenchTest prompts = {.kind = BenchKind::kPrompt, .sequences = 8, .tokens = 100};
  for (const MachineLimits& limits : {kSlowMemory, kSlowArithmetic}) {
    EXPECT_DOUBLE_EQ(FloorOf(clients, kWork, limits, 512).seconds,
                     FloorOf(prompts, kWork, limits, 512).seconds +
                         FloorOf(Generate(8, 100, 3), kWork, limits, 512).seconds);
  }
}

}  // namespace
}  // namespace retort
