#include "lab/bench/served_driver.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "base/error.h"
#include "lab/bench/benchmark.h"
#include "tests/support/hash_model.h"

namespace retort {
namespace {

// Counts the rows of each role.
class RowCountingModel : public HashModel {
 public:
  explicit RowCountingModel(const HashModelOptions& options) : HashModel(options) {}
  std::span<const float> Forward(const Batch& batch) override {
    std::this_thread::sleep_for(step_time);
    if (fail) throw std::runtime_error("the device is gone");
    prompt_rows += std::count(batch.roles.begin(), batch.roles.end(), RowRole::kPrompt);
    generated_rows += std::count(batch.roles.begin(), batch.roles.end(), RowRole::kGenerated);
    most_streams = std::max(most_streams, static_cast<int64_t>(batch.kv_len.size()));
    return HashModel::Forward(batch);
  }
  bool fail = false;
  std::chrono::milliseconds step_time{0};
  int64_t prompt_rows = 0, generated_rows = 0, most_streams = 0;
};

class ServedDriverTest : public testing::Test {
 protected:
  RowCountingModel model_{
      {.max_positions = 4096, .kv = {.block_size = 32, .num_blocks = 64}, .max_rows = 256}};
  ServedDriver driver_{model_, 1};
};

TEST_F(ServedDriverTest, EveryClientGetsAllItsTokens) {
  // Long enough that the last client comes while the first is served, however busy the machine.
  model_.step_time = std::chrono::milliseconds(2);
  const ServedFigures figures =
      driver_.Measure({.kind = BenchKind::kServed, .sequences = 3, .depth = 20, .tokens = 100});
  EXPECT_EQ(model_.prompt_rows, 3 * 20);
  EXPECT_EQ(model_.generated_rows, 3 * 99);  // the last token is never computed
  EXPECT_EQ(model_.most_streams, 3);
  EXPECT_GT(figures.seconds, 0);
  EXPECT_FALSE(figures.wait_s);
}

TEST_F(ServedDriverTest, ALonePromptWaitsForItsFirstToken) {
  const ServedFigures figures = driver_.Measure({.kind = BenchKind::kFirstToken, .tokens = 300});
  EXPECT_EQ(model_.prompt_rows, 300);
  EXPECT_EQ(model_.generated_rows, 0);
  EXPECT_EQ(figures.wait_s, figures.seconds);
}

TEST_F(ServedDriverTest, AStalledStreamRunsBesideThePrompt) {
  const ServedFigures figures = driver_.Measure({.kind = BenchKind::kStall, .tokens = 1024});
  EXPECT_EQ(model_.prompt_rows, 1024 + kStalledPrompt);
  EXPECT_GE(model_.generated_rows, 1024 / 256);
  EXPECT_EQ(model_.most_streams, 2);
  EXPECT_GT(*figures.wait_s, 0);
  EXPECT_LE(*figures.wait_s, figures.seconds + 1);
}

TEST_F(ServedDriverTest, SaysWhatDoesNotFitAndWhatFails) {
  EXPECT_NO_THROW(driver_.CheckFits({.kind = BenchKind::kFirstToken, .tokens = 1024}));
  EXPECT_THROW(driver_.CheckFits({.kind = BenchKind::kServed, .sequences = 64, .depth = 128}),
               Error);
  EXPECT_THROW(driver_.CheckFits({.kind = BenchKind::kFirstToken, .tokens = 5000}), Error);
  model_.fail = true;
  EXPECT_THROW(driver_.Measure({.kind = BenchKind::kFirstToken, .tokens = 10}), Error);
}

TEST_F(ServedDriverTest, IsPartOfABenchmark) {
  const BenchSpec spec = {.prompts = {}, .depths = {}, .batches = {}, .clients = 2, .repeat = 2};
  const std::vector<BenchModel> models = {
      {.name = "a", .model = &model_, .work = {.layer_params = 9, .weight_bytes = 9}}};
  std::vector<BenchResult> results;
  const BenchHooks hooks = {.on_result = [&](const BenchResult& r) { results.push_back(r); }};
  RunBenchmark(models, PlanTests(spec), spec,
               {.read_bytes_per_s = 1e9, .flops_per_s = 1e9, .prompt_flops_per_s = 1e9},
               SteadyClock(), hooks);
  ASSERT_EQ(results.size(), 4u);
  for (const BenchResult& result : results) {
    EXPECT_EQ(result.tokens_per_s.size(), 2u);
    EXPECT_EQ(result.wait_s.size(), result.test == "served2" ? 0u : 2u) << result.test;
  }
}

}  // namespace
}  // namespace retort
