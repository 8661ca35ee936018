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
  if (spec.clients != 0) CheckRange("--clients", spec.clients, 1, kMaxSequences);
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

void AddServedTests(int32_t clients, std::vector<BenchTest>& tests) {
  tests.push_back({.name = fmt::format("served{}", clients),
                   .kind = BenchKind::kServed,
                   .sequences = clients,
                   .depth = kServedPrompt,
                   .tokens = kServedGenerated});
  for (const int32_t prompt : {kServedPrompt, kLongPrompt}) {
    tests.push_back(
        {.name = fmt::format("first{}", prompt), .kind = BenchKind::kFirstToken, .tokens = prompt});
  }
  tests.push_back({.name = fmt::format("stall{}", kLongPrompt),
                   .kind = BenchKind::kStall,
                   .tokens = kLongPrompt});
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
  if (spec.clients > 0) AddServedTests(spec.clients, tests);
  return tests;
}

int64_t CacheTokens(const std::vector<BenchTest>& tests, int32_t block_size) {
  int64_t most = 0;
  for (const BenchTest& test : tests) {
    const auto blocks = [&](int64_t tokens) { return (tokens + block_size - 1) / block_size; };
    int64_t needed = test.sequences * blocks(int64_t{test.depth} + test.tokens);
    if (test.kind == BenchKind::kStall) needed += blocks(kStalledPrompt + kStalledGenerated);
    // An engine lets a request in when each that runs could still take a block.
    if (test.through_engine()) needed += test.sequences + 1;
    most = std::max(most, needed * block_size);
  }
  return most;
}

}  // namespace retort
