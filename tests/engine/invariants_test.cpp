// ARCHITECTURE.md, invariants 1 and 4: a request's tokens never depend on its neighbours, on how
// its prompt was cut, on what was cached, drafted or preempted, and all blocks are free when the
// last request is gone.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <ostream>
#include <string>

#include "runtime/loaded_model.h"
#include "tests/engine/random_requests.h"
#include "tests/engine/random_schedule.h"
#include "tests/support/hash_model.h"
#include "tests/support/paths.h"

namespace retort {
namespace {

// What the schedules of a test reached, so that it cannot come to test nothing.
struct Totals {
  int64_t preemptions = 0, reused = 0, failed = 0, cancelled = 0, forced = 0;
  int64_t drafted = 0, accepted = 0;

  void Add(const RandomSchedule& schedule) {
    preemptions += schedule.stats().preemptions;
    reused += schedule.stats().reused_tokens;
    failed += schedule.num_failed();
    cancelled += schedule.num_cancelled();
    forced += schedule.num_forced();
    drafted += schedule.stats().drafted_tokens;
    accepted += schedule.stats().accepted_tokens;
  }
};

EngineOptions RandomEngineOptions(Rng& rng) {
  return {.max_batch_tokens = static_cast<int32_t>(rng.Int(1, 40)),
          .step_seconds = 0.1 * static_cast<double>(rng.Int(0, 3)),
          .max_running = static_cast<int32_t>(rng.Int(1, 8)),
          .prefix_cache = rng.Int(0, 3) > 0,
          .max_draft_tokens = static_cast<int32_t>(rng.Int(0, 8)),
          .draft_always = rng.Int(0, 2) > 0};
}

// Requests with canary tokens: each conversation has a stream of its own (hash_model.h). All begin
// with more or less of the same common text, and some go on where an earlier one's answer ended.
struct CanaryLoad {
  static constexpr int64_t kStreamSize = 12;
  static constexpr int64_t kStreams = 11;
  static constexpr int64_t kVocabulary = kStreamSize * kStreams;

  explicit CanaryLoad(Rng& rng) : habit(rng.Int(0, 3) == 0 ? 0.0f : 6.0f) {
    std::vector<int32_t> common;
    for (int i = 0; i < 14; ++i) common.push_back(static_cast<int32_t>(rng.Int(0, 1)));
    HashModel roomy(
        {.vocab_size = kVocabulary, .stream_size = kStreamSize, .habit = habit, .max_rows = 128});
    std::vector<int64_t> streams;
    for (int64_t n = rng.Int(1, kStreams - 1); n > 0; --n) {
      const bool continues = !requests.empty() && rng.Int(0, 2) == 0;
      const size_t earlier = continues ? requests.size() - 1 : 0;
      streams.push_back(continues ? streams[earlier] : n);
      Request request = RandomRequest(rng, {.first_token = streams.back() * kStreamSize,
                                            .num_tokens = kStreamSize,
                                            .longest_prompt = 20});
      std::vector<int32_t> begin(common.begin(), common.begin() + rng.Int(0, std::ssize(common)));
      if (continues) {
        begin = requests[earlier].prompt;
        const std::vector<int32_t>& answer = alone[earlier][0].tokens;
        begin.insert(begin.end(), answer.begin(), answer.end());
        if (begin.size() > 60) begin.resize(60);
      }
      request.prompt.insert(request.prompt.begin(), begin.begin(), begin.end());
      longest = std::max(longest, std::ssize(request.prompt) + request.max_tokens);
      alone.push_back(AnswersAlone(roomy, request));
      requests.push_back(std::move(request));
    }
    EXPECT_EQ(roomy.mixed_contexts(), 0);
  }

