#include "cli/terminal.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

namespace retort {
namespace {

// A FILE whose content can be read back.
class CapturedFile {
 public:
  CapturedFile() : file_(std::tmpfile()) {}
  ~CapturedFile() { std::fclose(file_); }
  std::FILE* get() { return file_; }
  std::string Text() {
    std::fflush(file_);
    std::string text(static_cast<size_t>(std::ftell(file_)), '\0');
    std::rewind(file_);
    const size_t read = std::fread(text.data(), 1, text.size(), file_);
    text.resize(read);
    return text;
  }

 private:
  std::FILE* file_;
};

TEST(DisplayWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(DisplayWidth("abc"), 3);
  EXPECT_EQ(DisplayWidth("é"), 1);
  EXPECT_EQ(DisplayWidth("思考"), 4);
  EXPECT_EQ(DisplayWidth("\x1b[31mred\x1b[0m"), 3);
  EXPECT_EQ(DisplayWidth("\xff\xfe"), 2);
}

TEST(Pad, FillsToColumns) {
  EXPECT_EQ(PadRight("思", 4), "思  ");
  EXPECT_EQ(PadLeft("7", 3), "  7");
  EXPECT_EQ(PadLeft("1234", 3), "1234");
}

TEST(SafeForTerminal, KeepsTextAndDisarmsControls) {
  EXPECT_EQ(SafeForTerminal("a\tb\né 思考 £"), "a\tb\né 思考 £");
  EXPECT_EQ(SafeForTerminal("\x1b[31mred\r\x7f"), "\uFFFD[31mred\uFFFD\uFFFD");
  EXPECT_EQ(SafeForTerminal("\u009b2J"), "\uFFFD2J");
}

TEST(FormatDuration, PicksTheUnit) {
  EXPECT_EQ(FormatDuration(0.44), "0.4 s");
  EXPECT_EQ(FormatDuration(9.96), "10 s");
  EXPECT_EQ(FormatDuration(59.7), "1m 00s");
  EXPECT_EQ(FormatDuration(185), "3m 05s");
  EXPECT_EQ(FormatDuration(3720), "1h 02m");
}

TEST(Style, WrapsOnlyWhenEnabled) {
  EXPECT_EQ(Style(true).Dim("x"), "\x1b[2mx\x1b[0m");
  EXPECT_EQ(Style(false).Dim("x"), "x");
}

TEST(ProgressBar, ShowsRateAndTimeLeftOnOneLine) {
  CapturedFile file;
  FakeClock clock;
  ProgressBar bar("accuracy", 100, "answers",
                  {.out = file.get(), .terminal = true, .width = 100, .clock = &clock});
  clock.Advance(10);
  bar.Update(20, "model A");
  EXPECT_EQ(file.Text(),
            "\r\x1b[2Kaccuracy  ━━━━────────────────  20/100 answers  2.0/s  40 s left  model A");
}

TEST(ProgressBar, TheRateLeavesOutWhatWasDoneBefore) {
  CapturedFile file;
  FakeClock clock;
  ProgressBar bar("m.gguf", 100, "MB",
                  {.out = file.get(), .terminal = true, .width = 60, .clock = &clock});
  bar.StartFrom(60);
  clock.Advance(10);
  bar.Update(80);
  EXPECT_EQ(file.Text(), "\r\x1b[2Km.gguf  80/100 MB  2.0/s  10 s left");
}

TEST(ProgressBar, RedrawsSeldomAndCleansUp) {
  CapturedFile file;
  FakeClock clock;
  ProgressBar bar("x", 0, "tokens",
                  {.out = file.get(), .terminal = true, .width = 100, .clock = &clock});
  clock.Advance(1);
  bar.Update(1);
  clock.Advance(0.05);
  bar.Update(2);
  bar.Finish();
  EXPECT_EQ(file.Text(), "\r\x1b[2Kx  1 tokens  1.0/s\r\x1b[2K");
}

TEST(ProgressBar, NeverExceedsTheWidth) {
  CapturedFile file;
  FakeClock clock;
  ProgressBar bar("标签标签", 100, "answers",
                  {.out = file.get(), .terminal = true, .width = 12, .clock = &clock});
  clock.Advance(1);
  bar.Update(1);
  EXPECT_EQ(DisplayWidth(file.Text().substr(1)), 11);
}

TEST(ProgressBar, PrintsNothingOffATerminal) {
  CapturedFile file;
  FakeClock clock;
  ProgressBar bar("x", 50, "answers",
                  {.out = file.get(), .terminal = false, .width = 80, .clock = &clock});
  for (int i = 1; i <= 25; ++i) {
    clock.Advance(1);
    bar.Update(i);
  }
  bar.Finish();
  EXPECT_EQ(file.Text(), "");
}

}  // namespace
}  // namespace retort
