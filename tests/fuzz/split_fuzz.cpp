// Any bytes as the parts of a split GGUF file, cut where the format's magic stands: they join or
// are refused with retort::Error, and every tensor of the whole can be read.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "checkpoint/gguf_split.h"
#include "read_all.h"

namespace {

// Each in memory of its own, as each file is.
std::vector<std::vector<std::byte>> Cut(std::string_view input) {
  std::vector<std::vector<std::byte>> parts;
  while (!input.empty()) {
    const size_t size = std::min(input.find("GGUF", 1), input.size());
    const auto bytes = std::as_bytes(std::span(input.substr(0, size)));
    parts.emplace_back(bytes.begin(), bytes.end());
    input.remove_prefix(size);
  }
  return parts;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto parts = Cut({reinterpret_cast<const char*>(data), size});
  if (parts.empty()) return 0;
  try {
    std::vector<retort::GgufContents> contents;
    for (const std::vector<std::byte>& part : parts) {
      contents.push_back(retort::ParseGguf(part, "part " + std::to_string(contents.size() + 1)));
    }
    retort::GgufPartPaths("model-00001-of-00003.gguf",
                          retort::ReadGgufSplit(contents.front().metadata));
    for (const retort::NamedTensor& tensor : retort::JoinGgufParts(std::move(contents)).tensors) {
      retort::ReadAll(tensor.view);
    }
  } catch (const retort::Error&) {
    // A clear refusal is the right answer to most inputs.
  }
  return 0;
}
