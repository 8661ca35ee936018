// safetensors: the length of a header, the header in JSON (each tensor's type, shape and place),
// the tensors' bytes without gaps. Layout: the safetensors project's README. These are the entry
// points for bytes already in memory; OpenCheckpoint maps a folder's files and calls them.
//
//   std::vector<NamedTensor> tensors = ParseSafetensors(bytes, "model.safetensors");
//
// Errors: kCorrupt for bytes that contradict the format, kUnsupported for element types other than
// F32, F16 and BF16; each names source, tensor, value and remedy. Work and memory are bounded by
// the number of bytes, whatever they claim. Pure and thread-safe.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/checkpoint.h"

namespace retort {

// Far beyond any real file: the largest published index has 10 MB.
inline constexpr uint64_t kMaxSafetensorsHeader = 100'000'000;

// Views into `bytes`, in the order of the data. Tensors without elements are left out.
std::vector<NamedTensor> ParseSafetensors(std::span<const std::byte> bytes,
                                          const std::string& source);

// model.safetensors.index.json: which file of the same folder holds which tensor.
std::map<std::string, std::string> ParseSafetensorsIndex(std::string_view text,
                                                         const std::string& source);

}  // namespace retort
