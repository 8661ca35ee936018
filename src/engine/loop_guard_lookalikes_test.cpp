// What repeats and is no loop: tables, code, lists of similar lines. The texts are cut into tokens
// as vocabularies of reasoning models do: words and marks with the blank before them, digits one by
// one.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <string>
#include <vector>

#include "engine/loop_guard.h"

namespace retort {
namespace {

enum class Kind { kBlank, kDigit, kLetter, kMark };

Kind KindOf(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (std::isspace(byte) != 0) return Kind::kBlank;
  if (std::isdigit(byte) != 0) return Kind::kDigit;
  return byte >= 0x80 || std::isalpha(byte) != 0 ? Kind::kLetter : Kind::kMark;
}

std::vector<int32_t> Tokenize(const std::string& text) {
  std::map<std::string, int32_t> ids;
  std::vector<int32_t> tokens;
  for (size_t i = 0; i < text.size();) {
    size_t end = i + 1;
    Kind kind = KindOf(text[i]);
    if (text[i] == ' ' && end < text.size()) kind = KindOf(text[end]);
    if (kind == Kind::kLetter || kind == Kind::kMark) {
      while (end < text.size() && KindOf(text[end]) == kind) ++end;
      while (kind == Kind::kMark && end < text.size() && text[end] == '\n') ++end;
    }
    const auto id = static_cast<int32_t>(ids.size());
    tokens.push_back(ids.try_emplace(text.substr(i, end - i), id).first->second);
    i = end;
  }
  return tokens;
}

bool Loops(const std::string& text) {
  LoopGuard guard;
  const std::vector<int32_t> tokens = Tokenize(text);
  return std::any_of(tokens.begin(), tokens.end(),
                     [&](int32_t token) { return guard.Push(token); });
}

// The bits of `number` joined, the highest first.
std::string Bits(int number, int count, const char* one, const char* zero, const char* between) {
  std::string row;
  for (int bit = count - 1; bit >= 0; --bit) {
    row += (number >> bit & 1) != 0 ? one : zero;
    if (bit > 0) row += between;
  }
  return row;
}

TEST(LoopGuardLookalikes, ALoopOfSuchTextIsOne) {
  std::string text;
  for (int i = 0; i < 20; ++i) {
    text += "Wait, but if x is 4, then 3x + 2 is 14, which is not 12. Let me check that again.\n\n";
  }
  EXPECT_TRUE(Loops(text));
  std::string chinese;
  for (int i = 0; i < 60; ++i) chinese += "等等，我再检查一下：3 × 4 + 2 = 14，不是 12。\n";
  EXPECT_TRUE(Loops(chinese));
}

TEST(LoopGuardLookalikes, MultiplicationTables) {
  std::string lines, grid, chinese;
  for (int a = 1; a <= 20; ++a) {
    for (int b = 1; b <= 20; ++b) {
      lines += fmt::format("{} x {} = {}\n", a, b, a * b);
      grid += fmt::format("| {} ", a * b);
      if (b <= a) chinese += fmt::format("{}乘{}等于{}，", a, b, a * b);
    }
    grid += "|\n";
  }
  EXPECT_FALSE(Loops(lines));
  EXPECT_FALSE(Loops(grid));
  EXPECT_FALSE(Loops(chinese));
}

TEST(LoopGuardLookalikes, TruthTables) {
  for (const int variables : {3, 4, 5, 6, 7}) {
    std::string markdown, digits;
    for (int row = 0; row < 1 << variables; ++row) {
      const bool value = (row & 3) == 3 || (row >> (variables - 1) & 1) != 0;
      markdown += "| " + Bits(row, variables, "T", "F", " | ") + (value ? " | T |\n" : " | F |\n");
      digits += Bits(row, variables, "1", "0", " ") + " -> " + (value ? "1\n" : "0\n");
    }
    EXPECT_FALSE(Loops(markdown)) << variables << " variables";
    EXPECT_FALSE(Loops(digits)) << variables << " variables";
  }
}

TEST(LoopGuardLookalikes, MatricesOfZeros) {
  for (const int size : {3, 8, 9}) {
    std::string latex, code;
    for (int row = 0; row < size; ++row) {
      for (int column = 0; column < size; ++column) {
        latex += column + 1 < size ? "0 & " : "0 \\\\\n";
        code += column == 0 ? "    [0" : ", 0";
      }
      code += "],\n";
    }
    EXPECT_FALSE(Loops(latex)) << size;
    EXPECT_FALSE(Loops(code)) << size;
  }
}

TEST(LoopGuardLookalikes, LongCodeOfSimilarLines) {
  const std::vector<std::string> names = {"width",  "height", "depth",  "color", "name",  "size",
                                          "weight", "price",  "owner",  "label", "title", "count",
                                          "index",  "start",  "end",    "state", "mode",  "kind",
                                          "speed",  "angle",  "volume", "area",  "date",  "time",
                                          "scale",  "offset", "length", "path",  "mass",  "radius"};
  std::string methods, branches, cases;
  for (const std::string& name : names) {
    methods += fmt::format(
        "    def get_{0}(self):\n        return self._{0}\n\n"
        "    def set_{0}(self, value):\n        self._{0} = value\n\n",
        name);
    branches += fmt::format("  if (name == \"{0}\") return Field::k_{0};\n", name);
  }
  for (int a = 1; a < 16; ++a) {
    for (int b = 1; b < 12; ++b) {
      cases += fmt::format("    assert solve({}, {}) == {}\n", a, b, a * b % 17);
    }
  }
  EXPECT_FALSE(Loops(methods));
  EXPECT_FALSE(Loops(branches));
  EXPECT_FALSE(Loops(cases));
}

TEST(LoopGuardLookalikes, ListsOfSimilarLines) {
  std::string tries, chinese, remainders, dice, numbers;
  for (int x = 1; x <= 200; ++x) {
    const int value = x * x + 3 * x;
    tries += fmt::format("x = {}: {}^2 + 3*{} = {}, which is not 1000.\n", x, x, x, value);
    chinese += fmt::format("当 x = {} 时，x² + 3x = {}，不满足条件。\n", x, value);
    remainders += fmt::format("{}^2 mod 7 = {} mod 7 = {}\n", x, x * x, x * x % 7);
    numbers += fmt::format("{}, ", x);
    dice += fmt::format("({}, {}, {}): sum {}\n", (x / 36) + 1, x / 6 % 6 + 1, x % 6 + 1, x % 16);
  }
  EXPECT_FALSE(Loops(tries));
  EXPECT_FALSE(Loops(chinese));
  EXPECT_FALSE(Loops(remainders));
  EXPECT_FALSE(Loops(dice));
  EXPECT_FALSE(Loops(numbers));
}

}  // namespace
}  // namespace retort
