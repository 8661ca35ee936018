// Any bytes as a GGUF file: they parse or fail with retort::Error, and every tensor that is
// accepted can be read to its last byte and decoded.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/error.h"
#include "checkpoint/gguf.h"
#include "quant/codec.h"

namespace {

// Reads the whole tensor, so that the sanitizer sees a byte out of bounds.
void ReadAll(const retort::ConstTensorView& view) {
  unsigned sum = 0;
  for (std::byte byte : std::span(view.data, view.bytes())) sum += static_cast<unsigned>(byte);
  volatile unsigned sink = sum;
  static_cast<void>(sink);

  constexpr int64_t kLargestRow = 4096;
  if (view.shape.back() > kLargestRow) return;
  std::vector<float> row(static_cast<size_t>(view.shape.back()));
  retort::DequantizeRow(view.dtype, view.data, view.shape.back(), row.data());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    const auto bytes = std::as_bytes(std::span(data, size));
    for (const retort::NamedTensor& tensor : retort::ParseGguf(bytes, "fuzz").tensors) {
      ReadAll(tensor.view);
    }
  } catch (const retort::Error&) {
    // A clear refusal is the right answer to most inputs.
  }
  return 0;
}
