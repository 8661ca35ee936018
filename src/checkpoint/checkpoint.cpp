#include "checkpoint/checkpoint.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/mapped_file.h"
#include "base/quote.h"
#include "checkpoint/gguf.h"

namespace retort {
namespace {

class GgufCheckpoint : public Checkpoint {
 public:
  explicit GgufCheckpoint(MappedFile file)
      : file_(std::move(file)),
        contents_(ParseGguf(file_.bytes(), file_.path())),
        format_(fmt::format("GGUF v{}", contents_.version)) {}

  const std::string& path() const override { return file_.path(); }
  std::string_view format() const override { return format_; }
  const Metadata& metadata() const override { return contents_.metadata; }
  const std::vector<NamedTensor>& tensors() const override { return contents_.tensors; }
  int64_t file_bytes() const override { return static_cast<int64_t>(file_.bytes().size()); }

 private:
  const MappedFile file_;
  const GgufContents contents_;  // views into file_
  const std::string format_;
};

}  // namespace

const NamedTensor* Checkpoint::Find(std::string_view name) const {
  const auto it = std::find_if(tensors().begin(), tensors().end(),
                               [&](const NamedTensor& tensor) { return tensor.name == name; });
  return it == tensors().end() ? nullptr : &*it;
}

ConstTensorView Checkpoint::Tensor(std::string_view name, const Shape& shape) const {
  const NamedTensor* tensor = Find(name);
  if (tensor == nullptr) {
    Fail(ErrorCode::kCorrupt,
         "{}: tensor {} of shape {} is missing; the file is incomplete or of another architecture, "
         "convert it again",
         path(), Quoted(name), shape.ToString());
  }
  if (tensor->view.shape != shape) {
    Fail(ErrorCode::kCorrupt,
         "{}: tensor {} has shape {}, the metadata implies {}; convert the model again", path(),
         Quoted(name), tensor->view.shape.ToString(), shape.ToString());
  }
  return tensor->view;
}

std::unique_ptr<Checkpoint> OpenCheckpoint(const std::string& path) {
  return std::make_unique<GgufCheckpoint>(MappedFile(path));
}

}  // namespace retort
