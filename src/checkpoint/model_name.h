// What follows from where a model lies alone, without opening it: a name for people, and its files.
//
//   ModelNameOf("models/Qwen2.5-0.5B-Q8_0-00001-of-00002.gguf")     "Qwen2.5-0.5B-Q8_0"
//   ModelNameOf("models/DeepSeek-R1-Distill-Qwen-1.5B/")            "DeepSeek-R1-Distill-Qwen-1.5B"
//   ModelNameOf("hub/models--Qwen--Qwen3-0.6B/snapshots/c1899de")   "Qwen3-0.6B"
//
// Errors: none; what does not exist has no files. Stateless and thread-safe.
#pragma once

#include <string>
#include <vector>

namespace retort {

std::string ModelNameOf(const std::string& path);

// The files that hold the weights: a folder's *.safetensors, all parts of a split GGUF file that
// are there, else the path itself.
std::vector<std::string> WeightFilesOf(const std::string& path);

}  // namespace retort
