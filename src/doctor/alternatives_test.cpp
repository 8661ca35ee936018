#include "doctor/alternatives.h"

#include <gtest/gtest.h>

namespace retort::doctor {
namespace {

class AlternativesTest : public testing::Test {
 protected:
  Catalogue catalogue_ = Catalogue::Parse(kCatalogueJson);
};

TEST_F(AlternativesTest, AFilesNameLeadsToItsEntry) {
  const auto name = [&](const char* file) {
    const CatalogueModel* entry = EntryOf(catalogue_, file);
    return entry == nullptr ? std::string() : entry->name;
  };
  EXPECT_EQ(name("DeepSeek-R1-Distill-Qwen-7B-Q8_0"), "r1-distill-qwen-7b");
  EXPECT_EQ(name("qwen2.5-math-1.5b-instruct-q4_k_m"), "qwen2.5-math-1.5b-instruct")
      << "the longest title, not its base's";
  EXPECT_EQ(name("my-model"), "");
  EXPECT_EQ(name("DeepSeek-R1-0528-Qwen3-8B-Q4_K_M"), "") << "made from the 671B, and not it";
}

TEST_F(AlternativesTest, ParametersAreThoseOfTheShapeElseOfTheName) {
  const auto parameters = [&](const char* name) {
    return ParametersOf(*catalogue_.Find(name)->model);
  };
  EXPECT_NEAR(static_cast<double>(parameters("r1-distill-qwen-1.5b")), 1.777e9, 1e6);
  EXPECT_EQ(parameters("qwen2.5-0.5b-instruct"), 500'000'000);
  EXPECT_EQ(parameters("smollm2-135m-instruct"), 135'000'000);
  EXPECT_EQ(parameters("deepseek-v3"), 0);
}

TEST_F(AlternativesTest, PrecisionsHaveTheirBits) {
  EXPECT_EQ(BitsPerWeight("bf16"), 16);
  EXPECT_EQ(BitsPerWeight("q8_0"), 8.5);
  EXPECT_NEAR(BitsPerWeight("q4_k_m"), 4.86, 0.01);
  EXPECT_EQ(BitsPerWeight("fp8"), 8);
  EXPECT_EQ(BitsPerWeight("instruct"), 0);
}

TEST_F(AlternativesTest, TheLargestComeFirst) {
  const CatalogueModel& model = *catalogue_.Find("r1-distill-qwen-7b")->model;
  const auto files = OtherFiles(model, ParametersOf(model));
  ASSERT_EQ(files.size(), 3u);
  EXPECT_EQ(files.front().name, "r1-distill-qwen-7b:bf16");
  EXPECT_EQ(files.back().name, "r1-distill-qwen-7b:q4_k_m");
  EXPECT_NEAR(static_cast<double>(files.back().weight_bytes), 4.68e9, 1e8);  // published: 4.68 GB
  EXPECT_EQ(files.back().kv_bytes_per_token, 2 * 28 * 4 * 128 * 2);

  const auto smaller = SmallerModels(catalogue_, "distill", ParametersOf(model));
  ASSERT_EQ(smaller.size(), 1u);
  EXPECT_EQ(smaller[0].name, "r1-distill-qwen-1.5b:q4_k_m");
}

}  // namespace
}  // namespace retort::doctor
