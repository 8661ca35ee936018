// One line of `retort score`: a request as JSON to its answer as JSON.
//
//   Json answer = ScoreJson({{"ids", {1, 2, 3}}, {"probe_ids", {7}}}, *model, {.greedy = 8});
//
// Errors: kInvalidArgument naming the field and its value; those of Score. Not thread-safe: steps
// the model.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>

#include "ops/step.h"
#include "runtime/loaded_model.h"

namespace retort {

struct ScoreJsonOptions {
  RowRole role = RowRole::kPrompt;
  int32_t greedy = 0;  // tokens to continue with
};

// {"ids"} or {"text"}, with "probe_ids" if wanted → {"nll", "mean_nll", "argmax", "top",
// "probe_logits", "logsumexp", "greedy"}, and "ids" where a text was given.
nlohmann::ordered_json ScoreJson(const nlohmann::ordered_json& request, LoadedModel& model,
                                 const ScoreJsonOptions& options);

}  // namespace retort
