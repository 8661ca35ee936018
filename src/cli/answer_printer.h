// Prints a streamed answer for people: thinking dim and timed, the answer plain.
//
//   AnswerPrinter printer(stdout, {.style = style, .terminal = true});
//   while (auto piece = stream->Next()) printer.Push(*piece, stream->result());
//   printer.Finish(stream->result());
//
// On a terminal:                                  Into a pipe, the answer alone:
//   Thinking…                                       540 meters.
//   First, determine how many sprints ...
//   Thought for 3.2 s, 214 tokens.
//
//   540 meters.
//
// Where thinking was closed from outside, the line says so: "Thought for 42 s, 1536 tokens; closed
// there: it repeated itself."
//
// White space around thinking and answer is left out. What a model writes can never move the cursor
// or recolour a terminal: control characters become U+FFFD there. Not thread-safe.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "cli/terminal.h"
#include "runtime/generation.h"

namespace retort {

// What whoever reads the answer from a pipe should know and does not see in it, a line each: that
// thinking was closed, that the answer was cut or stopped.
std::vector<std::string> NotesFor(const GenerationResult& result);

struct AnswerPrinterOptions {
  Style style = Style(false);
  bool terminal = false;  // whether people read along
  bool hide_thinking = false;
};

class AnswerPrinter {
 public:
  AnswerPrinter(std::FILE* out, const AnswerPrinterOptions& options)
      : out_(out), options_(options) {}

  // `so_far` is the stream's result at this moment.
  void Push(const ThinkDelta& piece, const GenerationResult& so_far);
  // Ends the last line; says why a thinking that led to no answer ended.
  void Finish(const GenerationResult& result);

 private:
  // Holds back white space until text follows, so that none stands at the ends.
  class Trimmer {
   public:
    std::string Push(std::string_view text);
    bool begun() const { return begun_; }

   private:
    std::string held_;
    bool begun_ = false;
  };

  void PushReasoning(std::string_view text, const GenerationResult& so_far);
  void EndReasoning(const GenerationResult& so_far);
  void Print(std::string_view text);

  std::FILE* out_;
  AnswerPrinterOptions options_;
  Trimmer reasoning_, answer_;
  bool thinking_ended_ = false;
};

}  // namespace retort
