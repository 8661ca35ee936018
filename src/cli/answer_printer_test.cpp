#include "cli/answer_printer.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

namespace retort {
namespace {

// What is printed for pieces that come one by one.
std::string Printed(const AnswerPrinterOptions& options, const std::vector<ThinkDelta>& pieces,
                    GenerationResult result = {}) {
  std::FILE* file = std::tmpfile();
  AnswerPrinter printer(file, options);
  for (const ThinkDelta& piece : pieces) printer.Push(piece, result);
  printer.Finish(result);
  std::string text(static_cast<size_t>(std::ftell(file)), '\0');
  std::rewind(file);
  text.resize(std::fread(text.data(), 1, text.size(), file));
  std::fclose(file);
  return text;
}

const std::vector<ThinkDelta> kPieces = {{"\n", ""},      {"First, ", ""}, {"3 × 60", ""},
                                         {".\n\n", ""},   {"", "\n\n"},    {"", "It is 180"},
                                         {"", " m.\n\n"}, {"", "Yes."},    {"", "\n"}};
const GenerationResult kTimed{.reasoning_tokens = 214, .thinking_s = 3.21};

TEST(AnswerPrinter, ShowsThinkingDimAndTimedOnATerminal) {
  EXPECT_EQ(Printed({.style = Style(true), .terminal = true}, kPieces, kTimed),
            "\x1b[2mThinking…\x1b[0m\n"
            "\x1b[2mFirst,\x1b[0m\x1b[2m 3 × 60\x1b[0m\x1b[2m.\x1b[0m\n"
            "\x1b[2mThought for 3.2 s, 214 tokens.\x1b[0m\n\n"
            "It is 180 m.\n\nYes.\n");
}

TEST(AnswerPrinter, SaysTheSameWithoutColour) {
  EXPECT_EQ(Printed({.style = Style(false), .terminal = true}, kPieces, kTimed),
            "Thinking…\nFirst, 3 × 60.\nThought for 3.2 s, 214 tokens.\n\nIt is 180 m.\n\nYes.\n");
}

TEST(AnswerPrinter, GivesAPipeTheAnswerAlone) {
  EXPECT_EQ(Printed({.terminal = false}, kPieces, kTimed), "It is 180 m.\n\nYes.\n");
}

TEST(AnswerPrinter, HidesThinkingBehindACount) {
  EXPECT_EQ(Printed({.style = Style(false), .terminal = true, .hide_thinking = true},
                    {{"a", ""}, {"b", ""}, {"", "c"}}, kTimed),
            "\rThinking… 214 tokens\rThinking… 214 tokens\r\x1b[2K"
            "Thought for 3.2 s, 214 tokens.\n\nc\n");
}

TEST(AnswerPrinter, SaysWhenThinkingCameToNoAnswer) {
  EXPECT_EQ(Printed({.style = Style(false), .terminal = true}, {{"hm", ""}}, kTimed),
            "Thinking…\nhm\nThought for 3.2 s, 214 tokens and came to no answer.\n");
}

TEST(AnswerPrinter, SaysWhyThinkingWasClosed) {
  GenerationResult result = kTimed;
  result.thinking_end = ThinkingEnd::kLoop;
  EXPECT_EQ(
      Printed({.style = Style(false), .terminal = true}, {{"hm\n", ""}, {"", "4"}}, result),
      "Thinking…\nhm\nThought for 3.2 s, 214 tokens; closed there: it repeated itself.\n\n4\n");
  result.thinking_end = ThinkingEnd::kBudgetHard;
  EXPECT_EQ(Printed({.style = Style(false), .terminal = true}, {{"hm", ""}}, result),
            "Thinking…\nhm\nThought for 3.2 s, 214 tokens; closed there: its budget was spent; no "
            "answer came.\n");
}

TEST(AnswerPrinter, NotesSayWhatAPipeDoesNot) {
  using Notes = std::vector<std::string>;
  EXPECT_EQ(NotesFor({.finish = FinishReason::kStop}), Notes());
  EXPECT_EQ(NotesFor({.finish = FinishReason::kLength, .generated_tokens = 9}),
            Notes({"the answer was cut after 9 tokens; raise --max-tokens"}));
  EXPECT_EQ(NotesFor({.finish = FinishReason::kLoop,
                      .generated_tokens = 900,
                      .reasoning_tokens = 500,
                      .thinking_end = ThinkingEnd::kLoop}),
            Notes({"thinking was closed after 500 tokens: it repeated itself",
                   "the answer was stopped after 900 tokens: it repeated itself"}));
}

TEST(AnswerPrinter, EmptyThinkingIsNotMentioned) {
  EXPECT_EQ(Printed({.style = Style(false), .terminal = true}, {{"\n\n", ""}, {"", "\n\nHi"}}),
            "Hi\n");
}

TEST(AnswerPrinter, DisarmsControlCharactersOnATerminalOnly) {
  const std::vector<ThinkDelta> pieces = {{"\x1b[2J", ""}, {"", "a\x1b[1mb"}};
  EXPECT_EQ(Printed({.style = Style(false), .terminal = true}, pieces).find('\x1b'),
            std::string::npos);
  EXPECT_EQ(Printed({.terminal = false}, pieces), "a\x1b[1mb\n");
}

}  // namespace
}  // namespace retort
