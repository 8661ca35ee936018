// ARCHITECTURE.md, invariants 1 and 4: a request's tokens never depend on its neighbours, on how
// its prompt was cut or on preemption, and all blocks are free when the last request is gone.
#include <gtest/gtest.h>

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

struct Totals {
  int64_t schedules = 0, steps = 0, preemptions = 0;

  void Add(const RandomSchedule& schedule) {
    ++schedules;
    steps += schedule.steps();
    preemptions += schedule.preemptions();
  }
};

EngineOptions RandomEngineOptions(Rng& rng) {
  return {.max_batch_tokens = static_cast<int32_t>(rng.Int(1, 40)),
          .max_running = static_cast<int32_t>(rng.Int(1, 8)),
          .prefix_cache = rng.Int(0, 3) > 0};
}

TEST(EngineInvariants, ThousandsOfRandomSchedulesOfAHashModel) {
  Totals totals;
  for (uint64_t seed = 0; seed < 3000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    const auto block_size = static_cast<int32_t>(rng.Int(1, 6));
    // From hardly enough for the longest request alone to plenty for all.
    const auto num_blocks = static_cast<int32_t>(50 / block_size + rng.Int(1, 20));
    std::vector<Request> requests;
    std::vector<std::vector<int32_t>> alone;
    HashModel roomy({.max_rows = 64});
    for (int64_t n = rng.Int(1, 10); n > 0; --n) {
      requests.push_back(RandomRequest(rng, {.vocab_size = 50}));
      alone.push_back(TokensAlone(roomy, requests.back()));
    }
    HashModel model({.kv = {.block_size = block_size, .num_blocks = num_blocks}});
    RandomSchedule schedule(model, RandomEngineOptions(rng), requests, alone, seed);
    schedule.Run();
    if (testing::Test::HasFatalFailure()) return;
    totals.Add(schedule);
  }
  EXPECT_GT(totals.preemptions, 500) << "the schedules no longer reach preemption";
  RecordProperty("steps", static_cast<int>(totals.steps));
  RecordProperty("preemptions", static_cast<int>(totals.preemptions));
}

struct RealCase {
  std::string file;
  std::string backend;
  friend std::ostream& operator<<(std::ostream& out, const RealCase& real) {
    return out << real.file << " on " << real.backend;
  }
};

class RealModelInvariants : public testing::TestWithParam<RealCase> {};

TEST_P(RealModelInvariants, TokensAreEqualAloneAndAmongRandomNeighbours) {
  const std::string path = TestData("models/" + GetParam().file);
  const auto load = [&](int threads, int64_t kv_tokens) {
    return LoadModel(path, {.backend = GetParam().backend,
                            .num_threads = threads,
                            .kv_tokens = kv_tokens,
                            .max_batch_rows = 64});
  };
  const std::unique_ptr<LoadedModel> roomy = load(1, 1024);
  const std::unique_ptr<LoadedModel> tight = load(2, 128);
  // The reference backend is slow, and simple enough for one schedule.
  const uint64_t schedules = GetParam().backend == "reference" ? 1 : 8;
  int64_t preemptions = 0;
  for (uint64_t seed = 0; seed < schedules; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    std::vector<Request> requests;
    std::vector<std::vector<int32_t>> alone;
    for (int n = 0; n < 6; ++n) {
      requests.push_back(RandomRequest(
          rng,
          {.vocab_size = roomy->config().vocab_size, .longest_prompt = 60, .longest_answer = 40}));
      alone.push_back(TokensAlone(roomy->language_model(), requests.back()));
    }
    RandomSchedule schedule(tight->language_model(), RandomEngineOptions(rng), requests, alone,
                            seed);
    schedule.Run();
    if (testing::Test::HasFatalFailure()) return;
    preemptions += schedule.preemptions();
  }
  EXPECT_GT(preemptions, 0) << "the schedules no longer reach preemption";
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
