// Element types: plain numbers and the packed block formats of GGUF, one row each in a table.
// A block format packs `block` consecutive elements of a row into `bytes` bytes; plain types have
// block 1. Adding a format: docs/adding-a-format.md.
#pragma once

#include <array>
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
  kQ5_1,
  kIQ4_NL,
  kQ2_K,
  kQ3_K,
  kQ4_K,
  kQ5_K,
  kQ6_K,
  kIQ4_XS,
};
inline constexpr int kNumDTypes = 15;

struct DTypeInfo {
  DType dtype;
  std::string_view name;  // as the field writes it: "F32", "Q4_K"
  uint32_t ggml_id;       // the number of the type in GGUF files (ggml.h)
  size_t block;           // elements per block, along the fastest dimension
  size_t bytes;           // bytes per block
};

// In the order of the enumerators.
inline constexpr std::array<DTypeInfo, kNumDTypes> kDTypeTable = {{
    {DType::kF32, "F32", 0, 1, 4},
    {DType::kF16, "F16", 1, 1, 2},
    {DType::kBF16, "BF16", 30, 1, 2},
    {DType::kQ8_0, "Q8_0", 8, 32, 34},
    {DType::kQ4_0, "Q4_0", 2, 32, 18},
    {DType::kQ4_1, "Q4_1", 3, 32, 20},
    {DType::kQ5_0, "Q5_0", 6, 32, 22},
    {DType::kQ5_1, "Q5_1", 7, 32, 24},
    {DType::kIQ4_NL, "IQ4_NL", 20, 32, 18},
    {DType::kQ2_K, "Q2_K", 10, 256, 84},
    {DType::kQ3_K, "Q3_K", 11, 256, 110},
    {DType::kQ4_K, "Q4_K", 12, 256, 144},
    {DType::kQ5_K, "Q5_K", 13, 256, 176},
    {DType::kQ6_K, "Q6_K", 14, 256, 210},
    {DType::kIQ4_XS, "IQ4_XS", 23, 256, 136},
}};

constexpr const DTypeInfo& Info(DType dtype) { return kDTypeTable[static_cast<size_t>(dtype)]; }
// nullopt if Retort has no decoder for this GGUF type number.
std::optional<DType> DTypeFromGgml(uint32_t ggml_id);
// nullopt if no type has this name.
std::optional<DType> DTypeFromName(std::string_view name);

constexpr bool IsQuantized(DType dtype) { return Info(dtype).block > 1; }

// Bytes of a row of `elements` (a multiple of the block).
constexpr size_t RowBytes(DType dtype, size_t elements) {
  const DTypeInfo& info = Info(dtype);
  return elements / info.block * info.bytes;
}

}  // namespace retort
