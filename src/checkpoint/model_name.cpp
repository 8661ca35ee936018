#include "checkpoint/model_name.h"

#include <algorithm>
#include <filesystem>
#include <string_view>

namespace retort {
namespace {

// "-00001-of-00002", which names a part and not the model.
constexpr std::string_view kPartPattern = "-00000-of-00000";

bool EndsInPart(std::string_view name) {
  if (name.size() <= kPartPattern.size()) return false;
  const std::string_view end = name.substr(name.size() - kPartPattern.size());
  return std::equal(end.begin(), end.end(), kPartPattern.begin(), [](char c, char pattern) {
    return pattern == '0' ? c >= '0' && c <= '9' : c == pattern;
  });
}

}  // namespace

std::string ModelNameOf(const std::string& path) {
  std::filesystem::path place(path);
  if (!place.has_filename()) place = place.parent_path();  // a folder with a slash behind it
  const bool in_folder = place.extension() == ".safetensors" || place.extension() == ".json";
  if (in_folder && place.has_parent_path()) place = place.parent_path();
  // Hugging Face's cache: the folder is a commit's, the model's name stands two above.
  if (place.parent_path().filename() == "snapshots") {
    const std::string repository = place.parent_path().parent_path().filename().string();
    if (repository.starts_with("models--")) return repository.substr(repository.rfind("--") + 2);
  }
  std::string name = place.filename().string();
  if (name.ends_with(".gguf")) name.resize(name.size() - std::string_view(".gguf").size());
  if (EndsInPart(name)) name.resize(name.size() - kPartPattern.size());
  return name.empty() || name == "." ? path : name;
}

}  // namespace retort
