// What sequences share: full blocks of equal prefixes, and never more.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>

#include "engine/scheduler.h"

namespace retort {
namespace {

using Ints = std::vector<int32_t>;

class SchedulerPrefixTest : public testing::Test {
 protected:
  // "1:0+4s 2:4+2": sequence 1 computes 4 rows from 0 and samples, sequence 2 two rows from 4.
  std::string Step(Scheduler& scheduler, int32_t sampled = 90) {
    const Plan plan = scheduler.Next();
    std::string text;
    for (const PlanItem& item : plan.items) {
      text += (text.empty() ? "" : " ") + std::to_string(item.sequence->id) + ":" +
              std::to_string(item.start) + "+" + std::to_string(item.count) +
              (item.samples ? "s" : "");
      if (item.samples) scheduler.Append(item.sequence->id, sampled);
    }
    scheduler.Commit(plan);
    scheduler.CheckIntegrity();
    return text;
  }

  static SchedulerOptions Options(int32_t num_blocks, int32_t max_rows = 64) {
    return {.block_size = 2, .num_blocks = num_blocks, .max_rows = max_rows, .max_running = 8};
  }
};

TEST_F(SchedulerPrefixTest, AFinishedRequestsBlocksServeTheNext) {
  Scheduler scheduler(Options(20));
  scheduler.Add(1, {1, 2, 3, 4, 5});
  EXPECT_EQ(Step(scheduler), "1:0+5s");
  scheduler.Remove(1);
  EXPECT_EQ(scheduler.pool().num_free(), 20) << "cached blocks count as free";
  EXPECT_EQ(scheduler.index().size(), 2);
  scheduler.Add(2, {1, 2, 3, 4, 6, 7});
  EXPECT_EQ(Step(scheduler), "2:4+2s");
  EXPECT_EQ(scheduler.num_reused_tokens(), 4);
  scheduler.Add(3, {1, 2, 9, 4, 6, 7});
  EXPECT_EQ(Step(scheduler), "2:6+1s 3:2+4s") << "a block is found by all that precedes it";
}

TEST_F(SchedulerPrefixTest, TheLastTokenIsAlwaysComputed) {
  Scheduler scheduler(Options(20));
  scheduler.Add(1, {1, 2, 3, 4});
  EXPECT_EQ(Step(scheduler), "1:0+4s");
  scheduler.Add(2, {1, 2, 3, 4});
  EXPECT_EQ(Step(scheduler), "1:4+1s 2:2+2s") << "its logits are wanted, so the block is computed";
  EXPECT_EQ(scheduler.Find(1)->blocks[1], scheduler.Find(2)->blocks[1]) << "and shared afterwards";
}

TEST_F(SchedulerPrefixTest, GeneratedRowsAreNotPromptRows) {
  Scheduler scheduler(Options(20));
  scheduler.Add(1, {1, 2});
  for (const int32_t token : {3, 4, 5}) Step(scheduler, token);
  ASSERT_EQ(scheduler.Find(1)->tokens, (Ints{1, 2, 3, 4, 5}));
  scheduler.Add(2, {1, 2, 3, 4, 5});
  EXPECT_EQ(Step(scheduler), "1:4+1s 2:2+3s") << "tokens 3 and 4 were computed as generated ones";
}

TEST_F(SchedulerPrefixTest, NobodyComputesWhatAnotherIsComputing) {
  Scheduler scheduler(Options(40, /*max_rows=*/8));
  scheduler.Add(1, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  scheduler.Add(2, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12});
  scheduler.Add(3, {20, 21});
  EXPECT_EQ(Step(scheduler), "1:0+8");
  EXPECT_EQ(Step(scheduler), "1:8+3s");
  EXPECT_EQ(Step(scheduler), "1:11+1s 2:10+1s 3:0+2s");
}

TEST_F(SchedulerPrefixTest, TwinsEndUpInTheSameBlocks) {
  Scheduler scheduler(Options(20));
  scheduler.Add(1, {1, 2, 3});
  scheduler.Add(2, {1, 2, 3});
  EXPECT_EQ(Step(scheduler), "1:0+3s");
  for (int step = 0; step < 4; ++step) Step(scheduler);
  const Sequence& first = *scheduler.Find(1);
  const Sequence& second = *scheduler.Find(2);
  ASSERT_EQ(second.num_tokens(), 7);
  EXPECT_TRUE(std::equal(second.blocks.begin(), second.blocks.begin() + 3, first.blocks.begin()))
      << "they sampled the same tokens";
  EXPECT_EQ(scheduler.pool().references(first.blocks[2]), 2);
  scheduler.Remove(1);
  scheduler.Remove(2);
  scheduler.CheckIntegrity();
  EXPECT_EQ(scheduler.pool().num_free(), 20);
}

TEST_F(SchedulerPrefixTest, APreemptedSequenceFindsWhatNobodyTook) {
  Scheduler scheduler(Options(8));
  scheduler.Add(1, {1, 2});
  scheduler.Add(2, {10, 11, 12, 13, 14, 15});
  EXPECT_EQ(Step(scheduler), "1:0+2s 2:0+6s");
  while (scheduler.num_preemptions() == 0) Step(scheduler);
  scheduler.Remove(1);
  EXPECT_EQ(scheduler.Find(2)->num_tokens(), 11);
  EXPECT_EQ(Step(scheduler), "2:8+3s") << "the first took one block, the last of its five";
}

TEST_F(SchedulerPrefixTest, CachedBlocksGiveWayTheLongestUnusedFirst) {
  Scheduler scheduler(Options(6));
  for (int64_t id = 1; id <= 3; ++id) {
    const auto first = static_cast<int32_t>(10 * id);
    scheduler.Add(id, {first, first + 1, first + 2});
    Step(scheduler);
    scheduler.Remove(id);
  }
  EXPECT_EQ(scheduler.index().size(), 3);
  Ints large(9);
  std::iota(large.begin(), large.end(), 50);
  scheduler.Add(4, large);
  Step(scheduler);
  scheduler.Remove(4);
  scheduler.Add(5, {30, 31, 32});
  EXPECT_EQ(Step(scheduler), "5:2+1s") << "the last one was kept";
  scheduler.Add(6, {10, 11, 12});
  EXPECT_EQ(Step(scheduler), "5:3+1s 6:0+3s");
}

TEST_F(SchedulerPrefixTest, SharedBlocksAreCountedOnceWhereRoomIsShort) {
  Scheduler scheduler(Options(8));
  Ints prompt(9);  // 5 blocks, 4 of them shared
  std::iota(prompt.begin(), prompt.end(), 1);
  scheduler.Add(1, prompt);
  EXPECT_EQ(Step(scheduler), "1:0+9s");
  scheduler.Add(2, prompt);
  EXPECT_EQ(Step(scheduler), "1:9+1s 2:8+1s");
  EXPECT_EQ(scheduler.pool().num_free(), 2);
}

TEST_F(SchedulerPrefixTest, CanBeSwitchedOff) {
  SchedulerOptions options = Options(20);
  options.prefix_cache = false;
  Scheduler scheduler(options);
  scheduler.Add(1, {1, 2, 3});
  scheduler.Add(2, {1, 2, 3});
  EXPECT_EQ(Step(scheduler), "1:0+3s 2:0+3s");
  EXPECT_EQ(scheduler.index().size(), 0);
  EXPECT_NE(scheduler.Find(1)->blocks[0], scheduler.Find(2)->blocks[0]);
}

}  // namespace
}  // namespace retort
