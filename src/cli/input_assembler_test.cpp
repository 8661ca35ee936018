#include "cli/input_assembler.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace retort {
namespace {

// What comes of the lines, one input after the other.
std::vector<std::string> Inputs(const std::vector<std::string>& lines) {
  InputAssembler assembler;
  std::vector<std::string> inputs;
  for (const std::string& line : lines) {
    if (auto input = assembler.Push(line)) inputs.push_back(*input);
  }
  EXPECT_FALSE(assembler.open());
  return inputs;
}

using Lines = std::vector<std::string>;

TEST(InputAssembler, ALineIsAnInput) {
  EXPECT_EQ(Inputs({"one", "", "two"}), (Lines{"one", "", "two"}));
}

TEST(InputAssembler, ABackslashContinuesALine) {
  EXPECT_EQ(Inputs({"a\\", "b\\", "", "c"}), (Lines{"a\nb\n", "c"}));
}

TEST(InputAssembler, QuotesHoldSeveralLinesAsTheyAre) {
  EXPECT_EQ(Inputs({R"("""first)", "  second\\", "", R"(third""")"}),
            (Lines{"first\n  second\\\n\nthird"}));
  EXPECT_EQ(Inputs({R"(""")", "alone", R"(""")"}), (Lines{"alone"}));
}

TEST(InputAssembler, QuotesMayCloseOnTheirOwnLine) {
  EXPECT_EQ(Inputs({R"(  """one line"""  )", "next"}), (Lines{"one line", "next"}));
  EXPECT_EQ(Inputs({R"("""""")"}), (Lines{""}));
}

TEST(InputAssembler, QuotesInsideALineMeanNothing) {
  EXPECT_EQ(Inputs({R"(say """ now)"}), (Lines{R"(say """ now)"}));
}

TEST(InputAssembler, ClearForgetsWhatWasHeld) {
  InputAssembler assembler;
  EXPECT_EQ(assembler.Push(R"("""half)"), std::nullopt);
  EXPECT_TRUE(assembler.open());
  assembler.Clear();
  EXPECT_FALSE(assembler.open());
  EXPECT_EQ(assembler.Push("new"), "new");
}

}  // namespace
}  // namespace retort
