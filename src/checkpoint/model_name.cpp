#include "checkpoint/model_name.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

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

constexpr std::string_view kGguf = ".gguf";

bool IsFolderFile(const std::filesystem::path& path) {
  return path.extension() == ".safetensors" || path.extension() == ".json";
}

// "model-00001-of-00002.gguf" -> "model", "-of-00002.gguf"; empty for other names.
struct PartName {
  std::string stem, end;
};

PartName PartNameOf(const std::string& name) {
  if (!name.ends_with(kGguf)) return {};
  const std::string stem = name.substr(0, name.size() - kGguf.size());
  if (!EndsInPart(stem)) return {};
  const size_t start = stem.size() - kPartPattern.size();
  return {stem.substr(0, start), name.substr(start + std::string_view("-00000").size())};
}

std::vector<std::string> FilesLike(const std::filesystem::path& folder, const std::string& start,
                                   const std::string& end, size_t length) {
  std::vector<std::string> files;
  std::error_code error;
  for (std::filesystem::directory_iterator it(folder, error), last; !error && it != last;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    const bool fits = length == 0 || name.size() == length;
    if (fits && name.starts_with(start) && name.ends_with(end))
      files.push_back(it->path().string());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

std::string ModelNameOf(const std::string& path) {
  std::filesystem::path place(path);
  if (!place.has_filename()) place = place.parent_path();  // a folder with a slash behind it
  if (IsFolderFile(place) && place.has_parent_path()) place = place.parent_path();
  // Hugging Face's cache: the folder is a commit's, the model's name stands two above.
  if (place.parent_path().filename() == "snapshots") {
    const std::string repository = place.parent_path().parent_path().filename().string();
    if (repository.starts_with("models--")) return repository.substr(repository.rfind("--") + 2);
  }
  std::string name = place.filename().string();
  if (name.ends_with(kGguf)) name.resize(name.size() - kGguf.size());
  if (EndsInPart(name)) name.resize(name.size() - kPartPattern.size());
  return name.empty() || name == "." ? path : name;
}

std::vector<std::string> WeightFilesOf(const std::string& path) {
  const std::filesystem::path place(path);
  const std::filesystem::path folder = place.has_parent_path() ? place.parent_path() : ".";
  if (std::filesystem::is_directory(place)) return FilesLike(place, "", ".safetensors", 0);
  if (IsFolderFile(place)) return FilesLike(folder, "", ".safetensors", 0);
  const std::string name = place.filename().string();
  const PartName part = PartNameOf(name);
  if (!part.end.empty()) return FilesLike(folder, part.stem + "-", part.end, name.size());
  return std::filesystem::exists(place) ? std::vector<std::string>{path}
                                        : std::vector<std::string>();
}

}  // namespace retort
