// Makes text of the tokens of one choice, as they come, and counts and times them.
//
//   ChoiceReader reader(tokenizer, text, governor, prompt_tokens);
//   GenerationPiece piece = reader.Take(event, seconds_since_submission);
//   reader.result();                                   // what all pieces have come to
//
// Its governor follows the engine's over the same tokens, and so tells why the thinking ended.
// Copies are independent. The tokenizer must outlive it. Not thread-safe.
#pragma once

#include <cstdint>

#include "runtime/answer_text.h"
#include "runtime/generation.h"

namespace retort {

class ChoiceReader {
 public:
  ChoiceReader(const Tokenizer& tokenizer, AnswerText text, ThinkingGovernor governor,
               int32_t prompt_tokens);

  // `time`: of the event, in seconds from submission.
  GenerationPiece Take(const TokenEvent& event, double time);
  const GenerationResult& result() const { return result_; }

 private:
  bool TakeToken(int32_t token, bool forced, double time, ThinkDelta& shown);
  void End(const TokenEvent& event, double time, ThinkDelta& shown);
  void Append(const ThinkDelta& delta, double time, ThinkDelta& shown);
  TextLogprobs WithText(const TokenLogprobs& logprobs, bool reasoning) const;

  const Tokenizer& tokenizer_;
  AnswerText text_;
  ThinkingGovernor governor_;
  GenerationResult result_;
};

}  // namespace retort
