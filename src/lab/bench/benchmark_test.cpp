#include "lab/bench/benchmark.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace retort {
namespace {

// Each step takes a second plus `row_seconds` for each row, on a clock of its own.
class TimedModel : public LanguageModel {
 public:
  TimedModel(FakeClock& clock, double row_seconds, std::string* order, char letter)
      : clock_(clock), row_seconds_(row_seconds), order_(order), letter_(letter) {}
  int64_t vocab_size() const override { return 10; }
  int64_t max_positions() const override { return 4096; }
  KvGeometry kv_geometry() const override { return {.block_size = 32, .num_blocks = 128}; }
  int32_t max_rows() const override { return 512; }
  std::span<const float> Forward(const Batch& batch) override {
    clock_.Advance(1 + row_seconds_ * static_cast<double>(batch.tokens.size()));
    order_->push_back(letter_);
    return {};
  }

 private:
  FakeClock& clock_;
  double row_seconds_;
  std::string* order_;
  char letter_;
};

// Every weight is one byte, so a step reads 100 bytes and does 200 operations a row.
constexpr ModelWork kOneByteWeights = {.layer_params = 90, .head_params = 10, .weight_bytes = 100};

class BenchmarkTest : public ::testing::Test {
 protected:
  std::vector<BenchResult> Run(const BenchSpec& spec, BenchHooks hooks = {}) {
    std::vector<BenchResult> results;
    hooks.on_result = [&](const BenchResult& result) { results.push_back(result); };
    RunBenchmark(models_, PlanTests(spec), spec,
                 {.read_bytes_per_s = 200, .flops_per_s = 2000, .prompt_flops_per_s = 2000}, clock_,
                 hooks);
    return results;
  }

  FakeClock clock_;
  std::string order_;
  TimedModel a_{clock_, 1, &order_, 'A'};
  TimedModel b_{clock_, 3, &order_, 'B'};
  std::vector<BenchModel> models_ = {{.name = "a", .model = &a_, .work = kOneByteWeights},
                                     {.name = "b", .model = &b_, .work = kOneByteWeights}};
};

TEST_F(BenchmarkTest, ModelsTakeTurns) {
  Run({.prompts = {8}, .depths = {}, .batches = {}, .repeat = 3});
  EXPECT_EQ(order_, "ABABABAB");  // once to warm up, then three rounds
}

TEST_F(BenchmarkTest, SpeedsAreTokensOverTime) {
  const auto results =
      Run({.prompts = {9}, .generated = 4, .depths = {0}, .batches = {3}, .repeat = 2});
  ASSERT_EQ(results.size(), 6u);
  EXPECT_EQ(results[0].model, "a");
  EXPECT_EQ(results[0].test, "pp9");
  ASSERT_EQ(results[0].tokens_per_s.size(), 2u);
  EXPECT_DOUBLE_EQ(results[0].tokens_per_s[0], 9 / 10.0);
  EXPECT_DOUBLE_EQ(results[1].tokens_per_s[1], 9 / 28.0);
  EXPECT_DOUBLE_EQ(results[2].tokens_per_s[0], 1 / 2.0);  // tg4: a row a step
  EXPECT_DOUBLE_EQ(results[4].tokens_per_s[0], 3 / 4.0);  // batch3: three rows a step
}

TEST_F(BenchmarkTest, TheShareOfTheLimitIsTheFloorOverTheMedianTime) {
  const auto results =
      Run({.prompts = {9}, .generated = 4, .depths = {0}, .batches = {}, .repeat = 1});
  // pp9: 2 * (9 * 90 + 10) operations at 2,000/s = 0.82 s of the 10 s that it took.
  EXPECT_TRUE(results[0].limited_by_arithmetic);
  EXPECT_NEAR(results[0].limit_share, 0.82 / 10, 1e-12);
  // tg: 100 bytes a token at 200/s = 0.5 s of 2 s.
  EXPECT_FALSE(results[2].limited_by_arithmetic);
  EXPECT_NEAR(results[2].limit_share, 0.25, 1e-12);
}

TEST_F(BenchmarkTest, ProgressEndsAtItsTotal) {
  int64_t last = 0, announced = 0;
  BenchHooks hooks;
  hooks.on_progress = [&](int64_t done, int64_t total, std::string_view) {
    EXPECT_EQ(done, last + 1);
    last = done;
    announced = total;
  };
  Run({.prompts = {8, 16}, .depths = {0}, .batches = {2}, .repeat = 2}, hooks);
  EXPECT_EQ(last, announced);
}

TEST_F(BenchmarkTest, SaysWhatCannotFitBeforeMeasuringAnything) {
  EXPECT_THROW(Run({.prompts = {8, 5000}, .depths = {}, .batches = {}}), Error);
  EXPECT_EQ(order_, "");
}

TEST_F(BenchmarkTest, StopsWhenAskedTo) {
  BenchHooks hooks;
  hooks.cancelled = [this] { return order_.size() >= 3; };
  try {
    Run({.prompts = {8}, .depths = {}, .batches = {}, .repeat = 100}, hooks);
    FAIL() << "not interrupted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  }
  EXPECT_EQ(order_.size(), 3u);
}

TEST_F(BenchmarkTest, GoesOnWhereAnEarlierSessionStopped) {
  const BenchSpec spec = {.prompts = {8, 16}, .depths = {}, .batches = {}, .repeat = 3};
  BenchHooks hooks;
  hooks.known = {{.model = "a", .test = "pp8", .tokens_per_s = {1, 2, 3}},
                 {.model = "b", .test = "pp8", .tokens_per_s = {4, 5, 6}},
                 {.model = "a", .test = "pp16", .tokens_per_s = {7, 8}},
                 {.model = "b", .test = "pp16", .tokens_per_s = {9}}};
  std::string measured;
  hooks.on_measured = [&](size_t model, const BenchResult& result) {
    measured += fmt::format("{}{} ", model, result.tokens_per_s.size());
  };
  int64_t last = 0, expected = 0;
  hooks.on_progress = [&](int64_t done, int64_t total, std::string_view) {
    last = done;
    expected = total;
  };
  const auto results = Run(spec, hooks);
  EXPECT_EQ(measured, "12 03 13 ");
  EXPECT_EQ(order_, "ABBAB") << "pp8 was complete: not even its context is computed";
  EXPECT_EQ(last, expected);
  ASSERT_EQ(results.size(), 4u);
  EXPECT_EQ(results[0].tokens_per_s, (std::vector<double>{1, 2, 3}));
  EXPECT_GT(results[0].limit_share, 0);
  EXPECT_EQ(results[3].tokens_per_s.size(), 3u);
  EXPECT_EQ(results[3].tokens_per_s[0], 9);
}

}  // namespace
}  // namespace retort
