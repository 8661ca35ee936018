#include "runtime/choice_reader.h"

#include <utility>

namespace retort {

ChoiceReader::ChoiceReader(const Tokenizer& tokenizer, AnswerText text, ThinkingGovernor governor,
                           int32_t prompt_tokens)
    : tokenizer_(tokenizer), text_(std::move(text)), governor_(std::move(governor)) {
  result_.prompt_tokens = prompt_tokens;
}

GenerationPiece ChoiceReader::Take(const TokenEvent& event, double time) {
  GenerationPiece piece;
  piece.choice = event.choice;
  piece.tokens = event.tokens;
  piece.time_s = time;
  result_.cached_tokens = event.cached_tokens;
  if (event.forced) result_.forced_tokens += static_cast<int32_t>(event.tokens.size());
  for (size_t i = 0; i < event.tokens.size(); ++i) {
    const bool reasoning = TakeToken(event.tokens[i], event.forced, time, piece);
    if (i >= event.logprobs.size()) continue;
    piece.logprobs.push_back(WithText(event.logprobs[i], reasoning));
    result_.logprobs.push_back(piece.logprobs.back());
  }
  if (event.finish != FinishReason::kNone) End(event, time, piece);
  return piece;
}

// Whether the token belongs to the reasoning.
bool ChoiceReader::TakeToken(int32_t token, bool forced, double time, ThinkDelta& shown) {
  if (result_.generated_tokens++ == 0) result_.first_token_s = time;
  const bool was_reasoning = text_.in_reasoning();
  Append(text_.Push(token), time, shown);
  governor_.Push(token, forced);
  const bool reasoning = was_reasoning || text_.in_reasoning();
  if (was_reasoning && !text_.in_reasoning()) result_.thinking_end = governor_.end();
  if (reasoning) {
    ++result_.reasoning_tokens;
    result_.thinking_s = time - result_.first_token_s;
  }
  result_.total_s = time;
  if (result_.generated_tokens > 1 && time > result_.first_token_s) {
    result_.decode_tokens_per_s = (result_.generated_tokens - 1) / (time - result_.first_token_s);
  }
  return reasoning;
}

void ChoiceReader::End(const TokenEvent& event, double time, ThinkDelta& shown) {
  result_.ended_in_reasoning = text_.in_reasoning();
  Append(text_.Finish(), time, shown);
  result_.finish = event.finish;
  result_.error = event.error;
  result_.stop_string = text_.stop_string();
  result_.thinking_end = governor_.end();
  result_.total_s = time;
}

void ChoiceReader::Append(const ThinkDelta& delta, double time, ThinkDelta& shown) {
  const bool blank = delta.answer.find_first_not_of(" \t\r\n") == std::string::npos;
  if (result_.first_answer_s == 0 && !blank && !text_.in_reasoning()) {
    result_.first_answer_s = time;
  }
  shown.reasoning += delta.reasoning;
  shown.answer += delta.answer;
  result_.reasoning += delta.reasoning;
  result_.answer += delta.answer;
}

TextLogprobs ChoiceReader::WithText(const TokenLogprobs& logprobs, bool reasoning) const {
  const auto with_bytes = [&](const TokenLogprob& from) -> TextLogprob {
    // Rows that only pad the vocabulary have no text.
    std::string bytes;
    if (from.token < tokenizer_.size()) bytes = tokenizer_.TokenBytes(from.token);
    return {.token = from.token, .bytes = std::move(bytes), .logprob = from.logprob};
  };
  TextLogprobs result{.chosen = with_bytes(logprobs.chosen), .top = {}, .reasoning = reasoning};
  for (const TokenLogprob& token : logprobs.top) result.top.push_back(with_bytes(token));
  return result;
}

}  // namespace retort
