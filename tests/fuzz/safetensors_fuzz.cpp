// Any bytes as a safetensors file, and as the index of one: they parse or fail with retort::Error,
// every tensor that is accepted can be read, and every file that an index names is a plain name.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/error.h"
#include "checkpoint/safetensors.h"
#include "read_all.h"

namespace {

void ReadFile(std::span<const std::byte> bytes) {
  const std::byte* end = bytes.data();
  for (const retort::NamedTensor& tensor : retort::ParseSafetensors(bytes, "fuzz")) {
    RETORT_CHECK(tensor.view.data >= end);  // no two share a byte
    end = tensor.view.data + tensor.view.bytes();
    retort::ReadAll(tensor.view);
  }
}

void ReadIndex(std::string_view text) {
  for (const auto& [tensor, file] : retort::ParseSafetensorsIndex(text, "fuzz")) {
    RETORT_CHECK(file.find('/') == std::string::npos && file.front() != '.');
  }
}

template <typename Action>
void Try(Action action) {
  try {
    action();
  } catch (const retort::Error&) {
    // A clear refusal is the right answer to most inputs.
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Try([&] { ReadFile(std::as_bytes(std::span(data, size))); });
  Try([&] { ReadIndex({reinterpret_cast<const char*>(data), size}); });
  return 0;
}
