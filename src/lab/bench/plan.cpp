#include "lab/bench/plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <system_error>

#include "base/error.h"

namespace retort {
namespace {

constexpr int32_t kMaxTokens = 1 << 20;
constexpr int32_t kMaxSequences = 1024;
constexpr int32_t kMaxRepeat = 1000;

void CheckRange(const char* flag, int32_t value, int32_t low, int32_t high) {
  if (value < low || value > high) {
    Fail(ErrorCode::kInvalidArgument, "{} {} is out of range; give {} to {}", flag, value, low,
         high);
  }
}

void CheckSpec(const BenchSpec& spec) {
  for (int32_t prompt : spec.prompts) CheckRange("--prompts", prompt, 1, kMaxTokens);
  for (int32_t depth : spec.depths) CheckRange("--depths", depth, 0, kMaxTokens);
  for (int32_t batch : spec.batches) CheckRange("--batches", batch, 1, kMaxSequences);
  CheckRange("--gen", spec.generated, 1, kMaxTokens);
  CheckRange("--repeat", spec.repeat, 1, kMaxRepeat);
}

BenchTest AtDepth(int32_t depth, int32_t generated) {
  BenchTest test{.kind = BenchKind::kGenerate, .depth = depth, .tokens = generated};
  if (depth == 0) {
    test.name = fmt::format("tg{}", generated);
    return test;
  }
  test.tokens = std::min(generated, kGeneratedAtDepth);
  test.name = fmt::format("tg{}@{}", test.tokens, depth);
  return test;
}

}  // namespace

std::vector<int32_t> ParseCounts(std::string_view flag, std::string_view text) {
  std::vector<int32_t> counts;
  if (text == "none") return counts;
  const char* const end = text.data() + text.size();
  for (const char* at = text.data();;) {
    int32_t count = 0;
    const auto [next, error] = std::from_chars(at, end, count);
    if (error != std::errc() || (next != end && *next != ',')) {
      Fail(ErrorCode::kInvalidArgument, "{} {} is no list of counts; write 128,512 or none", flag,
           text);
    }
    counts.push_back(count);
    if (next == end) return counts;
    at = next + 1;
  }
}

std::vector<BenchTest> PlanTests(const BenchSpec& spec) {
  CheckSpec(spec);
  std::vector<BenchTest> tests;
  for (int32_t prompt : spec.prompts) {
    tests.push_back({.name = fmt::format("pp{}", prompt), .tokens = prompt});
  }
  for (int32_t depth : spec.depths) tests.push_back(AtDepth(depth, spec.generated));
  for (int32_t batch : spec.batches) {
    tests.push_back({.name = fmt::format("batch{}", batch),
                     .kind = BenchKind::kGenerate,
                     .sequences = batch,
                     .depth = kBatchDepth,
                     .tokens = kBatchGenerated});
  }
  return tests;
}

int64_t CacheTokens(const std::vector<BenchTest>& tests, int32_t block_size) {
  int64_t most = 0;
  for (const BenchTest& test : tests) {
    const int64_t length = int64_t{test.depth} + test.tokens;
    const int64_t blocks = (length + block_size - 1) / block_size;
    most = std::max(most, test.sequences * blocks * block_size);
  }
  return most;
}

}  // namespace retort
