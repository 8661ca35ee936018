#include "api/reply_parts.h"

#include <cmath>

#include "api/json_text.h"

namespace retort::api {

double FiniteLogprob(double logprob) { return std::isfinite(logprob) ? logprob : -9999.0; }

TokenTotals SumTokens(const std::vector<Outcome>& outcomes) {
  TokenTotals totals;
  for (const Outcome& outcome : outcomes) {
    totals.prompt += outcome.prompt_tokens;
    totals.cached += outcome.cached_tokens;
    for (const ChoiceOutcome& choice : outcome.choices) {
      totals.generated += choice.generated_tokens;
      totals.reasoning += choice.reasoning_tokens;
    }
  }
  return totals;
}

Json UsageJson(const std::vector<Outcome>& outcomes) {
  const TokenTotals totals = SumTokens(outcomes);
  return {{"prompt_tokens", totals.prompt},
          {"completion_tokens", totals.generated},
          {"total_tokens", totals.prompt + totals.generated},
          {"prompt_tokens_details", {{"cached_tokens", totals.cached}}},
          {"completion_tokens_details", {{"reasoning_tokens", totals.reasoning}}}};
}

Json TimingsJson(const ReplyTimings& timings) {
  const Json first_answer = timings.first_answer_s > 0 ? Json(timings.first_answer_s) : Json();
  return {{"first_token_s", timings.first_token_s}, {"first_answer_s", first_answer},
          {"thinking_s", timings.thinking_s},       {"total_s", timings.total_s},
          {"tokens_per_s", timings.tokens_per_s},   {"load_s", timings.load_s}};
}

Json TokenJson(const LikelyToken& token) {
  Json bytes = Json::array();
  for (char byte : token.bytes) bytes.push_back(static_cast<uint8_t>(byte));
  return {{"token", ReplacedUtf8(token.bytes)},
          {"logprob", FiniteLogprob(token.logprob)},
          {"bytes", std::move(bytes)}};
}

Json TokenReportJson(const TokenReport& report) {
  Json json = TokenJson(report.chosen);
  Json top = Json::array();
  for (const LikelyToken& token : report.top) top.push_back(TokenJson(token));
  json["top_logprobs"] = std::move(top);
  return json;
}

Json ChatLogprobsJson(const std::vector<TokenReport>& tokens, bool include_reasoning) {
  Json content = Json::array(), reasoning = Json::array();
  for (const TokenReport& token : tokens) {
    if (!token.reasoning) content.push_back(TokenReportJson(token));
    if (token.reasoning && include_reasoning) reasoning.push_back(TokenReportJson(token));
  }
  Json logprobs = {{"content", std::move(content)}, {"refusal", nullptr}};
  if (include_reasoning) logprobs["reasoning_content"] = std::move(reasoning);
  return logprobs;
}

std::string OpenAiFinish(Finish finish) {
  switch (finish) {
    case Finish::kLength:
    case Finish::kLoop:
      return "length";
    case Finish::kToolCalls:
      return "tool_calls";
    case Finish::kStop:
    case Finish::kCancelled:
    case Finish::kError:
      break;
  }
  return "stop";
}

void AddFinish(const ChoiceOutcome& outcome, Json* choice) {
  (*choice)["finish_reason"] = OpenAiFinish(outcome.finish);
  if (outcome.finish == Finish::kLoop) (*choice)["finish_details"] = {{"type", "loop"}};
  if (outcome.finish == Finish::kCancelled) (*choice)["finish_details"] = {{"type", "cancelled"}};
  if (outcome.finish == Finish::kError) (*choice)["finish_details"] = {{"type", "error"}};
  if (!outcome.stop_sequence.empty()) (*choice)["stop_reason"] = outcome.stop_sequence;
  if (outcome.reasoning_truncated) (*choice)["reasoning_truncated"] = true;
  if (outcome.thinking_end != "none") (*choice)["thinking_end"] = outcome.thinking_end;
}

Json ToolCallJson(const ToolCall& call) {
  return {{"id", call.id},
          {"type", "function"},
          {"function", {{"name", call.name}, {"arguments", call.arguments}}}};
}

}  // namespace retort::api
