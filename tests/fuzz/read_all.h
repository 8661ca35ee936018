// For fuzz targets: touches every byte of a tensor that a parser has accepted.
//
//   for (const NamedTensor& tensor : tensors) ReadAll(tensor.view);
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "quant/codec.h"
#include "tensor/tensor.h"

namespace retort {

// Reads the whole tensor, so that the sanitizer sees a byte out of bounds, and decodes a row.
inline void ReadAll(const ConstTensorView& view) {
  unsigned sum = 0;
  for (std::byte byte : std::span(view.data, view.bytes())) sum += static_cast<unsigned>(byte);
  volatile unsigned sink = sum;
  static_cast<void>(sink);

  constexpr int64_t kLargestRow = 4096;
  if (view.shape.back() > kLargestRow) return;
  std::vector<float> row(static_cast<size_t>(view.shape.back()));
  DequantizeRow(view.dtype, view.data, view.shape.back(), row.data());
}

}  // namespace retort
