#include "checkpoint/gguf_checkpoint.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>
#include <vector>

#include "base/error.h"
#include "checkpoint/gguf.h"
#include "checkpoint/gguf_split.h"
#include "checkpoint/weight_files.h"

namespace retort {
namespace {

class GgufCheckpoint : public Checkpoint {
 public:
  explicit GgufCheckpoint(const std::string& path) : path_(path), contents_(Open()) {
    format_ = fmt::format("GGUF v{}", contents_.version);
    if (files_.paths().size() > 1) format_ += fmt::format(", {} files", files_.paths().size());
  }

  const std::string& path() const override { return path_; }
  Dialect dialect() const override { return Dialect::kGguf; }
  std::string_view format() const override { return format_; }
  const Metadata& metadata() const override { return contents_.metadata; }
  const std::vector<NamedTensor>& tensors() const override { return contents_.tensors; }
  const std::vector<std::string>& files() const override { return files_.paths(); }
  int64_t file_bytes() const override { return files_.bytes(); }
  void Release(ConstTensorView view) const override { files_.Release({view.data, view.bytes()}); }

 private:
  GgufContents Open() {
    GgufContents given = ParseGguf(files_.Map(path_), path_);
    const GgufSplit split = ReadGgufSplit(given.metadata);
    if (split.count == 1) return given;
    std::vector<GgufContents> parts;
    for (const std::string& part : GgufPartPaths(path_, split)) {
      const auto index = static_cast<int64_t>(parts.size());
      if (index == split.index) {
        parts.push_back(std::move(given));
      } else if (std::filesystem::exists(part)) {
        parts.push_back(ParseGguf(files_.Map(part), part));
      } else {
        Fail(ErrorCode::kNotFound, "{}: part {} of {} is missing: {}; download all parts", path_,
             index + 1, split.count, part);
      }
    }
    return JoinGgufParts(std::move(parts));
  }

  const std::string path_;
  WeightFiles files_;
  const GgufContents contents_;  // views into files_
  std::string format_;
};

}  // namespace

std::unique_ptr<Checkpoint> OpenGguf(const std::string& path) {
  return std::make_unique<GgufCheckpoint>(path);
}

}  // namespace retort
