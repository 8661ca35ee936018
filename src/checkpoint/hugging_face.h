// A model's folder as Hugging Face lays it out: config.json beside model.safetensors, or beside
// model.safetensors.index.json and the files that it names. Weights are mapped and read in place.
//
//   std::unique_ptr<Checkpoint> model = OpenHuggingFace("DeepSeek-R1-Distill-Qwen-1.5B");
//
// Errors: those of safetensors.h and config_metadata.h; kNotFound naming the file that is missing;
// kUnsupported for quantised weights (AWQ, GPTQ, FP8, ...). Thread-safe.
#pragma once

#include <memory>
#include <string>

#include "checkpoint/checkpoint.h"

namespace retort {

// `path` is the folder or one of the files named above.
std::unique_ptr<Checkpoint> OpenHuggingFace(const std::string& path);

}  // namespace retort
