// Which of a repository's files make up the model that somebody asked for.
//
//   const ModelFiles chosen = ChooseFiles("ORG/REPO", listing.files, "q4_k_m");
//   chosen.files;     // every part of a split file, or a folder's safetensors with what they need
//
// Without a wish: the safetensors and their configuration; in a repository of GGUF files the only
// one there is, or the one of Q4_K_M.
// Errors: kNotFound, naming what there is instead. Pure and thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace retort {

struct ModelFiles {
  std::vector<std::string> files = {};  // a split file's parts in their order
  std::string precision = {};           // "q4_k_m"; empty if the names do not say
  bool folder = false;                  // safetensors: the folder is the model, not one file
};

// `wish`: empty, a file, or a precision.
ModelFiles ChooseFiles(const std::string& repository, const std::vector<std::string>& files,
                       const std::string& wish);

// All models among a repository's files: each GGUF file (a split one once), and the safetensors.
std::vector<ModelFiles> ModelsAmong(const std::vector<std::string>& files);

// "q4_k_m" of "Qwen2.5-7B-Instruct-Q4_K_M-00001-of-00002.gguf"; empty if the name says none.
std::string PrecisionOfName(std::string_view file);

// The parts of a split GGUF file, named by any of them; the name alone if it is not split.
std::vector<std::string> PartsOf(const std::string& file);

}  // namespace retort
