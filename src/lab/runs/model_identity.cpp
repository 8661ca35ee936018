#include "lab/runs/model_identity.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "store/model_digest.h"

namespace retort {
namespace {

std::string MainType(const Checkpoint& checkpoint) {
  std::map<DType, size_t> bytes;
  for (const NamedTensor& tensor : checkpoint.tensors())
    bytes[tensor.view.dtype] += tensor.view.bytes();
  const auto most = std::max_element(
      bytes.begin(), bytes.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == bytes.end() ? "" : std::string(Info(most->first).name);
}

}  // namespace

ModelRow IdentifyModel(RunStore& store, const std::string& path,
                       const std::function<void(int64_t done, int64_t total)>& progress) {
  ModelRow row;
  std::vector<std::string> files;
  {
    // Let go before anything is measured: cold starts want files that nobody has mapped.
    const std::unique_ptr<Checkpoint> checkpoint = OpenCheckpoint(path);
    row.quantization = MainType(*checkpoint);
    // Beside the weights a folder holds configuration and tokenizer.
    files = std::filesystem::is_directory(path) ? FolderFiles(path) : checkpoint->files();
  }
  const std::filesystem::path absolute = std::filesystem::absolute(path).lexically_normal();
  row.name = absolute.stem().string();
  row.path = absolute.string();
  row.digest = ModelDigest(store, files, progress);
  row.bytes = BytesOf(files);
  return row;
}

}  // namespace retort
