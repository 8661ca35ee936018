#include "doctor/limit_check.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/run_program.h"

namespace retort::doctor {
namespace {

// Answers of 100, 200, ... tokens; those above `limit` were cut there.
std::vector<AnswerLength> Answers(int count, int limit = 1'000'000) {
  std::vector<AnswerLength> answers;
  for (int i = count; i >= 1; --i) {
    answers.push_back({.new_tokens = std::min(100 * i, limit), .cut = 100 * i > limit});
  }
  return answers;
}

Finding Check(const std::vector<AnswerLength>& answers, int64_t max_tokens) {
  const Findings findings = CheckLimit({.answers = answers, .max_tokens = max_tokens});
  return findings.empty() ? Finding{.what = "nothing"} : findings.front();
}

TEST(LimitCheck, NothingIsSaidOfNothing) {
  EXPECT_EQ(Check({}, 2048).what, "nothing");
  EXPECT_EQ(Check(Answers(19), 100).severity, Severity::kOk) << "too few";
}

TEST(LimitCheck, ALimitAboveWhatIsUsualIsFine) {
  const Finding finding = Check(Answers(20), 2048);
  EXPECT_EQ(finding.severity, Severity::kOk);
  EXPECT_EQ(finding.what,
            "of 20 stored answers 95 % took up to 1,900 tokens, and 0 (0 %) were cut by their "
            "limit; --max-tokens is 2,048");
}

TEST(LimitCheck, ALimitBelowIsAWarningWithTheShareThatItCuts) {
  const Finding finding = Check(Answers(40), 2048);
  EXPECT_EQ(finding.severity, Severity::kWarning);
  EXPECT_TRUE(Has(finding.what, "--max-tokens 2,048 would cut 20 (50 %)")) << finding.what;
  // 3,800 and a tenth more.
  EXPECT_EQ(finding.remedy,
            "--max-tokens 5120, or --think-budget 1536 to have an answer within 2,048");
}

TEST(LimitCheck, AnswersThatWereCutSayOnlyThatTheyAreLonger) {
  const Finding finding = Check(Answers(40, 2048), 2048);
  EXPECT_EQ(finding.severity, Severity::kWarning);
  EXPECT_TRUE(Has(finding.what, "and 20 (50 %) were cut")) << finding.what;
  EXPECT_TRUE(Has(finding.what, "would cut 20 (50 %)")) << finding.what;
  EXPECT_TRUE(Has(finding.remedy, "--max-tokens 4096")) << finding.remedy;
  EXPECT_EQ(Check(Answers(40, 2048), 8192).severity, Severity::kOk) << "there is room now";
}

}  // namespace
}  // namespace retort::doctor
