// Element types: plain numbers and the packed block formats of GGUF, one row each in a table.
// A block format packs `block` consecutive elements of a row into `bytes` bytes; plain types have
// block 1. Adding a format: one enumerator, one row here, its codec in quant/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace retort {

enum class DType : uint8_t {
  kF32,
  kF16,
  kBF16,
  kQ8_0,
  kQ4_0,
  kQ4_1,
  kQ5_0,
  kQ4_K,
  kQ6_K,
};
inline constexpr int kNumDTypes = 9;

struct DTypeInfo {
  DType dtype;
  std::string_view name;  // as the field writes it: "F32", "Q4_K"
  uint32_t ggml_id;       // the number of the type in GGUF files (ggml.h)
  size_t block;           // elements per block, along the fastest dimension
  size_t bytes;           // bytes per block
};

const DTypeInfo& Info(DType dtype);
// nullopt if Retort has no decoder for this GGUF type number.
std::optional<DType> DTypeFromGgml(uint32_t ggml_id);
// nullopt if no type has this name.
std::optional<DType> DTypeFromName(std::string_view name);

inline bool IsQuantized(DType dtype) { return Info(dtype).block > 1; }

// Bytes of a row of `elements` (a multiple of the block).
inline size_t RowBytes(DType dtype, size_t elements) {
  const DTypeInfo& info = Info(dtype);
  return elements / info.block * info.bytes;
}

}  // namespace retort
