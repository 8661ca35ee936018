#include "lab/bench/step_driver.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/error.h"

namespace retort {
namespace {

// Accepts batches as a real model would and remembers them; 8 tokens a block, 12 blocks.
class RecordingModel : public LanguageModel {
 public:
  int64_t vocab_size() const override { return 50; }
  int64_t max_positions() const override { return 64; }
  KvGeometry kv_geometry() const override { return {.block_size = 8, .num_blocks = 12}; }
  int32_t max_rows() const override { return 16; }
  std::span<const float> Forward(const Batch& batch) override {
    batches.push_back(batch);
    return {};
  }

  std::vector<Batch> batches;
};

TEST(StepDriver, PromptsComeInTheLargestChunksAndAskForTheLastLogitsAlone) {
  RecordingModel model;
  StepDriver driver(model, 1);
  driver.Start(1, 40);
  driver.Prompt(40);
  ASSERT_EQ(model.batches.size(), 3u);
  EXPECT_EQ(model.batches[0].tokens.size(), 16u);
  EXPECT_EQ(model.batches[1].tokens.size(), 16u);
  EXPECT_EQ(model.batches[2].tokens.size(), 8u);
  EXPECT_EQ(model.batches[1].positions.front(), 16);
  EXPECT_EQ(model.batches[2].positions.back(), 39);
  EXPECT_EQ(model.batches[2].kv_len, std::vector<int32_t>{40});
  EXPECT_EQ(model.batches[2].roles.front(), RowRole::kPrompt);
  EXPECT_TRUE(model.batches[0].logit_rows.empty());
  EXPECT_EQ(model.batches[2].logit_rows, std::vector<int32_t>{7});
}

TEST(StepDriver, GeneratesOneRowOfEachSequenceAStep) {
  RecordingModel model;
  StepDriver driver(model, 1);
  driver.Start(3, 10);
  driver.Prompt(8);
  model.batches.clear();
  driver.Generate(2);
  ASSERT_EQ(model.batches.size(), 2u);
  const Batch& second = model.batches[1];
  EXPECT_EQ(second.positions, (std::vector<int32_t>{9, 9, 9}));
  EXPECT_EQ(second.kv_len, (std::vector<int32_t>{10, 10, 10}));
  EXPECT_EQ(second.query_start, (std::vector<int32_t>{0, 1, 2, 3}));
  EXPECT_EQ(second.logit_rows, (std::vector<int32_t>{0, 1, 2}));
  EXPECT_EQ(second.roles[2], RowRole::kGenerated);
}

TEST(StepDriver, SequencesHaveBlocksOfTheirOwn) {
  RecordingModel model;
  StepDriver driver(model, 1);
  driver.Start(4, 20);
  driver.Prompt(20);
  driver.Rewind(19);
  driver.Generate(1);
  const Batch& batch = model.batches.back();
  EXPECT_EQ(batch.block_stride, 3);
  const std::set<int32_t> blocks(batch.block_table.begin(), batch.block_table.end());
  EXPECT_EQ(blocks.size(), 12u);
  EXPECT_EQ(*blocks.begin(), 0);
  EXPECT_EQ(*blocks.rbegin(), 11);
}

TEST(StepDriver, MoreSequencesThanRowsTakeSeveralSteps) {
  RecordingModel model;
  StepDriver driver(model, 1);
  driver.Start(12, 8);
  driver.Generate(1);
  EXPECT_EQ(model.batches.size(), 1u);

  class NarrowModel : public RecordingModel {
   public:
    int32_t max_rows() const override { return 5; }
  } narrow;
  StepDriver by_five(narrow, 1);
  by_five.Start(12, 8);
  by_five.Generate(1);
  ASSERT_EQ(narrow.batches.size(), 3u);
  EXPECT_EQ(narrow.batches[2].tokens.size(), 2u);
  EXPECT_EQ(narrow.batches[2].block_table, (std::vector<int32_t>{10, 11}));
}

TEST(StepDriver, RewindingRepeatsTheSamePositions) {
  RecordingModel model;
  StepDriver driver(model, 1);
  driver.Start(1, 12);
  driver.Prompt(8);
  driver.Generate(3);
  driver.Rewind(8);
  model.batches.clear();
  driver.Generate(1);
  EXPECT_EQ(model.batches[0].positions, std::vector<int32_t>{8});
}

TEST(StepDriver, TokensAreAFunctionOfTheSeed) {
  const auto tokens = [](uint64_t seed) {
    RecordingModel model;
    StepDriver driver(model, seed);
    driver.Start(1, 16);
    driver.Prompt(16);
    return model.batches[0].tokens;
  };
  EXPECT_EQ(tokens(1), tokens(1));
  EXPECT_NE(tokens(1), tokens(2));
  for (int32_t token : tokens(1)) EXPECT_LT(token, 50);
}

TEST(StepDriver, SaysWhatDoesNotFit) {
  RecordingModel model;
  StepDriver driver(model, 1);
  driver.Start(12, 8);
  EXPECT_THROW(driver.Start(13, 8), Error);
  EXPECT_THROW(driver.Start(1, 65), Error);
  try {
    driver.Start(2, 64);
    FAIL() << "16 blocks out of 12";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kResourceExhausted);
    EXPECT_NE(std::string(error.what()).find("128 tokens and it holds 96"), std::string::npos);
  }
}

}  // namespace
}  // namespace retort
