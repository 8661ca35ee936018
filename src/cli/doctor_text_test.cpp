#include "cli/doctor_text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace retort {
namespace {

using doctor::Findings;
using doctor::Severity;

const Findings kFindings = {
    {.check = "cpu", .what = "it computes at level avx2"},
    {.severity = Severity::kWarning, .check = "swap", .what = "much", .remedy = "end programs"},
    {.severity = Severity::kError,
     .check = "memory",
     .what = "it takes more than there is of it",
     .remedy = "--kv-tokens 4096",
     .model = "r1.gguf"}};

TEST(DoctorText, IsAlignedAndSaysWhatToDoFirst) {
  EXPECT_EQ(DoctorText(kFindings, Style(false), 50),
            "This machine\n"
            "  cpu     ok       it computes at level avx2\n"
            "  swap    warning  much\n"
            "                   -> end programs\n"
            "\n"
            "r1.gguf\n"
            "  memory  error    it takes more than there is of\n"
            "                   it\n"
            "                   -> --kv-tokens 4096\n"
            "\n"
            "1 error, 1 warning. First: --kv-tokens 4096 (r1.gguf, memory)\n");
}

TEST(DoctorText, NothingIsWrong) {
  const std::string text = DoctorText({kFindings[0]}, Style(false), 80);
  EXPECT_TRUE(text.ends_with("\n\nNothing is wrong.\n")) << text;
}

TEST(DoctorText, WhatIsFineIsDim) {
  const std::string text = DoctorText(kFindings, Style(true), 80);
  EXPECT_NE(text.find("\x1b[2mit computes at level avx2\x1b[0m"), std::string::npos) << text;
  EXPECT_NE(text.find("\x1b[31merror"), std::string::npos) << text;
}

TEST(DoctorJson, HasEveryFinding) {
  const nlohmann::ordered_json json = DoctorJson(kFindings);
  ASSERT_EQ(json.size(), 3u);
  EXPECT_EQ(json[0]["severity"], "ok");
  EXPECT_TRUE(json[0]["model"].is_null());
  EXPECT_TRUE(json[0]["remedy"].is_null());
  EXPECT_EQ(json[2]["model"], "r1.gguf");
  EXPECT_EQ(json[2]["remedy"], "--kv-tokens 4096");
}

}  // namespace
}  // namespace retort
