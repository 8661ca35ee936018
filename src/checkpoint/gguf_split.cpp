#include "checkpoint/gguf_split.h"

#include <fmt/format.h>

#include <iterator>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/error.h"
#include "base/quote.h"

namespace retort {
namespace {

constexpr int64_t kMaxParts = 99'999;  // five digits

[[noreturn]] void FromAnotherModel(const Metadata& part, const Metadata& first,
                                   const std::string& what) {
  Fail(ErrorCode::kCorrupt,
       "{}: {}, so it and {} are no parts of one model; download all parts again into one folder",
       part.source(), what, first.source());
}

void CheckPlace(const Metadata& part, const Metadata& first, int64_t index, int64_t count) {
  const GgufSplit said = ReadGgufSplit(part);
  if (said.index != index || said.count != count) {
    FromAnotherModel(part, first,
                     fmt::format("it says that it is part {} of {} (split.no, split.count), not "
                                 "{} of {}",
                                 said.index + 1, said.count, index + 1, count));
  }
  const std::optional<int64_t> tensors = ReadGgufSplit(first).tensors;
  if (said.tensors != tensors) {
    FromAnotherModel(part, first,
                     fmt::format("split.tensors.count is {}, not {}", said.tensors.value_or(0),
                                 tensors.value_or(0)));
  }
  for (const char* key : {"general.architecture", "general.name"}) {
    const std::string* here = part.FindString(key);
    const std::string* there = first.FindString(key);
    if (here == nullptr || (there != nullptr && *here == *there)) continue;
    FromAnotherModel(part, first,
                     fmt::format("{} is {}, not {}", key, Quoted(*here),
                                 there == nullptr ? "absent" : Quoted(*there)));
  }
}

}  // namespace

GgufSplit ReadGgufSplit(const Metadata& metadata) {
  GgufSplit split;
  split.count = metadata.FindInt("split.count").value_or(1);
  if (split.count == 0 || split.count == 1) return {};
  split.index = metadata.FindInt("split.no").value_or(0);
  split.tensors = metadata.FindInt("split.tensors.count");
  if (split.count < 0 || split.count > kMaxParts || split.index < 0 || split.index >= split.count) {
    Fail(ErrorCode::kCorrupt,
         "{}: split.no is {} and split.count is {}, there can be 1 to {} parts counted from 0; the "
         "file is damaged, download it again",
         metadata.source(), split.index, split.count, kMaxParts);
  }
  return split;
}

std::vector<std::string> GgufPartPaths(const std::string& path, const GgufSplit& split) {
  const auto suffix = [&](int64_t index) {
    return fmt::format("-{:05}-of-{:05}.gguf", index + 1, split.count);
  };
  const std::string own = suffix(split.index);
  if (!path.ends_with(own)) {
    Fail(
        ErrorCode::kInvalidArgument,
        "{}: it is part {} of {}, but its name does not end in {}, which leads to the others; give "
        "the parts back their names, or join them with llama-gguf-split --merge",
        path, split.index + 1, split.count, own);
  }
  const std::string stem = path.substr(0, path.size() - own.size());
  std::vector<std::string> paths;
  for (int64_t i = 0; i < split.count; ++i) paths.push_back(stem + suffix(i));
  return paths;
}

GgufContents JoinGgufParts(std::vector<GgufContents> parts) {
  RETORT_CHECK(!parts.empty());
  GgufContents whole = std::move(parts.front());
  const GgufSplit split = ReadGgufSplit(whole.metadata);
  const auto count = static_cast<int64_t>(parts.size());
  std::unordered_map<std::string_view, std::string_view> places;  // tensor -> file
  std::vector<NamedTensor> tensors;
  for (int64_t i = 0; i < count; ++i) {
    GgufContents& part = i == 0 ? whole : parts[static_cast<size_t>(i)];
    CheckPlace(part.metadata, whole.metadata, i, count);
    for (const NamedTensor& tensor : part.tensors) {
      const auto [at, is_new] = places.emplace(tensor.name, part.metadata.source());
      if (!is_new) {
        Fail(ErrorCode::kCorrupt, "{}: tensor {} is in {} too; download all parts again",
             part.metadata.source(), Quoted(tensor.name), at->second);
      }
    }
  }
  for (int64_t i = 0; i < count; ++i) {
    GgufContents& part = i == 0 ? whole : parts[static_cast<size_t>(i)];
    std::move(part.tensors.begin(), part.tensors.end(), std::back_inserter(tensors));
  }
  if (split.tensors && *split.tensors != std::ssize(tensors)) {
    Fail(ErrorCode::kCorrupt,
         "{}: the {} parts have {} tensors together, split.tensors.count says {}; download all "
         "parts again",
         whole.metadata.source(), count, tensors.size(), *split.tensors);
  }
  whole.tensors = std::move(tensors);
  return whole;
}

}  // namespace retort
