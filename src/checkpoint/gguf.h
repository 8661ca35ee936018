// GGUF, versions 2 and 3: a header, typed metadata, tensor descriptions, aligned tensor data.
// Layout: ggml's include/gguf.h. This is the entry point for bytes already in memory (tests, the
// fuzzer); OpenCheckpoint maps a file and calls it.
//
//   GgufContents contents = ParseGguf(bytes, "model.gguf");
//
// Errors: kCorrupt for bytes that contradict the format, kUnsupported for versions and element
// types that Retort does not read; each names source, field, value and remedy. Work and memory are
// bounded by the number of bytes, whatever they claim. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"

namespace retort {

struct GgufContents {
  uint32_t version = 0;
  Metadata metadata;
  std::vector<NamedTensor> tensors;  // views into the parsed bytes
};

GgufContents ParseGguf(std::span<const std::byte> bytes, const std::string& source_name);

}  // namespace retort
