#include "serve/choice_state.h"

#include <utility>

namespace retort::serve {
namespace {

api::LikelyToken ToLikely(const TextLogprob& token) {
  return {.id = token.token, .bytes = token.bytes, .logprob = token.logprob};
}

api::TokenReport ToReport(const TextLogprobs& logprobs) {
  api::TokenReport report{
      .chosen = ToLikely(logprobs.chosen), .top = {}, .reasoning = logprobs.reasoning};
  for (const TextLogprob& token : logprobs.top) report.top.push_back(ToLikely(token));
  return report;
}

void Append(const auto& from, auto& to) { to.insert(to.end(), from.begin(), from.end()); }

}  // namespace

api::ReplyTimings TimingsOf(const GenerationResult& result) {
  return {.first_token_s = result.first_token_s,
          .first_answer_s = result.first_answer_s,
          .thinking_s = result.thinking_s,
          .total_s = result.total_s,
          .tokens_per_s = result.decode_tokens_per_s,
          .load_s = 0};
}

ChoiceState::ChoiceState(ChoiceSettings settings) : settings_(std::move(settings)) {}

api::Piece ChoiceState::Take(const GenerationPiece& generated, const GenerationResult& result) {
  api::Piece piece;
  piece.choice = settings_.index;
  piece.reasoning = generated.reasoning;
  if (!generated.reasoning.empty()) trimming_ = true;
  std::string answer = Trim(generated.answer);
  if (settings_.tool_calls) {
    Add(settings_.tool_calls->Push(answer), &piece);
  } else {
    piece.text = std::move(answer);
  }
  for (const TextLogprobs& logprobs : generated.logprobs) {
    piece.tokens.push_back(ToReport(logprobs));
  }
  if (settings_.keep_token_ids) piece.token_ids = generated.tokens;
  piece.timings = TimingsOf(result);
  piece.generated_tokens = result.generated_tokens;
  Keep(piece);
  return piece;
}

api::Piece ChoiceState::Finish(const GenerationResult& result) {
  api::Piece piece;
  piece.choice = settings_.index;
  if (settings_.tool_calls) Add(settings_.tool_calls->Finish(), &piece);
  piece.timings = TimingsOf(result);
  piece.generated_tokens = result.generated_tokens;
  Keep(piece);
  outcome_.finish = FinishOf(result);
  outcome_.stop_sequence = result.stop_string;
  outcome_.reasoning_truncated = result.ended_in_reasoning;
  outcome_.thinking_end = ThinkingEndName(result.thinking_end);
  outcome_.generated_tokens = result.generated_tokens;
  outcome_.reasoning_tokens = result.reasoning_tokens;
  outcome_.timings = piece.timings;
  return piece;
}

// Models write an empty line behind their </think>; it is not what they want to say.
std::string ChoiceState::Trim(std::string answer) {
  if (!trimming_ || settings_.raw) return answer;
  const size_t begin = answer.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return {};
  trimming_ = false;
  return answer.substr(begin);
}

void ChoiceState::Add(ToolDelta delta, api::Piece* piece) {
  piece->text += delta.text;
  for (ParsedToolCall& call : delta.calls) {
    const size_t number = outcome_.calls.size() + piece->calls.size();
    if (number > 0 && !settings_.parallel_tool_calls) return;
    piece->calls.push_back({.id = "call_" + settings_.id + "_" + std::to_string(settings_.index) +
                                  "_" + std::to_string(number),
                            .name = std::move(call.name),
                            .arguments = std::move(call.arguments)});
  }
}

void ChoiceState::Keep(const api::Piece& piece) {
  outcome_.reasoning += piece.reasoning;
  outcome_.text += piece.text;
  Append(piece.calls, outcome_.calls);
  Append(piece.tokens, outcome_.tokens);
  Append(piece.token_ids, outcome_.token_ids);
}

api::Finish ChoiceState::FinishOf(const GenerationResult& result) const {
  switch (result.finish) {
    case FinishReason::kLength:
      return api::Finish::kLength;
    case FinishReason::kLoop:
      return api::Finish::kLoop;
    case FinishReason::kCancelled:
      return api::Finish::kCancelled;
    case FinishReason::kError:
      return api::Finish::kError;
    case FinishReason::kNone:
    case FinishReason::kStop:
      break;
  }
  return outcome_.calls.empty() ? api::Finish::kStop : api::Finish::kToolCalls;
}

}  // namespace retort::serve
