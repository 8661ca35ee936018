#include "checkpoint/hugging_face.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/quote.h"
#include "checkpoint/config_metadata.h"
#include "checkpoint/safetensors.h"
#include "checkpoint/weight_files.h"

namespace retort {
namespace {

constexpr std::string_view kConfig = "config.json";
constexpr std::string_view kSingle = "model.safetensors";
constexpr std::string_view kIndex = "model.safetensors.index.json";

std::string FolderOf(const std::string& path) {
  std::filesystem::path folder(path);
  if (!std::filesystem::is_directory(folder)) folder = folder.parent_path();
  if (folder.empty()) return ".";
  if (!folder.has_filename() && folder.has_relative_path()) folder = folder.parent_path();
  return folder.string();
}

class FolderCheckpoint : public Checkpoint {
 public:
  explicit FolderCheckpoint(const std::string& path)
      : path_(FolderOf(path)), metadata_(ReadConfig()) {
    RejectQuantized();
    if (Exists(kSingle)) {
      tensors_ = ParseSafetensors(files_.Map(At(kSingle)), At(kSingle));
    } else if (Exists(kIndex)) {
      ReadShards();
    } else {
      Fail(
          ErrorCode::kNotFound,
          "{}: the folder has neither {} nor {}; download the safetensors files, or save the model "
          "in that format",
          path_, kSingle, kIndex);
    }
    CheckIsPart(path);
    format_ = "safetensors";
    if (files_.paths().size() > 1) format_ += fmt::format(", {} files", files_.paths().size());
  }

  const std::string& path() const override { return path_; }
  Dialect dialect() const override { return Dialect::kHuggingFace; }
  std::string_view format() const override { return format_; }
  const Metadata& metadata() const override { return metadata_; }
  const std::vector<NamedTensor>& tensors() const override { return tensors_; }
  const std::vector<std::string>& files() const override { return files_.paths(); }
  int64_t file_bytes() const override { return files_.bytes(); }
  void Release(ConstTensorView view) const override { files_.Release({view.data, view.bytes()}); }

 private:
  std::string At(std::string_view name) const { return path_ + "/" + std::string(name); }
  bool Exists(std::string_view name) const { return std::filesystem::exists(At(name)); }

  Metadata ReadConfig() const {
    if (!Exists(kConfig)) {
      Fail(ErrorCode::kNotFound,
           "{}: the folder has no {}; name a model's folder as Hugging Face lays it out, or a GGUF "
           "file",
           path_, kConfig);
    }
    const MappedFile file(At(kConfig));
    return MetadataFromJson(TextOf(file), file.path());
  }

  static std::string_view TextOf(const MappedFile& file) {
    if (file.bytes().size() > kMaxSafetensorsHeader) {
      Fail(ErrorCode::kCorrupt, "{}: the file has {} bytes, at most {} are allowed", file.path(),
           file.bytes().size(), kMaxSafetensorsHeader);
    }
    return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
  }

  void RejectQuantized() const {
    constexpr std::string_view kPrefix = "quantization_config.";
    const auto first = metadata_.values().lower_bound(kPrefix);
    if (first == metadata_.values().end() || !first->first.starts_with(kPrefix)) return;
    const std::string* method = metadata_.FindString("quantization_config.quant_method");
    Fail(ErrorCode::kUnsupported,
         "{}: the weights are quantised ({}), which Retort does not decode; use the model's folder "
         "in BF16, F16 or F32, or a GGUF file of it",
         metadata_.source(), method == nullptr ? "quantization_config" : Printable(*method));
  }

  void ReadShards() {
    const MappedFile index(At(kIndex));
    const std::map<std::string, std::string> places =
        ParseSafetensorsIndex(TextOf(index), index.path());
    std::set<std::string> names;
    for (const auto& [tensor, file] : places) names.insert(file);
    for (const std::string& name : names) {
      if (!Exists(name)) {
        Fail(ErrorCode::kNotFound, "{}: file {} of {} is missing; download all files of the model",
             path_, Quoted(name), names.size());
      }
      for (NamedTensor& tensor : ParseSafetensors(files_.Map(At(name)), At(name))) {
        const auto place = places.find(tensor.name);
        if (place == places.end() || place->second != name) {
          Fail(ErrorCode::kCorrupt,
               "{}: tensor {} of {} is not there by {}; download all files again", path_,
               Quoted(tensor.name), Quoted(name), kIndex);
        }
        tensors_.push_back(std::move(tensor));
      }
    }
    if (tensors_.size() == places.size()) return;
    std::set<std::string_view> found;
    for (const NamedTensor& tensor : tensors_) found.insert(tensor.name);
    for (const auto& [tensor, file] : places) {
      if (found.contains(tensor)) continue;
      Fail(ErrorCode::kCorrupt,
           "{}: {} promises tensor {} in {}, which lacks it; download both again", path_, kIndex,
           Quoted(tensor), Quoted(file));
    }
  }

  // Naming a file that the model does not use is a mistake, not another name for the folder.
  void CheckIsPart(const std::string& path) const {
    if (std::filesystem::is_directory(path)) return;
    const std::string name = std::filesystem::path(path).filename().string();
    std::set<std::string> names = {std::string(kConfig), std::string(kIndex)};
    for (const std::string& file : files_.paths()) {
      names.insert(std::filesystem::path(file).filename().string());
    }
    if (names.contains(name) && std::filesystem::exists(path)) return;
    Fail(ErrorCode::kInvalidArgument, "{}: not a file of the model in {}; name the folder", path,
         path_);
  }

  const std::string path_;
  const Metadata metadata_;
  WeightFiles files_;
  std::vector<NamedTensor> tensors_;  // views into files_
  std::string format_;
};

}  // namespace

std::unique_ptr<Checkpoint> OpenHuggingFace(const std::string& path) {
  return std::make_unique<FolderCheckpoint>(path);
}

}  // namespace retort
