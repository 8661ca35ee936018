// Any bytes as a GGUF file: they parse or fail with retort::Error, and every tensor that is
// accepted can be read to its last byte and decoded.
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/error.h"
#include "checkpoint/gguf.h"
#include "read_all.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    const auto bytes = std::as_bytes(std::span(data, size));
    for (const retort::NamedTensor& tensor : retort::ParseGguf(bytes, "fuzz").tensors) {
      retort::ReadAll(tensor.view);
    }
  } catch (const retort::Error&) {
    // A clear refusal is the right answer to most inputs.
  }
  return 0;
}
