#include "lab/bench/plan.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace retort {
namespace {

std::vector<std::string> Names(const BenchSpec& spec) {
  std::vector<std::string> names;
  for (const BenchTest& test : PlanTests(spec)) names.push_back(test.name);
  return names;
}

TEST(BenchPlan, TestsAreNamedByWhatTheyMeasure) {
  BenchSpec spec;
  spec.prompts = {128, 512};
  spec.generated = 100;
  spec.depths = {0, 2048};
  spec.batches = {1, 16};
  EXPECT_EQ(Names(spec), (std::vector<std::string>{"pp128", "pp512", "tg100", "tg64@2048", "batch1",
                                                   "batch16"}));
}

TEST(BenchPlan, ClientsAreMeasuredWhenAskedFor) {
  BenchSpec spec = {.prompts = {}, .depths = {}, .batches = {}};
  EXPECT_TRUE(Names(spec).empty());
  spec.clients = 8;
  EXPECT_EQ(Names(spec),
            (std::vector<std::string>{"served8", "first128", "first1024", "stall1024"}));
  const auto tests = PlanTests(spec);
  EXPECT_EQ(tests[0].timed_tokens(), 8 * kServedGenerated);
  EXPECT_EQ(tests[2].timed_tokens(), 1024);
  // 8 x 192 tokens, and a spare block for each and one more.
  EXPECT_EQ(CacheTokens({tests[0]}, 32), 32 * (8 * 6 + 9));
  EXPECT_EQ(CacheTokens({tests[3]}, 32), 32 * (32 + 10 + 2));
}

TEST(BenchPlan, ADepthNeverGeneratesMoreThanAsked) {
  const auto tests = PlanTests({.prompts = {}, .generated = 8, .depths = {256}, .batches = {}});
  ASSERT_EQ(tests.size(), 1u);
  EXPECT_EQ(tests[0].name, "tg8@256");
  EXPECT_EQ(tests[0].depth, 256);
  EXPECT_EQ(tests[0].tokens, 8);
}

TEST(BenchPlan, ABatchCountsTheTokensOfAllItsStreams) {
  const auto tests = PlanTests({.prompts = {}, .depths = {}, .batches = {16}});
  EXPECT_EQ(tests[0].timed_tokens(), 16 * kBatchGenerated);
}

TEST(BenchPlan, RefusesWhatCannotBeMeasuredNamingTheFlag) {
  const auto message = [](const BenchSpec& spec) {
    try {
      PlanTests(spec);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_NE(message({.prompts = {0}}).find("--prompts 0"), std::string::npos);
  EXPECT_NE(message({.generated = -1}).find("--gen -1"), std::string::npos);
  EXPECT_NE(message({.depths = {-5}}).find("--depths -5"), std::string::npos);
  EXPECT_NE(message({.batches = {9999}}).find("--batches 9999"), std::string::npos);
  EXPECT_NE(message({.clients = -1}).find("--clients -1"), std::string::npos);
  EXPECT_NE(message({.repeat = 0}).find("--repeat 0"), std::string::npos);
}

TEST(BenchPlan, ListsOfCounts) {
  EXPECT_EQ(ParseCounts("--prompts", "128,512"), (std::vector<int32_t>{128, 512}));
  EXPECT_EQ(ParseCounts("--prompts", "7"), (std::vector<int32_t>{7}));
  EXPECT_TRUE(ParseCounts("--prompts", "none").empty());
  for (const char* text : {"", "a", "1,", ",1", "1;2", "1 ,2", "99999999999"}) {
    EXPECT_THROW(ParseCounts("--prompts", text), Error) << text;
  }
}

TEST(BenchPlan, TheCacheHoldsTheLargestTestInWholeBlocks) {
  const auto tests =
      PlanTests({.prompts = {10}, .generated = 4, .depths = {0, 33}, .batches = {3}});
  // batch3: 3 x 96 tokens, 3 blocks of 32 each.
  EXPECT_EQ(CacheTokens(tests, 32), 288);
  EXPECT_EQ(CacheTokens(tests, 100), 300);
  EXPECT_EQ(CacheTokens({}, 32), 0);
}

}  // namespace
}  // namespace retort
