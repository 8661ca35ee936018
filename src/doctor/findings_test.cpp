#include "doctor/findings.h"

#include <gtest/gtest.h>

namespace retort::doctor {
namespace {

TEST(Findings, TheGravestWithARemedyComesFirst) {
  Findings findings = {{.severity = Severity::kNote, .remedy = "a note's"},
                       {.severity = Severity::kWarning, .remedy = "first"},
                       {.severity = Severity::kWarning, .remedy = "second"},
                       {.severity = Severity::kError, .what = "nothing can be done"}};
  EXPECT_EQ(FirstToMend(findings)->remedy, "first");
  Append(findings, {{.severity = Severity::kError, .remedy = "third"}});
  EXPECT_EQ(FirstToMend(findings)->remedy, "third");
  EXPECT_EQ(CountOf(findings, Severity::kError), 2);
  EXPECT_EQ(FirstToMend({{.severity = Severity::kNote, .remedy = "a note's"}}), nullptr);
  EXPECT_EQ(SeverityName(Severity::kWarning), "warning");
}

}  // namespace
}  // namespace retort::doctor
