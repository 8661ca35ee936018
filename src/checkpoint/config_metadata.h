// A JSON file of settings (config.json, generation_config.json) as Metadata. Keys of nested objects
// are joined by dots:
//
//   MetadataFromJson(R"({"num_hidden_layers": 28, "rope_scaling": {"factor": 8.0}})",
//   "config.json");
//     "num_hidden_layers" is the integer 28, "rope_scaling.factor" the number 8
//
// What has no place there is left out: null, empty arrays, arrays of objects or of several types.
// Errors: kCorrupt for what is no JSON object. Pure and thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "checkpoint/checkpoint.h"

namespace retort {

Metadata MetadataFromJson(std::string_view text, const std::string& source);

}  // namespace retort
