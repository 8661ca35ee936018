// Models that other programs have brought to this machine: Hugging Face's tools in their usual
// folder, Ollama, LM Studio. Their GGUF files run as they lie.
//
//   const auto found = ModelsElsewhere(UsualCaches(home), cache_in_use, catalogue);
//   found[0].path;        // "~/.ollama/models/blobs/sha256-..."
//   Alike(found, {"DeepSeek-R1-Distill-Qwen-1.5B", "deepseek-r1:1.5b"});
//
// Errors: none; what cannot be read is not there. Thread-safe as the file system is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hub/catalogue.h"

namespace retort::doctor {

struct OtherCaches {
  std::string hugging_face = {};
  std::string ollama = {};
  std::vector<std::string> lm_studio = {};
};
OtherCaches UsualCaches(const std::string& home);

struct ModelElsewhere {
  std::string name = {};  // "deepseek-r1:1.5b", "PUBLISHER/REPO/FILE.gguf"
  std::string path = {};
  std::string program = {};  // "Ollama"
  std::string folder = {};   // of all that the program keeps
  int64_t bytes = 0;
  bool is_hub_cache = false;  // HF_HUB_CACHE may name its folder
};

// All but those in `cache_in_use`.
std::vector<ModelElsewhere> ModelsElsewhere(const OtherCaches& caches,
                                            const std::string& cache_in_use,
                                            const Catalogue& catalogue);

// Those whose name holds one of these, letters and digits alone compared.
std::vector<ModelElsewhere> Alike(const std::vector<ModelElsewhere>& models,
                                  const std::vector<std::string>& names);

}  // namespace retort::doctor
