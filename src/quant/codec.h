// Scalar encode and decode of every DType. The decoder is the specification of a format: vector
// code is tested against it, and it is tested bit for bit against PyPI's `gguf` package. The
// encoders are plain (one pass, no search): good for tests and for Q8_0; they round as `gguf` does
// where `gguf` can encode the format.
//
//   std::vector<std::byte> row(RowBytes(DType::kQ4_0, 64));
//   QuantizeRow(DType::kQ4_0, values, 64, row.data());
//   DequantizeRow(DType::kQ4_0, row.data(), 64, values);
//
// `elements` is a multiple of the type's block, else it is our bug. Rows have the alignment of
// their blocks (blocks.h: 2), plain types any. Pure and thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tensor/dtype.h"

namespace retort {

void DequantizeRow(DType dtype, const std::byte* row, int64_t elements, float* out);

// `values` must be finite. A block's scale is an F16: it overflows to infinity when the block's
// largest magnitude exceeds 65504 times the format's largest level.
void QuantizeRow(DType dtype, const float* values, int64_t elements, std::byte* row);

}  // namespace retort
