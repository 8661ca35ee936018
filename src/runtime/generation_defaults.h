// How a model's makers say that it wants to be sampled, so that a user need not know it.
//
//   const GenerationDefaults defaults = ReadGenerationDefaults(*checkpoint, template_text);
//   SamplingParams sampling;
//   defaults.ApplyTo(sampling);   // what is not said stays as it was
//   defaults.source;              // "generation_config.json"
//
// The first of these that says anything:
//   1. a folder's generation_config.json; "do_sample": false means the likeliest token
//   2. a GGUF file's keys general.sampling.*
//   3. DeepSeek's advice for R1, temperature 0.6 and top-p 0.95, for models that think: their name
//      says so (DeepSeek-R1, R1-Distill) or their chat template knows <think>
//
// Errors: kCorrupt naming file, key and value. Pure but for reading the one file; thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "engine/request.h"

namespace retort {

struct GenerationDefaults {
  std::optional<double> temperature, top_p, min_p, repetition_penalty;
  std::optional<int32_t> top_k;
  std::vector<int64_t> eos_ids;  // that end an answer, beside the tokenizer's own
  std::string source;            // for people; empty if nothing is said

  void ApplyTo(SamplingParams& sampling) const;
};

GenerationDefaults ReadGenerationDefaults(const Checkpoint& checkpoint,
                                          std::string_view chat_template);

// Whether the file's name or what it says of itself names DeepSeek-R1 or a distill of it.
bool IsNamedR1(const Checkpoint& checkpoint);

// The first of the three alone.
GenerationDefaults ReadGenerationConfig(const Metadata& generation_config);

}  // namespace retort
