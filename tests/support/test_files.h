// Where tests find files: the repository's own data, the shared data of RETORT_SHARED (default
// "../shared" beside the repository) and the real models of RETORT_MODELS (default
// ~/.cache/retort-models). The latter two may be absent; tests then skip.
//
//   const auto golden = SharedFile("templates/golden.jsonl");
//   if (!golden) GTEST_SKIP() << kNoSharedData;
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace retort {

inline constexpr const char* kNoSharedData = "set RETORT_SHARED to the folder of the shared data";
inline constexpr const char* kNoModels = "set RETORT_MODELS to the folder of the real models";

inline std::string SourceFile(const std::string& name) {
  return std::string(RETORT_SOURCE_DIR) + "/" + name;
}

inline std::optional<std::string> FileIn(std::filesystem::path folder, const std::string& name) {
  folder /= name;
  return std::filesystem::exists(folder) ? std::optional(folder.string()) : std::nullopt;
}

// `name` is relative to the shared `data` folder.
inline std::optional<std::string> SharedFile(const std::string& name) {
  const char* folder = std::getenv("RETORT_SHARED");
  const std::string fallback = std::string(RETORT_SOURCE_DIR) + "/../shared";
  return FileIn(std::filesystem::path(folder ? folder : fallback) / "data", name);
}

inline std::optional<std::string> ModelFile(const std::string& name) {
  const char* folder = std::getenv("RETORT_MODELS");
  const char* home = std::getenv("HOME");
  return FileIn(folder ? folder : std::string(home ? home : "") + "/.cache/retort-models", name);
}

inline std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::vector<std::string> ReadLines(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace retort
