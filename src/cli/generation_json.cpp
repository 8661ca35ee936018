#include "cli/generation_json.h"

#include <nlohmann/json.hpp>

namespace retort {

nlohmann::ordered_json ToJson(const GenerationResult& result) {
  return {{"reasoning", result.reasoning},
          {"answer", result.answer},
          {"finish_reason", FinishReasonName(result.finish)},
          {"prompt_tokens", result.prompt_tokens},
          {"generated_tokens", result.generated_tokens},
          {"reasoning_tokens", result.reasoning_tokens},
          {"thinking_end", ThinkingEndName(result.thinking_end)},
          {"forced_tokens", result.forced_tokens},
          {"timings",
           {{"first_token_s", result.first_token_s},
            {"first_answer_s", result.first_answer_s},
            {"thinking_s", result.thinking_s},
            {"total_s", result.total_s},
            {"tokens_per_s", result.decode_tokens_per_s}}}};
}

nlohmann::ordered_json SpeculationJson(const EngineStats& stats) {
  return {{"steps", stats.steps},
          {"draft_steps", stats.draft_steps},
          {"drafted_tokens", stats.drafted_tokens},
          {"accepted_tokens", stats.accepted_tokens}};
}

}  // namespace retort
