#include "doctor/model_check.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "doctor/test_findings.h"
#include "doctor/test_sizes.h"
#include "tests/support/paths.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_dir.h"

namespace retort::doctor {
namespace {

class ModelCheckTest : public testing::Test {
 protected:
  ModelCheckTest() {
    options_.load.num_threads = 1;
    options_.free = {.total_bytes = 16 * kGB, .available_bytes = 8 * kGB};
    options_.catalogue = &catalogue_;
  }
  Findings Check(const std::string& name) const {
    return CheckModelFile(TestData("models/" + name), options_);
  }
  Findings CheckName(const char* name) const {
    return CheckCatalogueModel(*catalogue_.Find(name), options_);
  }

  Catalogue catalogue_ = Catalogue::Parse(kCatalogueJson);
  ModelCheckOptions options_;
};

TEST_F(ModelCheckTest, ASmallModelIsFine) {
  for (const char* name : {"tiny-qwen2.gguf", "tiny-qwen3", "tiny-llama3.gguf"}) {
    const Findings findings = Check(name);
    EXPECT_EQ(CountOf(findings, Severity::kError), 0) << name;
    EXPECT_TRUE(Has(Find(findings, "model").what, "runs here")) << name;
    EXPECT_EQ(Find(findings, "memory").severity, Severity::kOk) << name;
    EXPECT_EQ(Find(findings, "template").severity, Severity::kOk) << name;
    EXPECT_EQ(Find(findings, "end of turn").severity, Severity::kOk) << name;
  }
}

TEST_F(ModelCheckTest, AnR1IsHeldToItsCard) {
  const TempDir folder;
  const std::string path = folder.File("DeepSeek-R1-Distill-Qwen-1.5B-Q8_0.gguf");
  std::filesystem::copy_file(TestData("models/tiny-qwen2.gguf"), path);
  const Findings findings = CheckModelFile(path, options_);
  EXPECT_TRUE(Has(Find(findings, "template").what, "ChatML"));
  EXPECT_EQ(Find(findings, "sampling").severity, Severity::kOk) << "the advice for R1";
}

TEST_F(ModelCheckTest, TooLittleMemoryIsFoundBeforeLoading) {
  options_.free.available_bytes = 1'000'000;
  const Finding memory = Find(Check("tiny-qwen2.gguf"), "memory");
  EXPECT_EQ(memory.severity, Severity::kError);
  EXPECT_TRUE(Has(memory.remedy, "more memory")) << memory.remedy;
}

TEST_F(ModelCheckTest, WhatCannotBeReadIsAFinding) {
  const Findings findings = CheckModelFile("/nowhere/x.gguf", options_);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].severity, Severity::kError);
  EXPECT_TRUE(Has(findings[0].what, "/nowhere/x.gguf")) << findings[0].what;
}

TEST_F(ModelCheckTest, StoredAnswersAreAskedForByPathAndName) {
  options_.answers = [](const std::string& path, const std::string& name) {
    EXPECT_TRUE(path.ends_with("/tiny-qwen2.gguf")) << path;
    EXPECT_EQ(name, "tiny-qwen2");
    return std::vector<AnswerLength>(30, {.new_tokens = 3000});
  };
  EXPECT_EQ(Find(Check("tiny-qwen2.gguf"), "answer length").severity, Severity::kWarning);
}

TEST_F(ModelCheckTest, AModelOfTheCatalogueIsJudgedBeforeItIsHere) {
  const Finding fits = Find(CheckName("r1-distill-qwen-1.5b"), "memory");
  EXPECT_EQ(fits.severity, Severity::kOk) << fits.what;
  EXPECT_TRUE(Has(fits.what, "it will take about")) << fits.what;
  const Finding large = Find(CheckName("r1-distill-qwen-32b"), "memory");
  EXPECT_EQ(large.severity, Severity::kError);
  EXPECT_TRUE(Has(large.remedy, "retort pull r1-distill-llama-8b:q4_k_m")) << large.remedy;
  const Finding wide = Find(CheckName("r1-distill-qwen-7b:bf16"), "memory");
  EXPECT_EQ(wide.severity, Severity::kWarning) << "it would run from the disk";
  EXPECT_TRUE(Has(wide.remedy, "retort pull r1-distill-qwen-7b:q4_k_m")) << wide.remedy;
  EXPECT_TRUE(CheckName("qwen2.5-3b-instruct").empty()) << "its shape is not known";
}

}  // namespace
}  // namespace retort::doctor
