// Which tests `retort bench` runs, and what they are called.
//
//   PlanTests({.prompts = {512}, .generated = 128, .depths = {0, 2048}, .batches = {16}})
//   // pp512, tg128, tg64@2048, batch16
//
// ppN: a prompt of N tokens. tgN@D: N tokens generated one by one after D of context (@0 is left
// out). batchN: N streams that generate together; tokens per second are those of all of them.
// Through the engine, with clients = 8: served8, the tokens that they generate together from their
// first submission on; firstN, a prompt of N tokens until its first token; stallN, the same beside
// a running stream, and the longest gap that it sees.
// Errors: kInvalidArgument naming the flag and its value. Stateless and thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

struct BenchSpec {
  std::vector<int32_t> prompts = {128, 512};
  int32_t generated = 128;
  std::vector<int32_t> depths = {0, 2048};
  std::vector<int32_t> batches = {1, 4, 8, 16, 32};
  int32_t clients = 0;  // through the engine; 0: not measured
  int32_t repeat = 5;
  uint64_t seed = 1;  // of the random tokens
};

// At a depth the context is what is measured, so fewer tokens say enough.
inline constexpr int32_t kGeneratedAtDepth = 64;
inline constexpr int32_t kBatchDepth = 64;
inline constexpr int32_t kBatchGenerated = 32;

// A client's request, and the long prompt that arrives beside others.
inline constexpr int32_t kServedPrompt = 128;
inline constexpr int32_t kServedGenerated = 64;
inline constexpr int32_t kLongPrompt = 1024;
// Of the stream that a long prompt might stall: its own prompt, and the most that it generates.
inline constexpr int32_t kStalledPrompt = 64;
inline constexpr int32_t kStalledGenerated = 256;

// kPrompt and kGenerate step the model, the others ask the engine.
enum class BenchKind { kPrompt, kGenerate, kServed, kFirstToken, kStall };

struct BenchTest {
  std::string name = {};
  BenchKind kind = BenchKind::kPrompt;
  int32_t sequences = 1;
  int32_t depth = 0;   // tokens per sequence that stand in the cache before the clock starts
  int32_t tokens = 0;  // per sequence, on the clock

  bool through_engine() const { return kind > BenchKind::kGenerate; }
  int64_t timed_tokens() const { return static_cast<int64_t>(sequences) * tokens; }
};

// "128,512" -> {128, 512}; "none" -> {}. `flag` serves the error message.
std::vector<int32_t> ParseCounts(std::string_view flag, std::string_view text);

std::vector<BenchTest> PlanTests(const BenchSpec& spec);

// Tokens that a key/value cache in blocks of `block_size` must hold for the largest of the tests.
int64_t CacheTokens(const std::vector<BenchTest>& tests, int32_t block_size);

}  // namespace retort
