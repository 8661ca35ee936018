// What the answers of OpenAI's interfaces are put together from.
//
//   chunk["usage"] = UsageJson(outcomes);
//   choice["logprobs"] = LogprobsJson(tokens, include_reasoning);
//
// Log-probabilities that are not finite become -9999, which is what OpenAI's servers send. Tokens
// that end within a character are shown with U+FFFD; their bytes are exact. Pure and thread-safe.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "api/reply.h"

namespace retort::api {

// {"prompt_tokens", "completion_tokens", "total_tokens", ...details}
Json UsageJson(const std::vector<Outcome>& outcomes);
// {"first_token_s", ..., "total_s", "tokens_per_s"}; what there was none of is null.
Json TimingsJson(const ReplyTimings& timings);
// {"token", "bytes", "logprob"}
Json TokenJson(const LikelyToken& token);
// The same with "top_logprobs".
Json TokenReportJson(const TokenReport& report);
// {"content": [...], "reasoning_content": [...]}
Json ChatLogprobsJson(const std::vector<TokenReport>& tokens, bool include_reasoning);
double FiniteLogprob(double logprob);

// "stop", "length", "tool_calls"
std::string OpenAiFinish(Finish finish);
// Adds "finish_reason" and what else is known of the end to a choice.
void AddFinish(const ChoiceOutcome& outcome, Json* choice);
// {"id", "type", "function": {"name", "arguments"}}
Json ToolCallJson(const ToolCall& call);

struct TokenTotals {
  int64_t prompt = 0, cached = 0, generated = 0, reasoning = 0;
};
TokenTotals SumTokens(const std::vector<Outcome>& outcomes);

}  // namespace retort::api
