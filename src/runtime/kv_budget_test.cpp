#include "runtime/kv_budget.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"

namespace retort {
namespace {

constexpr int64_t kGiB = int64_t{1} << 30;

// 28,672 bytes a token at 16 bits: the shape of R1-Distill-Qwen-1.5B.
ModelConfig Config(int64_t context = 131'072) {
  ModelConfig config;
  config.name = "R1";
  config.num_layers = 28;
  config.num_kv_heads = 2;
  config.head_dim = 128;
  config.max_position_embeddings = context;
  return config;
}

TEST(KvBudget, ChoosesFourContextsOfAtMost8192Tokens) {
  EXPECT_EQ(ChooseKvTokens(Config(), KvTypes{}, {}, 64 * kGiB), 4 * 8192);
  EXPECT_EQ(ChooseKvTokens(Config(2048), KvTypes{}, {}, 64 * kGiB), 4 * 2048);
}

TEST(KvBudget, LeavesThreeQuartersOfASmallMachineAlone) {
  EXPECT_EQ(ChooseKvTokens(Config(), KvTypes{}, {}, 2 * kGiB), kGiB / 2 / 28'672);
}

TEST(KvBudget, TakesWhatIsAskedForWhileItFits) {
  EXPECT_EQ(ChooseKvTokens(Config(), KvTypes{}, {.tokens = 60'000}, 2 * kGiB), 60'000);
  EXPECT_EQ(ChooseKvTokens(Config(), KvTypes{}, {.tokens = 1}, 2 * kGiB), 1);
}

TEST(KvBudget, RefusesWithFigures) {
  for (int64_t requested : {int64_t{0}, int64_t{100'000}}) {
    try {
      ChooseKvTokens(Config(), KvTypes{}, {.tokens = requested},
                     requested == 0 ? 16 << 20 : 2 * kGiB);
      ADD_FAILURE() << "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kResourceExhausted);
      const std::string message = error.what();
      for (const char* part : {"R1", "28672 bytes a token", requested == 0 ? "256" : "100000"}) {
        EXPECT_NE(message.find(part), std::string::npos) << message;
      }
    }
  }
}

TEST(KvBudget, TakesAsManyTokensAsFitIntoTheMemoryAskedFor) {
  EXPECT_EQ(ChooseKvTokens(Config(), KvTypes{}, {.bytes = kGiB}, 2 * kGiB), kGiB / 28'672);
  EXPECT_EQ(ChooseKvTokens(Config(), KvTypes{DType::kF32, DType::kF32}, {.bytes = kGiB}, 2 * kGiB),
            kGiB / 57'344);
}

TEST(KvBudget, RefusesMemoryThatIsTooLittleTooMuchOrSaidTwice) {
  const auto message = [](const KvSize& size, ErrorCode code) -> std::string {
    try {
      ChooseKvTokens(Config(), KvTypes{}, size, 2 * kGiB);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code);
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(message({.bytes = 1'000'000}, ErrorCode::kInvalidArgument),
            "R1: 1000000 bytes are too few for a key/value cache; 256 tokens, the fewest that are "
            "of use, take 7340032 (28672 a token)");
  EXPECT_EQ(message({.bytes = 3 * kGiB}, ErrorCode::kResourceExhausted),
            "R1: a key/value cache for 112347 tokens needs 3071 MiB (28672 bytes a token), and "
            "there are 2047 MiB for it; ask for fewer (--kv-tokens, --kv-memory) or take a smaller "
            "model");
  EXPECT_EQ(message({.tokens = 300, .bytes = kGiB}, ErrorCode::kInvalidArgument),
            "the key/value cache is asked to hold 300 tokens and to take 1073741824 bytes; give "
            "one of the two");
}

TEST(KvBudget, SeesTheMachinesMemory) {
  EXPECT_GT(UsableMemoryBytes(), int64_t{64} << 20);
  EXPECT_LT(UsableMemoryBytes(), int64_t{1} << 50);
}

}  // namespace
}  // namespace retort