  float habit = 0;  // of the model: how much answers repeat themselves
  std::vector<Request> requests;
  std::vector<std::vector<Answer>> alone;
  int64_t longest = 0;  // prompt and answer together
};

constexpr uint64_t kParts = 8;  // so that they run beside each other
constexpr uint64_t kSchedulesOfAPart = 1250;

class CanarySchedules : public testing::TestWithParam<uint64_t> {};

TEST_P(CanarySchedules, EveryStreamIsWhatItIsAlone) {
  Totals totals;
  const uint64_t first = GetParam() * kSchedulesOfAPart;
  for (uint64_t seed = first; seed < first + kSchedulesOfAPart; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    const CanaryLoad load(rng);
    // From just enough for the longest request alone to plenty for all.
    const auto block_size = static_cast<int32_t>(rng.Int(1, 6));
    const auto num_blocks = static_cast<int32_t>(load.longest / block_size + rng.Int(1, 20));
    HashModel model({.vocab_size = CanaryLoad::kVocabulary,
                     .stream_size = CanaryLoad::kStreamSize,
                     .habit = load.habit,
                     .kv = {.block_size = block_size, .num_blocks = num_blocks}});
    FlakyModel flaky(model, rng.Int(0, 2) == 0 ? 50 : 0, seed);
    RandomSchedule schedule(flaky, RandomEngineOptions(rng), load.requests, load.alone, seed);
    schedule.Run();
    EXPECT_EQ(model.mixed_contexts(), 0) << "a foreign token in somebody's context";
    if (testing::Test::HasFailure()) return;
    totals.Add(schedule);
  }
  EXPECT_GT(totals.preemptions, 200);
  EXPECT_GT(totals.reused, 20'000);
  EXPECT_GT(totals.failed, 100);
  EXPECT_GT(totals.cancelled, 100);
  EXPECT_GT(totals.forced, 500);
  EXPECT_GT(totals.drafted, 8'000);
  EXPECT_GT(totals.accepted, 4'000);
}

INSTANTIATE_TEST_SUITE_P(Parts, CanarySchedules, testing::Range<uint64_t>(0, kParts));

struct RealCase {
  std::string file;
  std::string backend;
  friend std::ostream& operator<<(std::ostream& out, const RealCase& real) {
    return out << real.file << " on " << real.backend;
  }
};

class RealModelInvariants : public testing::TestWithParam<RealCase> {};

TEST_P(RealModelInvariants, AnswersAreEqualAloneAndAmongRandomNeighbours) {
  const std::string path = TestData("models/" + GetParam().file);
  const auto load = [&](int threads, int64_t kv_tokens) {
    return LoadModel(path, {.backend = GetParam().backend,
                            .num_threads = threads,
                            .kv_tokens = kv_tokens,
                            .max_batch_rows = 64});
  };
  const std::unique_ptr<LoadedModel> roomy = load(1, 1024);
  const std::unique_ptr<LoadedModel> tight = load(2, 128);
  // The reference backend is slow, and simple enough for a few.
  const uint64_t schedules = GetParam().backend == "reference" ? 3 : 8;
  Totals totals;
  for (uint64_t seed = 0; seed < schedules; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    const RequestRange range{
        .num_tokens = roomy->config().vocab_size, .longest_prompt = 60, .longest_answer = 40};
    const std::vector<int32_t> common = RandomRequest(rng, range).prompt;
    std::vector<Request> requests;
    std::vector<std::vector<Answer>> alone;
    for (int n = 0; n < 6; ++n) {
      Request request = RandomRequest(rng, range);
      // A block is 32 tokens: most share the first, if the common text is that long.
      std::copy_n(common.begin(), std::min(common.size(), request.prompt.size() - 1),
                  request.prompt.begin());
      request.top_logprobs = 1;  // they are the same only if every logit is
      requests.push_back(std::move(request));
      alone.push_back(AnswersAlone(roomy->language_model(), requests.back()));
    }
    FlakyModel steady(tight->language_model(), /*calls_per_failure=*/0, seed);
    RandomSchedule schedule(steady, RandomEngineOptions(rng), requests, alone, seed);
    schedule.Run();
    if (testing::Test::HasFatalFailure()) return;
    totals.Add(schedule);
  }
  EXPECT_GT(totals.preemptions + totals.reused, 0);
  EXPECT_GT(totals.drafted, 0);
}

std::vector<RealCase> RealCases() {
  std::vector<RealCase> cases;
  for (const char* file :
       {"tiny-llama.gguf", "tiny-llama-tied.gguf", "tiny-qwen2.gguf", "tiny-qwen2-tied.gguf"}) {
    for (const char* backend : {"reference", "cpu"}) cases.push_back({file, backend});
  }
  return cases;
}

INSTANTIATE_TEST_SUITE_P(TinyModels, RealModelInvariants, testing::ValuesIn(RealCases()),
                         [](const auto& param_info) {
                           std::string name =
                               param_info.param.file + "_" + param_info.param.backend;
                           std::replace_if(
                               name.begin(), name.end(),
                               [](char c) { return c == '-' || c == '.'; }, '_');
                           return name;
                         });

}  // namespace
}  // namespace retort
