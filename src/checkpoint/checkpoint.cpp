#include "checkpoint/checkpoint.h"

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "base/quote.h"
#include "checkpoint/gguf_checkpoint.h"
#include "checkpoint/hugging_face.h"

namespace retort {
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
  const bool is_folder = std::filesystem::is_directory(path);
  const bool in_folder = path.ends_with(".safetensors") || path.ends_with(".json");
  return is_folder || in_folder ? OpenHuggingFace(path) : OpenGguf(path);
}

}  // namespace retort
