#include "doctor/other_caches.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "hub/cache.h"
#include "hub/cached_models.h"
#include "hub/folder_entries.h"
#include "hub/names.h"

namespace retort::doctor {
namespace {

namespace fs = std::filesystem;

int64_t BytesOfFile(const fs::path& path) {
  std::error_code error;
  const auto bytes = fs::file_size(path, error);
  return error ? 0 : static_cast<int64_t>(bytes);
}

bool IsSame(const std::string& one, const std::string& other) {
  std::error_code error;
  return one == other || fs::equivalent(one, other, error);
}

void AddHubCache(const std::string& folder, const Catalogue& catalogue,
                 std::vector<ModelElsewhere>& found) {
  for (const CachedModel& model : ListModels(HubCache(folder), catalogue)) {
    if (!model.complete) continue;
    found.push_back({.name = model.name,
                     .path = model.path,
                     .program = "Hugging Face's tools",
                     .folder = folder,
                     .bytes = model.bytes,
                     .is_hub_cache = true});
  }
}

// The digest of the model among a manifest's layers: "sha256-..." as the blob's file is called.
std::string OllamaBlob(const fs::path& manifest) {
  std::ifstream in(manifest, std::ios::binary);
  const nlohmann::json json = nlohmann::json::parse(in, nullptr, /*allow_exceptions=*/false);
  const auto layers = json.is_object() ? json.find("layers") : json.end();
  if (!json.is_object() || layers == json.end() || !layers->is_array()) return "";
  for (const nlohmann::json& layer : *layers) {
    if (!layer.is_object() || !layer.contains("mediaType") || !layer.contains("digest")) continue;
    if (layer["mediaType"] != "application/vnd.ollama.image.model") continue;
    if (!layer["digest"].is_string()) continue;
    std::string digest = layer["digest"];
    const size_t colon = digest.find(':');
    if (colon == std::string::npos || !IsSha256(digest.substr(colon + 1))) continue;
    digest[colon] = '-';
    return digest;
  }
  return "";
}

// manifests/REGISTRY/library/NAME/TAG
void AddOllama(const std::string& folder, std::vector<ModelElsewhere>& found) {
  const fs::path manifests = fs::path(folder) / "manifests";
  std::error_code error;
  std::vector<fs::path> files;
  for (fs::recursive_directory_iterator entry(manifests, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code gone;
    if (entry->is_regular_file(gone)) files.push_back(entry->path());
  }
  std::ranges::sort(files);
  for (const fs::path& file : files) {
    const std::string blob = OllamaBlob(file);
    if (blob.empty()) continue;
    const fs::path path = fs::path(folder) / "blobs" / blob;
    if (!fs::exists(path, error)) continue;
    found.push_back(
        {.name = file.parent_path().filename().string() + ":" + file.filename().string(),
         .path = path.string(),
         .program = "Ollama",
         .folder = folder,
         .bytes = BytesOfFile(path)});
  }
}

// PUBLISHER/REPO/FILE.gguf
void AddLmStudio(const std::string& folder, std::vector<ModelElsewhere>& found) {
  for (const fs::path& publisher : EntriesOf(folder)) {
    for (const fs::path& repository : EntriesOf(publisher)) {
      for (const fs::path& file : EntriesOf(repository)) {
        const std::string name = file.filename().string();
        if (!name.ends_with(".gguf") || name.starts_with("mmproj")) continue;
        found.push_back({.name = fs::path(file).lexically_relative(folder).string(),
                         .path = file.string(),
                         .program = "LM Studio",
                         .folder = folder,
                         .bytes = BytesOfFile(file)});
      }
    }
  }
}

std::string LettersAndDigits(const std::string& text) {
  std::string kept = LowerCase(text);
  std::erase_if(kept, [](char c) { return (c < 'a' || c > 'z') && (c < '0' || c > '9'); });
  return kept;
}

}  // namespace

OtherCaches UsualCaches(const std::string& home) {
  return {.hugging_face = home + "/.cache/huggingface/hub",
          .ollama = home + "/.ollama/models",
          .lm_studio = {home + "/.lmstudio/models", home + "/.cache/lm-studio/models"}};
}

std::vector<ModelElsewhere> ModelsElsewhere(const OtherCaches& caches,
                                            const std::string& cache_in_use,
                                            const Catalogue& catalogue) {
  std::vector<ModelElsewhere> found;
  if (!IsSame(caches.hugging_face, cache_in_use)) {
    AddHubCache(caches.hugging_face, catalogue, found);
  }
  AddOllama(caches.ollama, found);
  for (const std::string& folder : caches.lm_studio) AddLmStudio(folder, found);
  return found;
}

std::vector<ModelElsewhere> Alike(const std::vector<ModelElsewhere>& models,
                                  const std::vector<std::string>& names) {
  std::vector<ModelElsewhere> alike;
  for (const ModelElsewhere& model : models) {
    const std::string here = LettersAndDigits(model.name);
    const bool fits = std::ranges::any_of(names, [&](const std::string& name) {
      const std::string wanted = LettersAndDigits(name);
      return !wanted.empty() && here.find(wanted) != std::string::npos;
    });
    if (fits) alike.push_back(model);
  }
  return alike;
}

}  // namespace retort::doctor
