// A name for people, made from where a model lies.
//
//   ModelNameOf("models/Qwen2.5-0.5B-Q8_0-00001-of-00002.gguf")     "Qwen2.5-0.5B-Q8_0"
//   ModelNameOf("models/DeepSeek-R1-Distill-Qwen-1.5B/")            "DeepSeek-R1-Distill-Qwen-1.5B"
//   ModelNameOf("hub/models--Qwen--Qwen3-0.6B/snapshots/c1899de")   "Qwen3-0.6B"
//
// Pure and thread-safe.
#pragma once

#include <string>

namespace retort {

std::string ModelNameOf(const std::string& path);

}  // namespace retort
