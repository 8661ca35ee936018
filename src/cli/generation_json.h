// One answer as JSON: what `retort run --json` prints, and each line of `retort run --batch`.
//
//   ToJson(stream->result())
//     {"reasoning": "...", "answer": "540", "finish_reason": "stop", "prompt_tokens": 31, ...,
//      "timings": {"first_token_s": 0.21, ...}}
//
// Times are in seconds. Stateless and thread-safe.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "runtime/generation.h"

namespace retort {

nlohmann::ordered_json ToJson(const GenerationResult& result);

}  // namespace retort
