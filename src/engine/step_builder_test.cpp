#include "engine/step_builder.h"

#include <gtest/gtest.h>

namespace retort {
namespace {

using Ints = std::vector<int32_t>;

// The example of ops/step.h: a chunk of a prompt beside a decoding sequence.
TEST(BuildBatch, LaysOutChunksAndDecodingRows) {
  Sequence prompt{
      .id = 1, .tokens = Ints(50, 5), .prompt_tokens = 50, .computed = 32, .blocks = {7, 2, 9, 3}};
  Sequence decoding{
      .id = 2, .tokens = Ints(11, 6), .prompt_tokens = 4, .computed = 10, .blocks = {4}};
  Plan plan{.items = {{.sequence = &prompt, .start = 32, .count = 3, .samples = false},
                      {.sequence = &decoding, .start = 10, .count = 1, .samples = true}},
            .num_rows = 4};
  Batch batch;
  BuildBatch(plan, batch);
  EXPECT_EQ(batch.tokens, (Ints{5, 5, 5, 6}));
  EXPECT_EQ(batch.positions, (Ints{32, 33, 34, 10}));
  EXPECT_EQ(batch.roles, (std::vector{RowRole::kPrompt, RowRole::kPrompt, RowRole::kPrompt,
                                      RowRole::kGenerated}));
  EXPECT_EQ(batch.query_start, (Ints{0, 3, 4}));
  EXPECT_EQ(batch.kv_len, (Ints{35, 11}));
  EXPECT_EQ(batch.block_stride, 4);
  EXPECT_EQ(batch.block_table, (Ints{7, 2, 9, 3, 4, 0, 0, 0}));
  EXPECT_EQ(batch.logit_rows, (Ints{3}));
}

TEST(BuildBatch, KeepsRolesWhenAPreemptedSequenceIsRecomputed) {
  Sequence sequence{
      .id = 1, .tokens = {1, 2, 3, 4}, .prompt_tokens = 2, .computed = 0, .blocks = {0}};
  Plan plan{.items = {{.sequence = &sequence, .start = 0, .count = 4, .samples = true}},
            .num_rows = 4};
  Batch batch;
  batch.tokens = {9, 9};  // what the step before left
  BuildBatch(plan, batch);
  EXPECT_EQ(batch.tokens, (Ints{1, 2, 3, 4}));
  EXPECT_EQ(batch.roles, (std::vector{RowRole::kPrompt, RowRole::kPrompt, RowRole::kGenerated,
                                      RowRole::kGenerated}));
}

TEST(BuildBatch, DraftsAreGeneratedRowsWithLogits) {
  Sequence first{.id = 1, .tokens = {1, 2, 3}, .prompt_tokens = 2, .computed = 2, .blocks = {5, 6}};
  Sequence second{.id = 2, .tokens = {4, 5}, .prompt_tokens = 1, .computed = 1, .blocks = {7}};
  Plan plan{
      .items = {{.sequence = &first, .start = 2, .count = 1, .samples = true, .drafts = {8, 9}},
                {.sequence = &second, .start = 1, .count = 1, .samples = true}},
      .num_rows = 4};
  Batch batch;
  BuildBatch(plan, batch);
  EXPECT_EQ(batch.tokens, (Ints{3, 8, 9, 5}));
  EXPECT_EQ(batch.positions, (Ints{2, 3, 4, 1}));
  EXPECT_EQ(batch.roles, std::vector(4, RowRole::kGenerated));
  EXPECT_EQ(batch.query_start, (Ints{0, 3, 4}));
  EXPECT_EQ(batch.kv_len, (Ints{5, 2}));
  EXPECT_EQ(batch.logit_rows, (Ints{0, 1, 2, 3}));
}

TEST(BuildBatch, TheLastRowOfAPromptIsAPromptRow) {
  Sequence sequence{.id = 1, .tokens = {1}, .prompt_tokens = 1, .computed = 0, .blocks = {0}};
  Plan plan{.items = {{.sequence = &sequence, .start = 0, .count = 1, .samples = true}},
            .num_rows = 1};
  Batch batch;
  BuildBatch(plan, batch);
  EXPECT_EQ(batch.roles, std::vector{RowRole::kPrompt});
  EXPECT_EQ(batch.logit_rows, (Ints{0}));
}

}  // namespace
}  // namespace retort
