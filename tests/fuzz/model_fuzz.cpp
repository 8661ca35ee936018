// Any bytes as a model file: what loading does after the file format. A file is refused with
// retort::Error, or it yields a configuration, weights of exactly the shapes that it implies and a
// tokenizer that encodes and decodes.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "checkpoint/gguf.h"
#include "model/arch/registry.h"
#include "ops/reference/reference_backend.h"
#include "runtime/text_metadata.h"
#include "text/tokenizer.h"

namespace retort {
namespace {

class BytesCheckpoint : public Checkpoint {
 public:
  explicit BytesCheckpoint(std::span<const std::byte> bytes)
      : size_(static_cast<int64_t>(bytes.size())), contents_(ParseGguf(bytes, path_)) {}

  const std::string& path() const override { return path_; }
  Dialect dialect() const override { return Dialect::kGguf; }
  std::string_view format() const override { return "GGUF"; }
  const Metadata& metadata() const override { return contents_.metadata; }
  const std::vector<NamedTensor>& tensors() const override { return contents_.tensors; }
  const std::vector<std::string>& files() const override { return files_; }
  void Release(ConstTensorView) const override {}
  int64_t file_bytes() const override { return size_; }

 private:
  const std::string path_ = "fuzz";
  const int64_t size_;
  const std::vector<std::string> files_;
  const GgufContents contents_;
};

void Load(const Checkpoint& checkpoint) {
  const Tokenizer tokenizer(ReadTokenizerSpec(checkpoint.metadata()));
  tokenizer.Decode(tokenizer.Encode("abba <|im_end|> 42"));
  const Architecture& architecture = FindArchitecture(checkpoint);
  const ModelConfig config = architecture.parse(checkpoint);
  const std::unique_ptr<Backend> backend = CreateReferenceBackend();
  LoadWeights(checkpoint, config, architecture.names(checkpoint.dialect()), *backend);
}

}  // namespace
}  // namespace retort

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    retort::Load(retort::BytesCheckpoint(std::as_bytes(std::span(data, size))));
  } catch (const retort::Error&) {
    // A clear refusal is the right answer to most inputs.
  }
  return 0;
}
