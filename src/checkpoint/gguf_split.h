// One model in several GGUF files, as llama-gguf-split writes them: "name-00001-of-00003.gguf" and
// so on. Each says "split.no", "split.count" and "split.tensors.count"; the first has all other
// metadata; each has its own tensors and its own data.
//
//   const GgufSplit split = ReadGgufSplit(contents.metadata);
//   for (const std::string& path : GgufPartPaths(path_of_any_part, split)) parts.push_back(...);
//   GgufContents model = JoinGgufParts(std::move(parts));
//
// Errors: kCorrupt for parts that do not belong together, kInvalidArgument for a part that lost its
// name. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checkpoint/gguf.h"

namespace retort {

struct GgufSplit {
  int64_t index = 0;               // of this part, from 0
  int64_t count = 1;               // parts of the model
  std::optional<int64_t> tensors;  // of all parts together
};

GgufSplit ReadGgufSplit(const Metadata& metadata);

// The paths of all parts, in order, made from the path of the one that says `split`.
std::vector<std::string> GgufPartPaths(const std::string& path, const GgufSplit& split);

// The metadata of the first part with the tensors of all.
GgufContents JoinGgufParts(std::vector<GgufContents> parts);

}  // namespace retort
