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

// Of all that an engine has done: its steps, those of them with guessed tokens, and how many of
// these came.
nlohmann::ordered_json SpeculationJson(const EngineStats& stats);

}  // namespace retort
